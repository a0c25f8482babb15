import { labelPoint } from "../../../geo/label-point.ts";
import type { AreaKind } from "../../../model/area.ts";
import { levelOfCode } from "../../../model/codes.ts";
import { cellPolygons } from "../cell-polygons.ts";
import { fromLatticePolygons } from "../lattice-polygons.ts";
import type { CellId, PlanCell, PlanGraph } from "../plan-graph.ts";
import { type ActionResult, refuse } from "../refusals.ts";

export interface ChangeKind {
  readonly cell: CellId;
  readonly kind?: AreaKind;
  readonly name?: string;
}

/** Changes what a cell is, or what it is called. */
export function changeKind(graph: PlanGraph, { cell: id, kind, name }: ChangeKind): ActionResult {
  const cell = graph.cells.get(id);
  if (!cell) return refuse("unknown_cell", [0, 0]);
  const next: PlanCell = { ...cell, kind: kind ?? cell.kind, name: name ?? cell.name };
  if (next.kind === cell.kind && next.name === cell.name) return refuse("no_change", [0, 0]);
  return { ok: true, graph: { ...graph, cells: graph.cells.with([[id, next]]) }, changed: [id] };
}

export interface Renumbering {
  readonly cell: CellId;
  readonly from: string;
  readonly to: string;
}

/** Height of a row in which grids are counted from west to east: 0.002 degree, about 220 m. */
const ROW = 0.002;

/**
 * What renumbering a community would change: serials 001, 002 … from north to south and, within a row, from west to east
 * (单元网格划分: west to east, north to south), by the middles of the grids. Only what differs is listed.
 */
export function renumberingOf(graph: PlanGraph, parent: string): Renumbering[] {
  const cells = [...graph.cells.values()].filter(
    ({ parent: own, code }) => own === parent && code !== null && levelOfCode(code) === "grid",
  );
  const places = cells.map((cell) => {
    const [lon, lat] = labelPoint(fromLatticePolygons(cellPolygons(graph, cell.id)));
    return { cell, lon, row: -Math.floor(lat / ROW) };
  });
  places.sort((a, b) => a.row - b.row || a.lon - b.lon || (a.cell.id < b.cell.id ? -1 : 1));
  return places.flatMap(({ cell }, n) => {
    const to = `${parent}${String(n + 1).padStart(3, "0")}`;
    return cell.code === null || cell.code === to ? [] : [{ cell: cell.id, from: cell.code, to }];
  });
}

/**
 * Renumbers the grids of a community. Never part of another edit: codes are on boards and in links, and somebody must want
 * it. The list says what became of each code.
 */
export function renumber(
  graph: PlanGraph,
  { parent }: { readonly parent: string },
): ActionResult & { readonly renumbered?: readonly Renumbering[] } {
  const renumbered = renumberingOf(graph, parent);
  if (renumbered.length === 0) return refuse("no_change", [0, 0]);
  if (renumbered.some(({ to }) => to.length > parent.length + 3)) return refuse("no_code_left", [0, 0]);
  const cells = graph.cells.with(
    renumbered.map(({ cell, to }) => [cell, { ...(graph.cells.get(cell) as PlanCell), code: to }] as const),
  );
  return { ok: true, graph: { ...graph, cells }, changed: renumbered.map(({ cell }) => cell).sort(), renumbered };
}
