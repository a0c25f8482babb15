import { GPUInitializationError } from "maplibre-gl";
import { MapEngine } from "./map-engine.ts";

let engine: MapEngine | undefined;
let builtFor = -1;

/**
 * The one map of the page. It outlives React: leaving a seat takes its element off the page, coming back puts it on
 * again, and StrictMode's double mount finds the same map.
 *
 * @param generation grows when the graphics context was lost; the map is then built anew
 */
export function theEngine(generation: number, maxPixelRatio: number): MapEngine {
  if (engine && builtFor === generation) return engine;
  engine?.dispose();
  engine = undefined;
  engine = new MapEngine(maxPixelRatio);
  builtFor = generation;
  return engine;
}

let drawn: boolean | undefined;

/**
 * Whether this browser can draw the map; asked once. The map itself is made to find out: a canvas only to try with would
 * be a second graphics context, which holds the page up as long as the map's own.
 */
export function canDrawMap(generation: number, maxPixelRatio: number): boolean {
  if (drawn !== undefined) return drawn;
  try {
    theEngine(generation, maxPixelRatio);
    drawn = true;
  } catch (error) {
    if (!(error instanceof GPUInitializationError)) throw error;
    drawn = false;
  }
  return drawn;
}
