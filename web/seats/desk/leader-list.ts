import { NULL_TIME } from "../../../data/columns/format.ts";
import { gridRange, type IncidentColumns, NO_GRID, STATE_ENDED } from "../../../data/columns/incident-columns.ts";
import { clockState } from "../../panels/clock-state.ts";
import { smallestRows } from "../../plane/smallest-rows.ts";

/** What an area asks of its leader, counted over the cases that the filters hold. */
export interface LeaderSums {
  readonly code: string;
  /** Open and past the due time. */
  readonly late: number;
  readonly dueSoon: number;
  readonly open: number;
  /** Due time (epoch seconds) and number of the longest-overdue open case. */
  readonly oldestDue: number | undefined;
  readonly oldestRef: number | undefined;
  /** Due time of the open case that will be late next. */
  readonly nextDue: number | undefined;
}

/** The same with names, as the list shows it. */
export interface LeaderRow extends LeaderSums {
  readonly name: string;
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

/**
 * Sums of the areas `codes`, in that order; no area holds another.
 *
 * @param rows open cases; ended ones are passed over
 */
export function leaderSums(
  columns: IncidentColumns,
  rows: Uint32Array,
  asOf: number,
  codes: readonly string[],
): LeaderSums[] {
  const placeOfGrid = new Int32Array(columns.grids.length).fill(-1);
  codes.forEach((code, index) => {
    const [from, to] = gridRange(columns.grids, code);
    placeOfGrid.fill(index, from, to);
  });
  const sums = codes.map((code) => ({
    code,
    late: 0,
    dueSoon: 0,
    open: 0,
    oldestDue: undefined as number | undefined,
    oldestRef: undefined as number | undefined,
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
        sum.oldestRef = columns.ref[row] as number;
      }
    } else if (clock === "dueSoon") {
      sum.dueSoon++;
      if (sum.nextDue === undefined || due < sum.nextDue) sum.nextDue = due;
    }
  }
  return sums;
}

/** The leader's list of the given places; a place without sums has no case. */
export function leaderRows(sums: readonly LeaderSums[], places: readonly Place[]): LeaderRow[] {
  const known = new Map(sums.map((sum) => [sum.code, sum]));
  const none = { late: 0, dueSoon: 0, open: 0, oldestDue: undefined, oldestRef: undefined, nextDue: undefined };
  return places.map((place) => ({ ...none, ...known.get(place.code), ...place })).sort(compare);
}

/** Larger than any difference of two int32 seconds: groups of the list never mix. */
const GROUP = 2 ** 33;

/**
 * The first `limit` rows of the list of cases: open before ended; open ones with the longest overdue first, then by
 * nearest due time, without a clock last; ended ones newest first.
 *
 * @param rows the selection, in order of `opened`
 * @param open those of them that are open
 */
export function caseOrder(
  columns: IncidentColumns,
  rows: Uint32Array,
  open: Uint32Array,
  asOf: number,
  limit: number,
): number[] {
  const openedOf = (row: number): number => columns.opened[row] as number;
  const key = (row: number): number => {
    const clock = clockState(columns, row, asOf);
    const due = columns.due[row] as number;
    if (clock === "overdueOpen") return due === NULL_TIME ? openedOf(row) : due;
    return clock === "dueSoon" || clock === "onTime" ? GROUP + due : 2 * GROUP + openedOf(row);
  };
  const list = smallestRows(open, key, limit);
  const ended: number[] = [];
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as number;
    const before = ended.at(-1);
    // Past the limit only those opened in the same second may still come first.
    if (list.length + ended.length >= limit && (before === undefined || openedOf(row) !== openedOf(before))) break;
    if (STATE_ENDED[columns.state[row] as number]) ended.push(row);
  }
  ended.sort((a, b) => openedOf(b) - openedOf(a) || a - b);
  return [...list, ...ended].slice(0, limit);
}
