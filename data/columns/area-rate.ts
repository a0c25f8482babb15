import { parentCode } from "../model/codes.ts";
import { MIN_HOUSEHOLDS } from "./heat.ts";
import type { IncidentColumns } from "./incident-columns.ts";
import { NO_GRID } from "./incident-columns.ts";

/** Rate of one area; `code` is an ancestor's where the area itself has too few households. */
export interface AreaRate {
  /** The area asked for. */
  readonly area: string;
  /** The area that the figure stands for: itself, or the closest ancestor with enough households. */
  readonly code: string;
  readonly count: number;
  readonly households: number;
  /** Incidents per 100 households. */
  readonly per100: number;
}

/** Selected rows by the code of the deepest area, then by every ancestor of it; what lies outside every area is left out. */
export function countByArea(columns: IncidentColumns, rows: Uint32Array): Map<string, number> {
  const byGrid = new Uint32Array(columns.grids.length);
  for (const row of rows) {
    const grid = columns.grid[row] as number;
    if (grid !== NO_GRID) byGrid[grid] = (byGrid[grid] as number) + 1;
  }
  const counts = new Map<string, number>();
  columns.grids.forEach((grid, i) => {
    const count = byGrid[i] as number;
    if (count === 0) return;
    for (let code: string | undefined = grid; code; code = parentCode(code))
      counts.set(code, (counts.get(code) ?? 0) + count);
  });
  return counts;
}

/**
 * Incidents per 100 households of each area. An area under `minHouseholds` takes the figure of its closest ancestor that
 * has enough (it is "merged upward"); undefined where not even the county has.
 *
 * @param counts incidents by code, every level (see `countByArea`)
 * @param households households by code, every level; absent = unknown, treated as too few
 */
export function ratesByArea(
  areas: readonly string[],
  counts: ReadonlyMap<string, number>,
  households: ReadonlyMap<string, number>,
  minHouseholds = MIN_HOUSEHOLDS,
): Map<string, AreaRate> {
  const rates = new Map<string, AreaRate>();
  for (const area of areas) {
    for (let code: string | undefined = area; code; code = parentCode(code)) {
      const homes = households.get(code) ?? 0;
      if (homes < Math.max(1, minHouseholds)) continue;
      const count = counts.get(code) ?? 0;
      rates.set(area, { area, code, count, households: homes, per100: (100 * count) / homes });
      break;
    }
  }
  return rates;
}
