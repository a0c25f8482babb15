import type { SymbolLayerSpecification } from "maplibre-gl";
import type { Feature } from "../../../data/model/geojson.ts";
import { feature } from "../feature.ts";

/** Name of the transparent image that keeps names away from signs drawn by deck.gl, and its edge in pixels. */
export const ROOM_IMAGE = "room";
export const ROOM_PX = 16;

/** A transparent square. */
export const roomImage = () => ({
  width: ROOM_PX,
  height: ROOM_PX,
  data: new Uint8ClampedArray(ROOM_PX * ROOM_PX * 4),
});

/** Room for a sign of `radiusPx` at a position: names are placed around it. */
export const roomFor = (position: readonly [number, number], radiusPx: number): Feature =>
  feature({ type: "Point", coordinates: position }, { room: (radiusPx * 2) / ROOM_PX });

/**
 * Layer that claims the room of signs which MapLibre does not draw itself. It shows nothing; as a top layer it is placed
 * before the names, which then move aside or are left out.
 */
export const roomLayer = (source: string): SymbolLayerSpecification => ({
  id: source,
  type: "symbol",
  source,
  layout: {
    "icon-image": ROOM_IMAGE,
    "icon-size": ["get", "room"],
    "icon-allow-overlap": true,
    "icon-padding": 0,
  },
});
