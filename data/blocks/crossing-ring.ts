import { segmentsMeet } from "../coverage/plan-graph/segments-meet.ts";
import { fromLattice, type LonLat } from "../model/geometry.ts";
import type { FlatRings } from "./flat-rings.ts";

/** A ring that is no simple one. */
export interface RingFault {
  readonly block: number;
  readonly at: LonLat;
}

/** Finds the first ring two edges of which meet elsewhere than at the corner between them. */
export function crossingRing({ points, corners, starts, block }: FlatRings): RingFault | undefined {
  for (const [ring, own] of block.entries()) {
    const at = meetingOf(
      Array.from(corners.subarray(starts[ring], starts[ring + 1]), (p) => [points.x(p), points.y(p)]),
    );
    if (at) return { block: own, at: [fromLattice(at[0]), fromLattice(at[1])] };
  }
  return undefined;
}

type Corner = readonly [x: number, y: number];

function meetingOf(ring: readonly Corner[]): Corner | undefined {
  // From west to east: only edges whose spans of longitude overlap are held against each other.
  const edges = ring
    .map((a, i) => ({ a, b: ring[(i + 1) % ring.length] as Corner }))
    .map(({ a, b }) => ({ a, b, west: Math.min(a[0], b[0]), east: Math.max(a[0], b[0]) }))
    .sort((one, two) => one.west - two.west);
  for (const [i, { a, b, east }] of edges.entries())
    for (let j = i + 1; j < edges.length; j++) {
      const { a: c, b: d, west } = edges[j] as (typeof edges)[number];
      if (west > east) break;
      if (segmentsMeet(a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1])) return c;
    }
  return undefined;
}
