import { bugError } from "../model/errors.ts";
import { ENDED_STATES, INCIDENT_STATES, INVALID_STATES, SOLVED_STATES } from "../model/incident.ts";
import type { ColumnTable } from "./format.ts";
import { NULL_TIME } from "./format.ts";

/** Bits of the `flags` column. */
export const FLAG = {
  /** Clock paused (on hold). */
  paused: 1,
  /** Late when it was solved, or overdue by the source's own verdict. */
  lateAtClose: 2,
  /** Exactly on a border of grids. */
  border: 4,
  /** On a default point where too many cases pile up. */
  suspicious: 8,
  /** The source itself judged lateness (or said there is no clock): `due` must not be compared. */
  verdict: 16,
  /** Not a point: place and times are those of a cell and a day, `ref` is 0 (`cells.ts`; kiosks get older cases so). */
  cell: 32,
  /** Of a sensitive class (`incident.sensitive`). */
  sensitive: 64,
} as const;

/** Value of `state` in a slot that holds no case (`IncidentStore`): whatever loops over rows skips it. */
export const HOLE = 255;

/** Value of `grid` for an incident outside every area. */
export const NO_GRID = 0xffff_ffff;

/**
 * Incidents as columns (DESIGN section 5). Sorted by `opened`, oldest first; an `IncidentStore` also has holes and a tail.
 * `lon`, `lat` in 1e-7 degree; times in epoch seconds, `NULL_TIME` when absent, held at
 * the last int32 second (2038-01-19) when later; `classIndex`, `grid` index the
 * dictionaries `classes` (five-digit codes) and `grids` (codes of the deepest area; sorted, so that an area is an
 * index range); `state`, `severity`, `source` index the lists in `data/model/incident.ts`.
 */
export interface IncidentColumns {
  /** Slots in use, holes included; the arrays of a store are longer. */
  readonly rows: number;
  /** First slot that may hold a case; absent = 0. */
  readonly first?: number;
  /** Slots `[first, sorted)` are in order of `opened`, later ones are not; absent = all are. */
  readonly sorted?: number;
  /** Slots from `first` on that hold no case; absent = none. */
  readonly holes?: number;
  readonly lon: Int32Array;
  readonly lat: Int32Array;
  readonly opened: Int32Array;
  readonly closed: Int32Array;
  readonly due: Int32Array;
  readonly flags: Uint8Array;
  readonly classIndex: Uint16Array;
  readonly state: Uint8Array;
  readonly severity: Uint8Array;
  readonly source: Uint8Array;
  readonly grid: Uint32Array;
  readonly ref: Uint32Array;
  readonly classes: readonly string[];
  readonly grids: readonly string[];
  readonly county: string;
  readonly version: string;
  readonly asOf: number;
}

/** Names of the columns in a file of cases. */
export const INCIDENT_FIELDS = [
  "lon",
  "lat",
  "opened",
  "closed",
  "due",
  "flags",
  "class",
  "state",
  "severity",
  "source",
  "grid",
  "ref",
] as const;
export type IncidentField = (typeof INCIDENT_FIELDS)[number];

/** Names the columns of a decoded table; throws when one is missing or of another type. */
export function incidentColumns(table: ColumnTable): IncidentColumns {
  const take = <T>(name: string, arrayType: abstract new (...args: never[]) => T): T => {
    const column = table.columns[name];
    if (!(column instanceof arrayType)) throw bugError(`incident columns lack ${name}`);
    return column as T;
  };
  return {
    rows: table.rows,
    lon: take("lon", Int32Array),
    lat: take("lat", Int32Array),
    opened: take("opened", Int32Array),
    closed: take("closed", Int32Array),
    due: take("due", Int32Array),
    flags: take("flags", Uint8Array),
    classIndex: take("class", Uint16Array),
    state: take("state", Uint8Array),
    severity: take("severity", Uint8Array),
    source: take("source", Uint8Array),
    grid: take("grid", Uint32Array),
    ref: take("ref", Uint32Array),
    classes: table.dictionaries["classes"] ?? [],
    grids: table.dictionaries["grids"] ?? [],
    county: table.county,
    version: table.version,
    asOf: table.asOf,
  };
}

const stateTable = (states: readonly string[]): Uint8Array =>
  Uint8Array.from(INCIDENT_STATES, (state) => (states.includes(state) ? 1 : 0));

/** 1 where the state (by index) is ended, solved, not valid. */
export const STATE_ENDED = stateTable(ENDED_STATES);
export const STATE_SOLVED = stateTable(SOLVED_STATES);
export const STATE_INVALID = stateTable(INVALID_STATES);

/** True when row `i` is late at `asOf` (epoch seconds): the same rule as `isLate` in the model. */
export function isLateRow(columns: IncidentColumns, i: number, asOf: number): boolean {
  const flags = columns.flags[i] as number;
  if (flags & FLAG.verdict) return (flags & FLAG.lateAtClose) !== 0;
  const due = columns.due[i] as number;
  if (due === NULL_TIME || STATE_INVALID[columns.state[i] as number]) return false;
  const closed = columns.closed[i] as number;
  return (closed === NULL_TIME ? asOf : closed) > due;
}

/**
 * First of the rows `[low, high)`, which are in order of a column, whose value there is as high or higher: of `opened`, the
 * first that was opened at these seconds or later.
 */
export function firstRowAt(ordered: Int32Array | Uint32Array, value: number, low = 0, high = ordered.length): number {
  let start = low;
  let end = high;
  while (start < end) {
    const middle = (start + end) >>> 1;
    if ((ordered[middle] as number) < value) start = middle + 1;
    else end = middle;
  }
  return start;
}

/** First of the rows `[low, high)`, which are in order of `opened`, that was opened later than `seconds`. */
export const firstRowAfter = (opened: Int32Array, seconds: number, low: number, high: number): number =>
  firstRowAt(opened, seconds + 1, low, high);

/** Index range `[from, to)` in `grids` of everything inside an area code. */
export function gridRange(grids: readonly string[], area: string): readonly [number, number] {
  const lower = (key: string): number => {
    let low = 0;
    let high = grids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((grids[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [lower(area), lower(`${area}~`)];
}
