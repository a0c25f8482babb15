import { holdOf } from "../holds.ts";
import type { LatticePoint } from "../lattice-polygons.ts";
import type { PlanGraph } from "../plan-graph.ts";
import { type ActionResult, refuse } from "../refusals.ts";
import { reshape } from "../reshape.ts";
import { type VertexRef, vertexAt } from "../vertices.ts";
import { arcIdOf, arcOf, nodeOf } from "../walks.ts";

export interface MoveNode {
  readonly node: VertexRef;
  /** Lattice units. */
  readonly to: LatticePoint;
}

/** Moves a corner; all borders that meet there come along. */
export function moveNode(graph: PlanGraph, { node, to }: MoveNode): ActionResult {
  const from = vertexAt(graph, node);
  if (!from) return refuse("nothing_there", to);
  const lines = new Map<number, Int32Array>();
  for (const { arc, vertex } of verticesAt(graph, node)) {
    const held = holdOf(graph, arcOf(graph, arc));
    if (held) return refuse(held, from);
    const line = lines.get(arc) ?? arcOf(graph, arc).line.slice();
    line[vertex * 2] = to[0];
    line[vertex * 2 + 1] = to[1];
    lines.set(arc, line);
  }
  return reshape(graph, lines);
}

/** The corner as all arcs have it: one for a corner along an arc, all arcs' ends for a node. */
export function verticesAt(graph: PlanGraph, { arc, vertex }: VertexRef): VertexRef[] {
  const { line, from, to } = arcOf(graph, arc);
  const last = line.length / 2 - 1;
  if (vertex !== 0 && vertex !== last) return [{ arc, vertex }];
  return nodeOf(graph, vertex === 0 ? from : to).out.map((ref) => {
    const id = arcIdOf(ref);
    return { arc: id, vertex: ref < 0 ? arcOf(graph, id).line.length / 2 - 1 : 0 };
  });
}
