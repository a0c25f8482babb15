import type { LonLat, MultiPolygonRings, Ring } from "../../../../data/model/geometry.ts";

/** Even–odd: whether a point lies in a ring. */
function inRing(ring: Ring, [x, y]: LonLat): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i] as LonLat;
    const [bx, by] = ring[j] as LonLat;
    if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) inside = !inside;
  }
  return inside;
}

/** Whether a point lies on ground, holes left out. For what a hand points at: exact questions are the graph's (`cellAt`). */
export const inPolygons = (polygons: MultiPolygonRings, at: LonLat): boolean =>
  polygons.some((rings) => rings.filter((ring) => inRing(ring, at)).length % 2 === 1);
