import { metresPerDegree } from "../../../geo/measure.ts";
import { fromLattice } from "../../../model/geometry.ts";
import { holdOf } from "../holds.ts";
import type { LatticePoint } from "../lattice-polygons.ts";
import type { ArcRef, PlanGraph } from "../plan-graph.ts";
import { type ActionResult, refuse } from "../refusals.ts";
import { reshape } from "../reshape.ts";
import type { VertexRef } from "../vertices.ts";
import { arcIdOf, arcOf, nodeOf } from "../walks.ts";

export interface DragBorder {
  /** The corner under the hand. */
  readonly grip: VertexRef;
  /** How far it goes, lattice units. */
  readonly by: LatticePoint;
  /** Metres along the borders over which corners come along. */
  readonly reachM: number;
  /** `soft`: less and less with the distance; `rigid`: all of them as far as the grip. */
  readonly manner: "soft" | "rigid";
}

/**
 * Drags a stretch of border: corners within reach along it come along, through the points where borders meet. Borders that
 * must not move stay, and so do their ends. Always worked out from the graph at the begin of the gesture.
 */
export function dragBorder(graph: PlanGraph, { grip, by, reachM, manner }: DragBorder): ActionResult {
  const first = graph.arcs.get(grip.arc);
  const at: LatticePoint = [first?.line[grip.vertex * 2] ?? 0, first?.line[grip.vertex * 2 + 1] ?? 0];
  if (!first || grip.vertex < 0 || grip.vertex * 2 >= first.line.length) return refuse("nothing_there", at);
  const held = holdOf(graph, first);
  if (held) return refuse(held, at);
  const lines = new Map<number, Int32Array>();
  const move = (arc: number, vertex: number, weight: number): void => {
    const line = lines.get(arc) ?? arcOf(graph, arc).line.slice();
    lines.set(arc, line);
    const old = arcOf(graph, arc).line;
    line[vertex * 2] = (old[vertex * 2] as number) + Math.round(by[0] * weight);
    line[vertex * 2 + 1] = (old[vertex * 2 + 1] as number) + Math.round(by[1] * weight);
  };
  const scale = metresPerDegree(fromLattice(at[1]));
  const metres = (line: Int32Array, i: number, j: number): number =>
    Math.hypot(
      fromLattice((line[i * 2] as number) - (line[j * 2] as number)) * scale.lon,
      fromLattice((line[i * 2 + 1] as number) - (line[j * 2 + 1] as number)) * scale.lat,
    );
  const weightAt = (distance: number): number => {
    if (distance >= reachM) return distance === 0 ? 1 : 0;
    if (manner === "rigid") return 1;
    const share = 1 - (distance / reachM) ** 2;
    return share * share;
  };
  const reached = new Map<number, number>();
  const waiting: { readonly node: number; readonly distance: number }[] = [];
  const arrive = (node: number, distance: number): void => {
    if (distance >= (reached.get(node) ?? Infinity) || weightAt(distance) === 0) return;
    const { out } = nodeOf(graph, node);
    if (out.some((ref) => holdOf(graph, arcOf(graph, ref)))) return;
    reached.set(node, distance);
    waiting.push({ node, distance });
  };
  /** Distances of an arc's corners from the grip, the least that any way gives. */
  const distances = new Map<number, Float64Array>();
  const along = (ref: ArcRef, start: number, from: number): void => {
    const id = arcIdOf(ref);
    const { line, from: a, to: b } = arcOf(graph, id);
    const known = distances.get(id) ?? new Float64Array(line.length / 2).fill(Infinity);
    distances.set(id, known);
    const step = ref < 0 ? -1 : 1;
    const last = line.length / 2 - 1;
    let distance = from;
    for (let i = start; ; i += step) {
      if (distance >= reachM && i !== start) return;
      if (distance < (known[i] as number)) known[i] = distance;
      if (i === (step > 0 ? last : 0)) {
        arrive(step > 0 ? b : a, distance);
        return;
      }
      distance += metres(line, i, i + step);
    }
  };
  const end = first.line.length / 2 - 1;
  if (grip.vertex === 0 || grip.vertex === end) {
    arrive(grip.vertex === 0 ? first.from : first.to, 0);
    if (waiting.length === 0) return refuse("other_parent", at);
  } else {
    along(grip.arc, grip.vertex, 0);
    along(~grip.arc, grip.vertex, 0);
  }
  for (let next = waiting.shift(); next; next = waiting.shift())
    for (const ref of nodeOf(graph, next.node).out) {
      const { line } = arcOf(graph, ref);
      along(ref, ref < 0 ? line.length / 2 - 1 : 0, next.distance);
    }
  for (const [arc, found] of distances) {
    const { from, to } = arcOf(graph, arc);
    const last = found.length - 1;
    found.forEach((distance, vertex) => {
      const node = vertex === 0 ? from : vertex === last ? to : undefined;
      const least = node === undefined ? distance : reached.get(node);
      if (least !== undefined && least < Infinity) move(arc, vertex, weightAt(least));
    });
  }
  return reshape(graph, lines);
}
