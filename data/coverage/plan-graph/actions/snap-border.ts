import { holdOf } from "../holds.ts";
import type { LatticePoint } from "../lattice-polygons.ts";
import type { PlanGraph } from "../plan-graph.ts";
import { type ActionResult, refuse } from "../refusals.ts";
import { reshape } from "../reshape.ts";

export interface SnapBorder {
  /** The stretch of border between two junctions. */
  readonly arc: number;
  /** The line of a road, or of the edge of blocks; lattice units. */
  readonly line: readonly LatticePoint[];
  /** How far the border's ends may be from the line, lattice units of latitude (1 = 1.1 cm). */
  readonly reach: number;
}

interface Foot {
  /** Segment of the line and share of it. */
  readonly place: number;
  readonly at: LatticePoint;
  readonly distance: number;
}

/**
 * Leads a stretch of border along a road or the edge of blocks: from its first junction straight to the line, along it,
 * and straight to its last junction. The junctions stay where they are.
 */
export function snapBorderTo(graph: PlanGraph, { arc: id, line, reach }: SnapBorder): ActionResult {
  const arc = graph.arcs.get(id);
  const first = line[0] ?? [0, 0];
  if (!arc || line.length < 2) return refuse("nothing_there", first);
  const at = (i: number): LatticePoint => [arc.line[i] as number, arc.line[i + 1] as number];
  const [start, end] = [at(0), at(arc.line.length - 2)];
  const held = holdOf(graph, arc);
  if (held) return refuse(held, start);
  if (arc.from === arc.to) return refuse("does_not_meet", start);
  const [head, tail] = [footOn(line, start), footOn(line, end)];
  if (head.distance > reach) return refuse("does_not_meet", start);
  if (tail.distance > reach) return refuse("does_not_meet", end);
  const along = between(line, head.place, tail.place);
  const corners = [start, head.at, ...along, tail.at, end].filter(
    ([x, y], i, all) => x !== all[i - 1]?.[0] || y !== all[i - 1]?.[1],
  );
  return reshape(graph, new Map([[id, Int32Array.from(corners.flat())]]));
}

/** Corners of a line between two places on it, in the order from the first place to the second. */
function between(line: readonly LatticePoint[], from: number, to: number): LatticePoint[] {
  const [low, high] = from < to ? [from, to] : [to, from];
  const corners = line.filter((_, i) => i > low && i < high);
  return from < to ? corners : corners.toReversed();
}

function footOn(line: readonly LatticePoint[], [x, y]: LatticePoint): Foot {
  const scale = Math.cos((y * Math.PI) / 180e7);
  let best: Foot = { place: 0, at: [x, y], distance: Infinity };
  for (let i = 0; i + 1 < line.length; i++) {
    const [ax, ay] = line[i] as LatticePoint;
    const [bx, by] = line[i + 1] as LatticePoint;
    const [dx, dy] = [(bx - ax) * scale, by - ay];
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * scale * dx + (y - ay) * dy) / length));
    const [px, py] = [ax + t * (bx - ax), ay + t * (by - ay)];
    const distance = Math.hypot((x - px) * scale, y - py);
    if (distance < best.distance) best = { place: i + t, at: [Math.round(px), Math.round(py)], distance };
  }
  return best;
}
