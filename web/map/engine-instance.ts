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
  engine = new MapEngine(maxPixelRatio);
  builtFor = generation;
  return engine;
}
