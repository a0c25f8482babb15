import { borderLengths } from "../border-lengths.ts";
import { holdOf } from "../holds.ts";
import { cornerOfFace, patchGraph } from "../patch/patch.ts";
import type { CellId, PlanCell, PlanGraph } from "../plan-graph.ts";
import { type ActionResult, refuse } from "../refusals.ts";

export interface MergeCells {
  /** Cells to join, two or more. */
  readonly cells: readonly CellId[];
  /** The one that survives, with its code, kind and name. */
  readonly into: CellId;
}

/** Joins cells; the others end. Refused when they do not hang together, or are of several communities. */
export function mergeCells(graph: PlanGraph, { cells, into }: MergeCells): ActionResult {
  const ids = [...new Set([...cells, into])];
  const found = ids.flatMap((id) => graph.cells.get(id) ?? []);
  const at = cornerOfFace(graph, found[0]?.faces[0]) ?? [0, 0];
  if (found.length < ids.length) return refuse("unknown_cell", at);
  if (ids.length < 2) return refuse("no_change", at);
  const parts = found.reduce((sum, { faces }) => sum + faces.length - 1, 1);
  return patchGraph(graph, {
    faces: found.flatMap(({ faces }) => faces),
    receivers: [into],
    give: () => into,
    ending: new Set(ids.filter((id) => id !== into)),
    partsAllowed: new Map([[into, parts]]),
    apart: "not_neighbours",
    at,
  });
}

export interface DissolveCell {
  readonly cell: CellId;
}

/** Ends a cell: each part of it goes to the neighbour of the same community with which it has the longest border. */
export function dissolveIntoNeighbours(graph: PlanGraph, { cell }: DissolveCell): ActionResult {
  const ending = graph.cells.get(cell);
  if (!ending) return refuse("unknown_cell", [0, 0]);
  const heirs = new Map<number, CellId>();
  for (const face of ending.faces) {
    const heir = heirOf(graph, ending, face);
    if (!heir) return refuse("not_neighbours", cornerOfFace(graph, face) ?? [0, 0]);
    heirs.set(face, heir);
  }
  return patchGraph(graph, {
    faces: ending.faces,
    receivers: [...new Set(heirs.values())],
    give: ({ pieces }, piece) => heirs.get(pieces[piece]?.source ?? -1),
    ending: new Set([cell]),
    partsAllowed: "any",
    at: cornerOfFace(graph, ending.faces[0]) ?? [0, 0],
  });
}

/** Neighbour of the same community with the longest border to a face. */
export function heirOf(graph: PlanGraph, cell: PlanCell, face: number): CellId | undefined {
  let [best, length]: [CellId | undefined, number] = [undefined, 0];
  for (const [beside, metres] of borderLengths(graph, face)) {
    const other = graph.faces.get(beside)?.cell;
    if (!other || other === cell.id || metres <= length) continue;
    if (holdOf(graph, { left: face, right: beside })) continue;
    [best, length] = [other, metres];
  }
  return best;
}

export interface MoveFace {
  /** A part of a cell: one of its faces. */
  readonly face: number;
  readonly to: CellId;
}

/** Gives a whole part of a cell to another cell; the last part of a cell cannot go, since that would be a merger. */
export function moveFace(graph: PlanGraph, { face, to }: MoveFace): ActionResult {
  const at = cornerOfFace(graph, face) ?? [0, 0];
  if (!graph.faces.get(face)) return refuse("nothing_there", at);
  if (!graph.cells.has(to)) return refuse("unknown_cell", at);
  return patchGraph(graph, {
    faces: [face],
    receivers: [to],
    give: ({ pieces }, piece) => (pieces[piece]?.source === face ? to : undefined),
    apart: "not_neighbours",
    at,
  });
}
