import { holdOf } from "../holds.ts";
import type { LatticePoint } from "../lattice-polygons.ts";
import type { PlanGraph } from "../plan-graph.ts";
import { type ActionResult, refuse } from "../refusals.ts";
import { reshape } from "../reshape.ts";
import { type VertexRef, vertexAt } from "../vertices.ts";

export interface InsertNode {
  readonly arc: number;
  /** Between the corners `segment` and `segment` + 1. */
  readonly segment: number;
  /** Lattice units. */
  readonly at: LatticePoint;
}

/** Puts a corner into a border, for all cells that share it. */
export function insertNode(graph: PlanGraph, { arc: id, segment, at }: InsertNode): ActionResult {
  const arc = graph.arcs.get(id);
  if (!arc || segment < 0 || segment * 2 + 3 >= arc.line.length) return refuse("nothing_there", at);
  const held = holdOf(graph, arc);
  if (held) return refuse(held, at);
  return reshape(graph, new Map([[id, splice(arc.line, segment + 1, 0, [at])]]));
}

export interface DeleteNode {
  readonly node: VertexRef;
}

/** Takes a corner out of a border; not one where several borders meet. */
export function deleteNode(graph: PlanGraph, { node }: DeleteNode): ActionResult {
  const at = vertexAt(graph, node);
  const arc = graph.arcs.get(node.arc);
  if (!at || !arc) return refuse("nothing_there", at ?? [0, 0]);
  const held = holdOf(graph, arc);
  if (held) return refuse(held, at);
  const last = arc.line.length / 2 - 1;
  if (node.vertex > 0 && node.vertex < last)
    return arc.from === arc.to && last < 4
      ? refuse("too_few_corners", at)
      : reshape(graph, new Map([[node.arc, splice(arc.line, node.vertex, 1, [])]]));
  // The corner at which a closed border begins is a corner like any other: the border begins at the next one then.
  if (arc.from !== arc.to || graph.nodes.get(arc.from)?.out.length !== 2) return refuse("junction", at);
  if (last < 4) return refuse("too_few_corners", at);
  const next: LatticePoint = [arc.line[2] as number, arc.line[3] as number];
  const rest = splice(splice(arc.line, last, 1, [next]), 0, 1, []);
  return reshape(graph, new Map([[node.arc, rest]]));
}

/** A line with some corners taken out and others put in, as `Array.splice` counts. */
export function splice(line: Int32Array, start: number, remove: number, add: readonly LatticePoint[]): Int32Array {
  const out = new Int32Array(line.length + (add.length - remove) * 2);
  out.set(line.subarray(0, start * 2));
  add.forEach(([x, y], i) => {
    out[(start + i) * 2] = x;
    out[(start + i) * 2 + 1] = y;
  });
  out.set(line.subarray((start + remove) * 2), (start + add.length) * 2);
  return out;
}
