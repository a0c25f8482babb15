import type { AreaLevel } from "../model/codes.ts";
import { levelOfCode, parentCode } from "../model/codes.ts";
import { type IncidentColumns, NO_GRID } from "./incident-columns.ts";
import { type ColumnFilter, RowFilter } from "./select.ts";

export interface AreaRank {
  readonly code: string;
  readonly count: number;
}

/** Cases of a filter by index of their deepest area; the last value counts those outside every area. */
export function countByGrid(columns: IncidentColumns, filter: ColumnFilter, asOf: number): Uint32Array {
  const test = new RowFilter(columns, filter, asOf);
  const outside = columns.grids.length;
  const { grid } = columns;
  const counts = new Int32Array(outside + 1);
  for (let i = test.start; i < test.tailEnd; i++) {
    if (i === test.end) i = test.tailStart;
    if (i >= test.tailEnd || !(i < test.end ? test.holds(i) : test.holdsAnywhere(i))) continue;
    const slot = grid[i] === NO_GRID ? outside : (grid[i] as number);
    counts[slot] = ((counts[slot] as number) + 1) | 0;
  }
  return new Uint32Array(counts.buffer);
}

/**
 * Areas of a level by the cases of a filter in them, most first, equal ones by code. Areas without a case, and cases that
 * lie in no area of the level, are left out.
 *
 * @param asOf instant to judge lateness at, epoch seconds
 */
export function rankByArea(
  columns: IncidentColumns,
  filter: ColumnFilter,
  asOf: number,
  level: AreaLevel,
): readonly AreaRank[] {
  const byGrid = countByGrid(columns, filter, asOf);
  const counts = new Map<string, number>();
  columns.grids.forEach((grid, i) => {
    const count = byGrid[i] as number;
    if (count === 0) return;
    let code: string | undefined = grid;
    while (code && levelOfCode(code) !== level) code = parentCode(code);
    if (code) counts.set(code, (counts.get(code) ?? 0) + count);
  });
  return [...counts]
    .map(([code, count]) => ({ code, count }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
