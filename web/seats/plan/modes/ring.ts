import type { LatticePoint, LatticePolygons } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";

/** A drawn ring as a polygon: closed, counter-clockwise. */
export function polygonOf(points: readonly LatticePoint[]): LatticePolygons {
  const [first] = points;
  if (!first) return [];
  let twice = 0;
  points.forEach(([x, y], i) => {
    const [nx, ny] = points[(i + 1) % points.length] as LatticePoint;
    // Relative to the first point, so that the products stay exact.
    twice += (x - first[0]) * (ny - first[1]) - (nx - first[0]) * (y - first[1]);
  });
  const ring = twice < 0 ? [...points].reverse() : [...points];
  return [[[...ring, ring[0] as LatticePoint]]];
}
