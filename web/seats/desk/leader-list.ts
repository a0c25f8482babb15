import { NULL_TIME } from "../../../data/columns/format.ts";
import { gridRange, type IncidentColumns, NO_GRID } from "../../../data/columns/incident-columns.ts";
import { clockState } from "../../panels/figures.ts";

/** What a child area asks of its leader, counted over the rows on screen. */
export interface LeaderRow {
  readonly code: string;
  readonly name: string;
  /** Open and past the due time. */
  readonly late: number;
  readonly dueSoon: number;
  readonly open: number;
  /** Due time (epoch seconds) and row of the longest-overdue open case. */
  readonly oldestDue: number | undefined;
  readonly oldestRow: number | undefined;
  /** Due time of the open case that will be late next. */
  readonly nextDue: number | undefined;
  /** Name of whoever answers now; null = nobody is on duty; undefined = not known yet. */
  readonly onDuty: string | null | undefined;
  /** Responsible unit; null = nobody; undefined = not known yet. */
  readonly owner: string | null | undefined;
}

type Place = Pick<LeaderRow, "code" | "name" | "onDuty" | "owner">;

/**
 * Rank by what needs action: a breached deadline first (longest overdue first), then the nearest deadline within a day,
 * then nobody on duty, then the rest by code. Never by volume: a large area is not a worse one.
 */
function compare(a: LeaderRow, b: LeaderRow): number {
  const group = (row: LeaderRow): number => (row.late ? 0 : row.dueSoon ? 1 : row.onDuty === null ? 2 : 3);
  const time = (row: LeaderRow): number => (row.late ? row.oldestDue : row.dueSoon ? row.nextDue : 0) ?? 0;
  return group(a) - group(b) || time(a) - time(b) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
}

/** The leader's list of the given places. */
export function leaderRows(
  columns: IncidentColumns,
  rows: Uint32Array,
  asOf: number,
  places: readonly Place[],
): LeaderRow[] {
  const placeOfGrid = new Int32Array(columns.grids.length).fill(-1);
  places.forEach((place, index) => {
    const [from, to] = gridRange(columns.grids, place.code);
    placeOfGrid.fill(index, from, to);
  });
  const sums = places.map((place) => ({
    ...place,
    late: 0,
    dueSoon: 0,
    open: 0,
    oldestDue: undefined as number | undefined,
    oldestRow: undefined as number | undefined,
    nextDue: undefined as number | undefined,
  }));
  for (const row of rows) {
    const grid = columns.grid[row] as number;
    const sum = grid === NO_GRID ? undefined : sums[placeOfGrid[grid] as number];
    const clock = sum && clockState(columns, row, asOf);
    if (!sum || !clock) continue;
    sum.open++;
    const value = columns.due[row] as number;
    const due = value === NULL_TIME ? (columns.opened[row] as number) : value;
    if (clock === "overdueOpen") {
      sum.late++;
      if (sum.oldestDue === undefined || due < sum.oldestDue) {
        sum.oldestDue = due;
        sum.oldestRow = row;
      }
    } else if (clock === "dueSoon") {
      sum.dueSoon++;
      if (sum.nextDue === undefined || due < sum.nextDue) sum.nextDue = due;
    }
  }
  return sums.sort(compare);
}

/**
 * Rows of the list of cases: open before ended; open ones with the longest overdue first, then by nearest due time,
 * without a clock last; ended ones newest first.
 */
export function caseOrder(columns: IncidentColumns, rows: Uint32Array, asOf: number): number[] {
  const keys = new Map<number, readonly [number, number]>();
  for (const row of rows) {
    const clock = clockState(columns, row, asOf);
    const opened = columns.opened[row] as number;
    const due = columns.due[row] as number;
    if (!clock) keys.set(row, [3, -opened]);
    else if (clock === "overdueOpen") keys.set(row, [0, due === NULL_TIME ? opened : due]);
    else if (clock === "dueSoon" || clock === "onTime") keys.set(row, [1, due]);
    else keys.set(row, [2, opened]);
  }
  const key = (row: number) => keys.get(row) as readonly [number, number];
  return [...rows].sort((a, b) => key(a)[0] - key(b)[0] || key(a)[1] - key(b)[1] || a - b);
}
