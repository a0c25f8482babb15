import type { LonLat, MultiPolygonRings, Ring } from "../../data/model/geometry.ts";
import type { AreaFeature } from "../data/county-data.ts";
import { type AreaIndex, depthOf } from "./area-index.ts";

/** Even-odd rule on one ring; a point on the edge may fall on either side, which is below a pixel. */
function inRing(ring: Ring, [x, y]: LonLat): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i] as LonLat;
    const [xj, yj] = ring[j] as LonLat;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** True when a point (lon, lat) lies in the polygons, holes left out. */
export const inPolygons = (polygons: MultiPolygonRings, at: LonLat): boolean =>
  polygons.some((rings) => rings.reduce((inside, ring) => inside !== inRing(ring, at), false));

/**
 * The area that a click means: one level below the area drilled to when the point lies inside it, and otherwise its
 * neighbour on the same level. Where a level is missing (villages without grids) the deepest area above counts.
 */
export function areaAt(index: AreaIndex, at: LonLat, drilled: string): AreaFeature | undefined {
  const hits = index.areas.filter((area) => {
    const box = index.bboxes.get(area.code);
    return (
      box &&
      at[0] >= box[0] &&
      at[0] <= box[2] &&
      at[1] >= box[1] &&
      at[1] <= box[3] &&
      inPolygons(area.geometry.coordinates, at)
    );
  });
  const inside = hits.some((area) => area.code === drilled);
  const wanted = depthOf(drilled) + (inside ? 1 : 0);
  return hits
    .filter((area) => depthOf(area.code) <= wanted)
    .sort((a, b) => depthOf(b.code) - depthOf(a.code) || (a.code < b.code ? -1 : 1))[0];
}
