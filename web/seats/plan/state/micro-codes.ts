import { cellAt } from "../../../../data/coverage/plan-graph/locate.ts";
import type { PlanCell, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { toLattice } from "../../../../data/model/geometry.ts";
import { gridOfCode } from "./ground.ts";
import { placeOfCell } from "./place-of-cell.ts";

/** Serials of micro-grids have two digits (`data/model/codes.ts`). */
const MOST = 99;

/**
 * Gives micro-grids that an edit made the next code of the grid whose ground they were cut from: actions count serials of
 * grids only. Codes of today's micro-grids are never given again.
 *
 * @param base today's boundaries
 */
export function withMicroCodes(base: PlanGraph, before: PlanGraph, after: PlanGraph): PlanGraph {
  const made = after.cells
    .changedFrom(before.cells)
    .map((id) => after.cells.get(id))
    .filter((cell) => cell?.kind === "micro" && !before.cells.get(cell.id) && !isMicroCode(cell.code));
  const named = new Map<string, PlanCell>();
  for (const cell of made) {
    const at = cell && placeOfCell(after, cell.id);
    const was = at && cellAt(before, [toLattice(at[0]), toLattice(at[1])]);
    const from = was ? before.cells.get(was) : undefined;
    if (!cell || !from?.code) continue;
    const grid = gridOfCode(from.code);
    const serial = 1 + highestOf(grid, [base.cells.values(), before.cells.values(), named.values()]);
    if (serial > MOST) continue;
    const digits = String(serial).padStart(2, "0");
    const name = /\d+/.test(from.name) ? from.name.replace(/\d+(?=\D*$)/, digits) : `${from.name}-${digits}`;
    named.set(cell.id, { ...cell, code: `${grid}-${digits}`, name });
  }
  return named.size ? { ...after, cells: after.cells.with(named) } : after;
}

const isMicroCode = (code: string | null): boolean => (code?.length ?? 0) > 15;

function highestOf(grid: string, lists: readonly Iterable<PlanCell>[]): number {
  let highest = 0;
  for (const list of lists)
    for (const { code } of list)
      if (code?.startsWith(`${grid}-`)) highest = Math.max(highest, Number(code.slice(grid.length + 1)));
  return highest;
}
