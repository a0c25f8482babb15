import { holdOf } from "../holds.ts";
import type { LatticePoint } from "../lattice-polygons.ts";
import type { Arc, PlanGraph } from "../plan-graph.ts";
import { type ActionResult, refuse } from "../refusals.ts";
import { reshape } from "../reshape.ts";
import { type BorderPlace, nearestBorder } from "../vertices.ts";

export interface RerouteBorder {
  /** From border to border, lattice units. */
  readonly line: readonly LatticePoint[];
  /** How far the ends may be from the border, lattice units of latitude (1 = 1.1 cm). */
  readonly reach: number;
}

/**
 * Leads a border along a drawn line: the stretch between the line's ends is replaced by the line. Both ends must come near
 * one stretch of border between two junctions; of a closed border the shorter way is replaced.
 */
export function rerouteBorder(graph: PlanGraph, { line, reach }: RerouteBorder): ActionResult {
  const [first, last] = [line[0], line[line.length - 1]];
  if (!first || !last || line.length < 2) return refuse("too_few_corners", first ?? [0, 0]);
  const [start, end] = [nearestBorder(graph, first, reach), nearestBorder(graph, last, reach)];
  if (!start) return refuse("does_not_meet", first);
  if (!end) return refuse("does_not_meet", last);
  const id = sharedArc(graph, start, end, first, last, reach);
  if (!id) return refuse("does_not_meet", last);
  const arc = graph.arcs.get(id.arc) as Arc;
  const held = holdOf(graph, arc);
  if (held) return refuse(held, first);
  // A closed border may begin elsewhere only where no other one meets it.
  const free = arc.from === arc.to && graph.nodes.get(arc.from)?.out.length === 2;
  return reshape(graph, new Map([[id.arc, replaced(arc, free, id.start, id.end, line.slice(1, -1))]]));
}

/** One arc to which both ends come: that of the first end, of the last, or any that passes both. */
function sharedArc(
  graph: PlanGraph,
  start: BorderPlace,
  end: BorderPlace,
  first: LatticePoint,
  last: LatticePoint,
  reach: number,
): { readonly arc: number; readonly start: BorderPlace; readonly end: BorderPlace } | undefined {
  if (start.arc === end.arc) return { arc: start.arc, start, end };
  // An end at a junction is nearest to several arcs: take the one that the other end is on.
  const onEnd = nearestBorder(graph, first, reach, end.arc);
  if (onEnd) return { arc: end.arc, start: onEnd, end };
  const onStart = nearestBorder(graph, last, reach, start.arc);
  return onStart ? { arc: start.arc, start, end: onStart } : undefined;
}

/** The arc's line with the stretch between two places replaced. */
function replaced(
  arc: Arc,
  closed: boolean,
  start: BorderPlace,
  end: BorderPlace,
  middle: readonly LatticePoint[],
): Int32Array {
  const forward = start.segment < end.segment || (start.segment === end.segment && before(arc, start, end));
  const [a, b] = forward ? [start, end] : [end, start];
  const between = forward ? middle : middle.toReversed();
  const corners = (from: number, to: number): LatticePoint[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, i): LatticePoint => {
      const at = (from + i) * 2;
      return [arc.line[at] as number, arc.line[at + 1] as number];
    });
  const [atA, atB]: LatticePoint[] = [
    [Math.round(a.x), Math.round(a.y)],
    [Math.round(b.x), Math.round(b.y)],
  ];
  const [head, inner, tail] = [
    corners(0, a.segment + 1),
    corners(a.segment + 1, b.segment + 1),
    corners(b.segment + 1, arc.line.length / 2),
  ];
  const p = atA as LatticePoint;
  const q = atB as LatticePoint;
  const within = stretch([p, ...inner, q]);
  if (closed && within > stretch([q, ...tail]) + stretch([...head, p]))
    return lineOf([p, ...inner, q, ...between.toReversed(), p]);
  return lineOf([...head, p, ...between, q, ...tail]);
}

const stretch = (points: readonly LatticePoint[]): number =>
  points.reduce((sum, [x, y], i) => {
    const [px, py] = points[i - 1] ?? [x, y];
    return sum + Math.hypot(x - px, y - py);
  }, 0);

const lineOf = (points: readonly LatticePoint[]): Int32Array =>
  Int32Array.from(points.filter(([x, y], i) => x !== points[i - 1]?.[0] || y !== points[i - 1]?.[1]).flat());

const before = ({ line }: Arc, a: BorderPlace, b: BorderPlace): boolean => {
  const at = a.segment * 2;
  const [x, y] = [line[at] as number, line[at + 1] as number];
  return Math.hypot(a.x - x, a.y - y) <= Math.hypot(b.x - x, b.y - y);
};
