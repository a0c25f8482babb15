import type { LatticePoint, LatticePolygons } from "../../data/coverage/plan-graph/lattice-polygons.ts";

/** A side of a ring, on the lattice. */
type Edge = readonly [from: LatticePoint, to: LatticePoint];

export const edgesOf = (polygons: LatticePolygons): Edge[] =>
  polygons
    .flat()
    .flatMap((ring) => ring.slice(1).map((to, i): Edge => [ring[i] as LatticePoint, to]))
    .filter(([[ax, ay], [bx, by]]) => ax !== bx || ay !== by);

/** Twice the area of a, b, c in integers of any length: positive where c lies left of a → b. */
const turn = ([ax, ay]: LatticePoint, [bx, by]: LatticePoint, [cx, cy]: LatticePoint): bigint =>
  BigInt(bx - ax) * BigInt(cy - ay) - BigInt(by - ay) * BigInt(cx - ax);

const opposite = (a: bigint, b: bigint): boolean => (a > 0n && b < 0n) || (a < 0n && b > 0n);

/** Whether two edges cross in a point that is an end of neither. */
export const cross = ([a, b]: Edge, [c, d]: Edge): boolean =>
  opposite(turn(a, b, c), turn(a, b, d)) && opposite(turn(c, d, a), turn(c, d, b));

const between = (a: number, b: number, c: number): boolean => Math.min(a, b) <= c && c <= Math.max(a, b);

/**
 * Edges that bound ground, sorted, as text: sides of all rings, cut at `corners` that lie on them, without those that rings
 * run along an even number of times (there and back). Equal edges are equal ground, by the even-odd rule.
 */
export function boundingEdges(polygons: LatticePolygons, corners: readonly LatticePoint[]): string[] {
  const odd = new Set<string>();
  for (const [a, b] of edgesOf(polygons)) {
    const passed = corners.filter(
      (c) => between(a[0], b[0], c[0]) && between(a[1], b[1], c[1]) && turn(a, b, c) === 0n,
    );
    const along = passed.sort((p, q) => (p[0] - q[0]) * (b[0] - a[0]) + (p[1] - q[1]) * (b[1] - a[1]));
    along.slice(1).forEach((to, i) => {
      const from = along[i] as LatticePoint;
      if (from[0] === to[0] && from[1] === to[1]) return;
      const key = [from.join(), to.join()].toSorted().join(" ");
      if (!odd.delete(key)) odd.add(key);
    });
  }
  return [...odd].sort();
}
