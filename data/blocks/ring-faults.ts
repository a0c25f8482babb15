import { PointTable } from "../coverage/noding/point-table.ts";
import type { LatticePoint, LatticePolygons } from "../coverage/plan-graph/lattice-polygons.ts";
import { openRing } from "../coverage/plan-graph/owned-ground.ts";
import { segmentsMeet } from "../coverage/plan-graph/segments-meet.ts";

/** A ring that is no simple one. */
export interface RingFault {
  readonly block: number;
  readonly at: LatticePoint;
}

/** Finds the first ring that passes a corner twice. */
export function touchingRing(blocks: readonly LatticePolygons[]): RingFault | undefined {
  const points = new PointTable();
  /** Number of the ring that had each point last. */
  const last: number[] = [];
  let number = 0;
  for (const [block, polygons] of blocks.entries())
    for (const rings of polygons)
      for (const ring of rings) {
        number++;
        for (const [x, y] of openRing(ring)) {
          const point = points.add(x, y);
          if (last[point] === number) return { block, at: [x, y] };
          last[point] = number;
        }
      }
  return undefined;
}

/** Finds the first ring two edges of which meet elsewhere than at the corner between them. */
export function crossingRing(blocks: readonly LatticePolygons[]): RingFault | undefined {
  for (const [block, polygons] of blocks.entries())
    for (const rings of polygons)
      for (const ring of rings) {
        const at = meetingOf(openRing(ring));
        if (at) return { block, at };
      }
  return undefined;
}

function meetingOf(ring: readonly LatticePoint[]): LatticePoint | undefined {
  // From west to east: only edges whose spans of longitude overlap are held against each other.
  const edges = ring
    .map((a, i) => ({ a, b: ring[(i + 1) % ring.length] as LatticePoint }))
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
