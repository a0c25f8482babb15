import type { Arc, CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";

/** Numbers of the arcs that differ between two graphs. What they share costs nothing. */
export const changedArcs = (before: PlanGraph | undefined, after: PlanGraph): readonly number[] =>
  before ? after.arcs.changedFrom(before.arcs) : Array.from({ length: after.arcs.length }, (_, arc) => arc);

/** Cells that have another rim, other ground or another name than before; gone ones too. */
export function changedIds(before: PlanGraph | undefined, after: PlanGraph): ReadonlySet<CellId> {
  if (!before) return new Set(after.cells.keys());
  const found = new Set<CellId>(after.cells.changedFrom(before.cells));
  const note = (graph: PlanGraph, arc: Arc | undefined): void => {
    for (const face of arc ? [arc.left, arc.right] : []) {
      const cell = graph.faces.get(face)?.cell;
      if (cell) found.add(cell);
    }
  };
  for (const arc of after.arcs.changedFrom(before.arcs)) {
    note(before, before.arcs.get(arc));
    note(after, after.arcs.get(arc));
  }
  for (const face of after.faces.changedFrom(before.faces))
    for (const graph of [before, after]) {
      const cell = graph.faces.get(face)?.cell;
      if (cell) found.add(cell);
    }
  return found;
}
