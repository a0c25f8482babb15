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
 * What renumbering a community would change: serials from north to south and, within a row, from west to east
 * (单元网格划分: west to east, north to south), by the middles of the grids. They follow the highest serial that was ever used
 * there, since a code never comes back (DESIGN section 4, rule 3). Nothing where the codes stand in that order already.
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
  const codes = places.map(({ cell }) => cell.code as string);
  if (codes.every((code, n) => n === 0 || (codes[n - 1] as string) < code)) return [];
  const first = 1 + (graph.serials.get(parent) ?? 0);
  return places.map(({ cell }, n) => ({
    cell: cell.id,
    from: cell.code as string,
    to: `${parent}${String(first + n).padStart(3, "0")}`,
  }));
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
  const highest = Number(renumbered[renumbered.length - 1]?.to.slice(parent.length));
  const serials = graph.serials.with([[parent, highest]]);
  return {
    ok: true,
    graph: { ...graph, cells, serials },
    changed: renumbered.map(({ cell }) => cell).sort(),
    renumbered,
  };
}
