import { side } from "./exact.ts";
import type { PointTable } from "./point-table.ts";

/** Edges by their ends; half-edge 2e runs from → to, 2e + 1 back (its twin is `h ^ 1`). */
export interface EdgeEnds {
  readonly points: PointTable;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

export const originOf = ({ from, to }: EdgeEnds, half: number): number =>
  ((half & 1) === 0 ? from[half >> 1] : to[half >> 1]) as number;

export const targetOf = (edges: EdgeEnds, half: number): number => originOf(edges, half ^ 1);

/** 0 above the point's horizon (and due east), 1 below it (and due west). */
const halfPlane = (dx: number, dy: number): 0 | 1 => (dy > 0 || (dy === 0 && dx > 0) ? 0 : 1);

/** Half-edges that leave each point, counter-clockwise from due east. */
export interface Spokes {
  /** Where the half-edges of point p begin in `halves`; one more than there are points. */
  readonly starts: Int32Array;
  readonly halves: Int32Array;
  /** Place of each half-edge in `halves`. */
  readonly place: Int32Array;
}

/** Sorts the half-edges around their points, exactly. */
export function sortSpokes(edges: EdgeEnds): Spokes {
  const { points, from, to } = edges;
  const starts = new Int32Array(points.count + 1);
  for (let edge = 0; edge < from.length; edge++)
    for (const point of [from[edge] as number, to[edge] as number])
      starts[point + 1] = (starts[point + 1] as number) + 1;
  for (let point = 0; point < points.count; point++)
    starts[point + 1] = (starts[point + 1] as number) + (starts[point] as number);
  const halves = new Int32Array(from.length * 2);
  const next = starts.slice();
  for (let half = 0; half < halves.length; half++) {
    const origin = originOf(edges, half);
    const at = next[origin] as number;
    halves[at] = half;
    next[origin] = at + 1;
  }
  const { xs, ys } = points;
  for (let point = 0; point < points.count; point++) {
    const spokes = halves.subarray(starts[point], starts[point + 1]);
    const [x, y] = [xs[point] as number, ys[point] as number];
    spokes.sort((g, h) => {
      const [p, q] = [targetOf(edges, g), targetOf(edges, h)];
      const [px, py, qx, qy] = [xs[p] as number, ys[p] as number, xs[q] as number, ys[q] as number];
      return halfPlane(px - x, py - y) - halfPlane(qx - x, qy - y) || -side(x, y, px, py, qx, qy);
    });
  }
  const place = new Int32Array(halves.length);
  halves.forEach((half, at) => {
    place[half] = at;
  });
  return { starts, halves, place };
}

/** The half-edge that goes on along the same face, which lies on the left: the next one clockwise from the way back. */
export function nextAlongFace(edges: EdgeEnds, { starts, halves, place }: Spokes, half: number): number {
  const target = targetOf(edges, half);
  const at = place[half ^ 1] as number;
  const first = starts[target] as number;
  return halves[at > first ? at - 1 : (starts[target + 1] as number) - 1] as number;
}
