import { segmentsNear } from "./arc-index.ts";
import type { LatticePoint } from "./lattice-polygons.ts";
import type { PlanGraph } from "./plan-graph.ts";

/** A corner of an arc: its number along the line, from 0. The first and last are nodes. */
export interface VertexRef {
  readonly arc: number;
  readonly vertex: number;
}

/** A place on an arc: between the corners `segment` and `segment` + 1. */
export interface BorderPlace {
  readonly arc: number;
  readonly segment: number;
  /** Nearest point of the segment, lattice units, not rounded. */
  readonly x: number;
  readonly y: number;
  /** Distance in lattice units of latitude. */
  readonly distance: number;
}

/** Ratio of a degree of longitude to one of latitude at a latitude given in lattice units; a sphere will do for picking. */
const narrowing = (y: number): number => Math.cos((y * Math.PI) / 180e7);

/**
 * Place on any border that is nearest to a point; undefined when none is within reach.
 *
 * @param reach lattice units of latitude (1 = 1.1 cm)
 * @param only look at this arc alone
 */
export function nearestBorder(
  graph: PlanGraph,
  [x, y]: LatticePoint,
  reach: number,
  only?: number,
): BorderPlace | undefined {
  const scale = narrowing(y);
  const across = Math.ceil(reach / scale);
  const box = [x - across, y - reach, x + across, y + reach] as const;
  let best: BorderPlace | undefined;
  for (const arc of only === undefined ? graph.index.near(...box) : [only]) {
    const line = graph.arcs.get(arc)?.line;
    if (!line) continue;
    segmentsNear(line, ...box, (segment) => {
      const at = segment * 2;
      const [ax, ay, bx, by] = [line[at], line[at + 1], line[at + 2], line[at + 3]] as [number, number, number, number];
      const [dx, dy] = [(bx - ax) * scale, by - ay];
      const t = Math.min(1, Math.max(0, ((x - ax) * scale * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
      const [px, py] = [ax + t * (bx - ax), ay + t * (by - ay)];
      const distance = Math.hypot((x - px) * scale, y - py);
      if (distance <= reach && (!best || distance < best.distance)) best = { arc, segment, x: px, y: py, distance };
    });
  }
  return best;
}

/** Corner of any border that is nearest to a point; undefined when none is within reach (lattice units of latitude). */
export function nearestVertex(
  graph: PlanGraph,
  [x, y]: LatticePoint,
  reach: number,
): (VertexRef & { readonly at: LatticePoint; readonly distance: number }) | undefined {
  const scale = narrowing(y);
  const across = Math.ceil(reach / scale);
  const box = [x - across, y - reach, x + across, y + reach] as const;
  let best: (VertexRef & { readonly at: LatticePoint; readonly distance: number }) | undefined;
  for (const arc of graph.index.near(...box)) {
    const line = graph.arcs.get(arc)?.line;
    if (!line) continue;
    segmentsNear(line, ...box, (segment) => {
      for (const vertex of [segment, segment + 1]) {
        const at: LatticePoint = [line[vertex * 2] as number, line[vertex * 2 + 1] as number];
        const distance = Math.hypot((x - at[0]) * scale, y - at[1]);
        if (distance <= reach && (!best || distance < best.distance)) best = { arc, vertex, at, distance };
      }
    });
  }
  return best;
}

/** Lattice position of a corner; undefined where there is none. */
export function vertexAt(graph: PlanGraph, { arc, vertex }: VertexRef): LatticePoint | undefined {
  const line = graph.arcs.get(arc)?.line;
  const [x, y] = [line?.[vertex * 2], line?.[vertex * 2 + 1]];
  return vertex < 0 || x === undefined || y === undefined ? undefined : [x, y];
}
