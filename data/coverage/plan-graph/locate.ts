import { side } from "../noding/exact.ts";
import { segmentsNear } from "./arc-index.ts";
import type { LatticePoint } from "./lattice-polygons.ts";
import { type Arc, type ArcRef, type CellId, OUTSIDE_FACE, type PlanGraph } from "./plan-graph.ts";
import { faceOf } from "./walks.ts";

/** Where a rising segment meets a parallel, lattice units; within 1e-6. */
const crossingX = (ax: number, ay: number, bx: number, by: number, y: number): number =>
  ax + ((bx - ax) * (y - ay)) / (by - ay);

/** Closer than this the order of two crossings is worked out in integers. */
const DOUBT = 1e-3;

interface Crossing {
  readonly ref: ArcRef;
  readonly x: number;
  /** The segment, upwards. */
  readonly segment: readonly [ax: number, ay: number, bx: number, by: number];
}

/** Whether a crosses the parallel east of b, exactly; of two that rise from one point of it, whether a leans further east. */
function isEastOf(a: Crossing, b: Crossing, y: number): boolean {
  if (Math.abs(a.x - b.x) > DOUBT) return a.x > b.x;
  const exact = ({ segment: [ax, ay, bx, by] }: Crossing): readonly [bigint, bigint] => [
    BigInt(ax) * BigInt(by - ay) + BigInt(bx - ax) * BigInt(y - ay),
    BigInt(by - ay),
  ];
  const [top, of] = exact(a);
  const [otherTop, otherOf] = exact(b);
  const [here, there] = [top * otherOf, otherTop * of];
  if (here !== there) return here > there;
  return side(...b.segment, a.segment[2], a.segment[3]) < 0;
}

/**
 * The arc that faces a point from the west along its parallel, as the reference with the point's ground on its left;
 * undefined where there is none. A point on a border counts to the ground west of it, and to that north of a border along
 * the parallel: so each point has exactly one face.
 */
export function refWestOf(
  {
    arcs,
    index,
  }: { readonly arcs: { get(arc: number): Pick<Arc, "line"> | undefined }; readonly index: PlanGraph["index"] },
  x: number,
  y: number,
): ArcRef | undefined {
  const row = index.row(y);
  let nearest: Crossing | undefined;
  const seen = new Set<number>();
  for (let column = index.column(x); column >= 0; column--) {
    for (const arc of index.square(column, row)) {
      if (seen.has(arc)) continue;
      seen.add(arc);
      const line = arcs.get(arc)?.line;
      if (!line) continue;
      segmentsNear(line, -(2 ** 31), y, x, y, (segment) => {
        const at = segment * 2;
        const [px, py, qx, qy] = [line[at], line[at + 1], line[at + 2], line[at + 3]] as [
          number,
          number,
          number,
          number,
        ];
        // Half-open from below: a segment counts its lower end only, and one along the parallel not at all.
        const rises = qy > py;
        if (rises ? y < py || y >= qy : y < qy || y >= py) return;
        const [ax, ay, bx, by] = rises ? [px, py, qx, qy] : [qx, qy, px, py];
        if (side(ax, ay, bx, by, x, y) >= 0) return;
        // The reference downwards has the east, where the point is, on its left.
        const crossing = {
          ref: rises ? ~arc : arc,
          x: crossingX(ax, ay, bx, by, y),
          segment: [ax, ay, bx, by] as const,
        };
        if (!nearest || isEastOf(crossing, nearest, y)) nearest = crossing;
      });
    }
    // What crosses further east stands in a square further east, which has been seen.
    if (nearest && index.column(nearest.x - 1) >= column) return nearest.ref;
  }
  return nearest?.ref;
}

/** Face at a point (lattice units). */
export function faceAt(graph: PlanGraph, [x, y]: LatticePoint): number {
  const ref = refWestOf(graph, x, y);
  return ref === undefined ? OUTSIDE_FACE : faceOf(graph, ref);
}

/** Cell at a point (lattice units); null for gaps and beyond the outline. */
export const cellAt = (graph: PlanGraph, at: LatticePoint): CellId | null =>
  graph.faces.get(faceAt(graph, at))?.cell ?? null;
