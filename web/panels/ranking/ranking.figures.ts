import { gridRange, isLateRow, NO_GRID, STATE_INVALID } from "../../../data/columns/incident-columns.ts";
import type { FigureInput } from "../figure-input.ts";

/** Valid cases (reported less rejected and void) and late ones of areas, in the order asked. */
export interface RankCounts {
  readonly codes: readonly string[];
  readonly count: Uint32Array;
  readonly late: Uint32Array;
}

/** Counts what areas are ranked by. `codes` do not hold one another. */
export function rankCounts(
  { columns, rows, asOf }: Pick<FigureInput, "columns" | "rows" | "asOf">,
  codes: readonly string[],
): RankCounts {
  const childOfGrid = new Int32Array(columns.grids.length).fill(-1);
  codes.forEach((code, index) => {
    const [from, to] = gridRange(columns.grids, code);
    childOfGrid.fill(index, from, to);
  });
  const count = new Uint32Array(codes.length);
  const late = new Uint32Array(codes.length);
  for (const row of rows) {
    const grid = columns.grid[row] as number;
    const child = grid === NO_GRID ? -1 : (childOfGrid[grid] as number);
    if (child < 0 || STATE_INVALID[columns.state[row] as number]) continue;
    count[child] = (count[child] as number) + 1;
    if (isLateRow(columns, row, asOf)) late[child] = (late[child] as number) + 1;
  }
  return { codes, count, late };
}
