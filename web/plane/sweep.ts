import { type IncidentColumns, NO_GRID, STATE_INVALID } from "../../data/columns/incident-columns.ts";
import { FACT, FACT_VALUES, isOpenFact, type RowFacts } from "./facts.ts";

/** One past the last day that `RowFacts.solvedDay` can say. */
const DAYS = 65_536;

/** What one pass over selected rows finds: all figures are made of it, so that ten panels cost one pass. */
export interface Sweep {
  /** Cases by fact (`facts.ts`). */
  readonly byFact: Uint32Array;
  /** Two numbers a class: cases not late, and late. */
  readonly byClass: Uint32Array;
  /** Weekday (0 Monday) × 24 + hour of opening. */
  readonly byWeekHour: Uint32Array;
  readonly bySource: Uint32Array;
  /** Four numbers a grid: cases by (valid ? 2 : 0) + (late ? 1 : 0). */
  readonly byGrid: Uint32Array;
  /** Solved cases by the county's day of solving. */
  readonly solvedByDay: Uint32Array;
  /** Rows of open cases, in the order of the rows swept. */
  readonly open: Uint32Array;
  /** Rows of open cases and of those on default points, in that order too: what may stand on the map as a sign. */
  readonly signs: Uint32Array;
}

const LATE = Uint8Array.from({ length: FACT_VALUES }, (_, fact) => (fact & FACT.late ? 1 : 0));
const GRID_SLOT = Uint8Array.from(
  { length: FACT_VALUES },
  (_, fact) => (STATE_INVALID[fact & FACT.state] ? 0 : 2) + (fact & FACT.late ? 1 : 0),
);
const OPEN = Uint8Array.from({ length: FACT_VALUES }, (_, fact) => (isOpenFact(fact) ? 1 : 0));
const SIGN = Uint8Array.from({ length: FACT_VALUES }, (_, fact) =>
  isOpenFact(fact) || fact & FACT.suspicious ? 1 : 0,
);

/** Passes once over the rows of a selection. */
export function sweep(columns: IncidentColumns, rows: Uint32Array, facts: RowFacts): Sweep {
  const { classIndex, source, grid } = columns;
  const { fact, week, solvedDay } = facts;
  const byFact = new Uint32Array(FACT_VALUES);
  const byClass = new Uint32Array(columns.classes.length * 2);
  const byWeekHour = new Uint32Array(7 * 24);
  const bySource = new Uint32Array(256);
  const byGrid = new Uint32Array(columns.grids.length * 4);
  const solvedByDay = new Uint32Array(DAYS);
  const open = new Uint32Array(rows.length);
  const signs = new Uint32Array(rows.length);
  let openCount = 0;
  let signCount = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const what = fact[row] as number;
    byFact[what] = (byFact[what] as number) + 1;
    const classSlot = (classIndex[row] as number) * 2 + (LATE[what] as number);
    byClass[classSlot] = (byClass[classSlot] as number) + 1;
    const hour = week[row] as number;
    byWeekHour[hour] = (byWeekHour[hour] as number) + 1;
    const from = source[row] as number;
    bySource[from] = (bySource[from] as number) + 1;
    const at = grid[row] as number;
    if (at !== NO_GRID) {
      const gridSlot = at * 4 + (GRID_SLOT[what] as number);
      byGrid[gridSlot] = (byGrid[gridSlot] as number) + 1;
    }
    const day = solvedDay[row] as number;
    solvedByDay[day] = (solvedByDay[day] as number) + 1;
    if (OPEN[what]) open[openCount++] = row;
    if (SIGN[what]) signs[signCount++] = row;
  }
  // Day 0 is "not solved".
  solvedByDay[0] = 0;
  return {
    byFact,
    byClass,
    byWeekHour,
    bySource,
    byGrid,
    solvedByDay,
    open: open.slice(0, openCount),
    signs: signs.slice(0, signCount),
  };
}

/** Place of the first of the rows, which are in order of `opened`, that was opened when `isReached` says so. */
export function firstWhere(
  { opened }: IncidentColumns,
  rows: Uint32Array,
  isReached: (seconds: number) => boolean,
): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isReached(opened[rows[middle] as number] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
