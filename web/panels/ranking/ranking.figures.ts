import { gridRange } from "../../../data/columns/incident-columns.ts";
import type { FigureInput } from "../figure-input.ts";

/** Valid cases (reported less rejected and void) and late ones of areas, in the order asked. */
export interface RankCounts {
  readonly codes: readonly string[];
  readonly count: Uint32Array;
  readonly late: Uint32Array;
}

/** Counts what areas are ranked by. */
export function rankCounts(
  { columns, sweep }: Pick<FigureInput, "columns" | "sweep">,
  codes: readonly string[],
): RankCounts {
  const count = new Uint32Array(codes.length);
  const late = new Uint32Array(codes.length);
  codes.forEach((code, index) => {
    const [from, to] = gridRange(columns.grids, code);
    let [onTime, behind] = [0, 0];
    for (let grid = from; grid < to; grid++) {
      onTime += sweep.byGrid[4 * grid + 2] as number;
      behind += sweep.byGrid[4 * grid + 3] as number;
    }
    count[index] = onTime + behind;
    late[index] = behind;
  });
  return { codes, count, late };
}
