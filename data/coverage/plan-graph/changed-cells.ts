import type { Arc, CellId, PlanGraph } from "./plan-graph.ts";
import { sameLine } from "./reshape.ts";

/** Arcs that differ between two graphs of one history, by number, as they were and as they are. */
export function changedArcs(
  base: PlanGraph,
  graph: PlanGraph,
): { readonly arc: number; readonly before: Arc | undefined; readonly after: Arc | undefined }[] {
  return graph.arcs
    .changedFrom(base.arcs)
    .map((arc) => ({ arc, before: base.arcs.get(arc), after: graph.arcs.get(arc) }));
}

/**
 * Cells of which the ground, a corner, the code, the kind or the name differ, or that only one of the graphs has; sorted.
 * Both graphs must be of one history (one came from the other by actions, or both from a third).
 */
export function changedCells(base: PlanGraph, graph: PlanGraph): CellId[] {
  const found = new Set<CellId>();
  const note = (of: PlanGraph, face: number | undefined): void => {
    const cell = face === undefined ? undefined : of.faces.get(face)?.cell;
    if (cell) found.add(cell);
  };
  for (const { before, after } of changedArcs(base, graph)) {
    const sameSides =
      before &&
      after &&
      sameLine(before.line, after.line) &&
      base.faces.get(before.left)?.cell === graph.faces.get(after.left)?.cell &&
      base.faces.get(before.right)?.cell === graph.faces.get(after.right)?.cell;
    if (sameSides) continue;
    for (const face of [before?.left, before?.right]) note(base, face);
    for (const face of [after?.left, after?.right]) note(graph, face);
  }
  // An overlap that is settled changes what its claimants are left with.
  for (const id of graph.faces.changedFrom(base.faces)) {
    const [before, after] = [base.faces.get(id), graph.faces.get(id)];
    if ((before?.claims.join() ?? "") === (after?.claims.join() ?? "")) continue;
    for (const face of [before, after])
      for (const cell of face && face.claims.length > 0 ? [face.cell, ...face.claims] : []) if (cell) found.add(cell);
  }
  for (const id of graph.cells.changedFrom(base.cells)) {
    const [before, after] = [base.cells.get(id), graph.cells.get(id)];
    if (
      !before ||
      !after ||
      before.code !== after.code ||
      before.kind !== after.kind ||
      before.name !== after.name ||
      before.parent !== after.parent
    )
      found.add(id);
  }
  return [...found].sort();
}
