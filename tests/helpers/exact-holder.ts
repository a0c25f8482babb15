import type { LatticePoint, LatticePolygons } from "../../data/coverage/plan-graph/lattice-polygons.ts";

/** The lowest areas of an instant by their codes. */
export type Boundaries = ReadonlyMap<string, LatticePolygons>;

/** Whether polygons hold a point, their borders included: exact, edge by edge. */
function holds(polygons: LatticePolygons, [x, y]: LatticePoint): boolean {
  let inside = false;
  for (const ring of polygons.flat())
    for (let i = 1; i < ring.length; i++) {
      const [[ax, ay], [bx, by]] = [ring[i - 1] as LatticePoint, ring[i] as LatticePoint];
      if (Math.max(ay, by) < y || Math.min(ay, by) > y) continue;
      // Areas of triangles within a county: far below 2^53.
      const turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
      if (turn === 0 && Math.min(ax, bx) <= x && x <= Math.max(ax, bx)) return true;
      if (ay > y !== by > y && turn > 0 === by > ay) inside = !inside;
    }
  return inside;
}

/**
 * Who holds a point, by looking at every area: on a border the lowest code among grids, and where none holds it the lowest of
 * the deepest areas that do (DESIGN section 4, rule 4).
 */
export function holderOf(lowest: Boundaries, point: LatticePoint): string | undefined {
  const found = [...lowest].flatMap(([code, polygons]) => (holds(polygons, point) ? [code] : [])).sort();
  return found.find((code) => code.length >= 15) ?? found.sort((a, b) => b.length - a.length)[0];
}
