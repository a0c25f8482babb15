import { side } from "../noding/exact.ts";
import type { ArcRef } from "./plan-graph.ts";

/** 0 above the point's horizon (and due east), 1 below it (and due west). */
const halfPlane = (dx: number, dy: number): 0 | 1 => (dy > 0 || (dy === 0 && dx > 0) ? 0 : 1);

/**
 * Sorts references that leave a point counter-clockwise from due east, exactly.
 *
 * @param lineOf line of the arc that a reference means
 */
export function sortAround(refs: readonly ArcRef[], lineOf: (ref: ArcRef) => Int32Array): ArcRef[] {
  if (refs.length < 2) return [...refs];
  const first = lineOf(refs[0] as ArcRef);
  const start = (refs[0] as ArcRef) < 0 ? first.length - 2 : 0;
  const [x, y] = [first[start] as number, first[start + 1] as number];
  return refs
    .map((ref) => {
      const line = lineOf(ref);
      const at = ref < 0 ? line.length - 4 : 2;
      return { ref, px: line[at] as number, py: line[at + 1] as number };
    })
    .sort(
      (a, b) => halfPlane(a.px - x, a.py - y) - halfPlane(b.px - x, b.py - y) || -side(x, y, a.px, a.py, b.px, b.py),
    )
    .map(({ ref }) => ref);
}
