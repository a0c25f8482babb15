import type { ColumnTable } from "./format.ts";
import { NULL_TIME } from "./format.ts";
import { DAY_SECONDS, zoneOffsetSeconds } from "./histogram.ts";
import { FLAG, firstRowAt, type IncidentColumns, incidentColumns, isLateRow } from "./incident-columns.ts";

/** Edge of a cell in 1e-7 degree: 0.0025°, about 280 m north to south and 210 m east to west at 40° N. */
export const CELL_LATTICE = 25_000;

/** Middle of the cell that a coordinate (1e-7 degree) lies in. */
export const cellCentre = (value: number): number => Math.floor(value / CELL_LATTICE) * CELL_LATTICE + CELL_LATTICE / 2;

/**
 * Start of the day that an instant lies in, by a county's own calendar. Both are epoch seconds.
 *
 * @returns a function that remembers the zone's offset of each day: millions of rows ask for few days
 */
export function dayStarts(timezone: string): (seconds: number) => number {
  const offsets = new Map<number, number>();
  const offsetOf = (unit: number, seconds: number): number => {
    const at = Math.floor(seconds / unit) * unit;
    const known = offsets.get(at) ?? zoneOffsetSeconds(timezone, at);
    offsets.set(at, known);
    return known;
  };
  // A look at each day is enough but on the two days of a year when clocks change: there at each hour.
  const offsetAt = (seconds: number): number => {
    const today = offsetOf(DAY_SECONDS, seconds);
    return today === offsetOf(DAY_SECONDS, seconds + DAY_SECONDS) ? today : offsetOf(3600, seconds);
  };
  const starts = new Map<number, number>();
  return (seconds) => {
    const offset = offsetAt(seconds);
    const day = Math.floor((seconds + offset) / DAY_SECONDS);
    const known = starts.get(day);
    if (known !== undefined) return known;
    // The offset at midnight, where it changed during the day.
    const guess = day * DAY_SECONDS - offset;
    const start = day * DAY_SECONDS - offsetAt(guess);
    starts.set(day, start);
    return start;
  };
}

/**
 * From when a kiosk gets points: the start of the day that lies `pointDays` days before the day of `asOf`.
 *
 * @param asOf epoch seconds
 */
export function pointsFrom(asOf: number, pointDays: number, timezone: string): number {
  const startOf = dayStarts(timezone);
  // Noon of that day: no change of summer time moves it to another one.
  return startOf(startOf(asOf) - pointDays * DAY_SECONDS + DAY_SECONDS / 2);
}

/**
 * Takes place and hour from cases that were opened before `from` (kiosks, docs/need-to-know.md): they are moved to the
 * middle of a cell of 0.0025°, their times to the day in the county's zone, `ref` becomes 0 and `FLAG.cell` is set.
 * Class, state, area and whether they are late stay, so that counts, heat and figures are the same as before.
 *
 * @param table incidents, oldest first; is not changed
 * @param from epoch seconds; rows opened at or after it stay points
 */
export function cellsBefore(table: ColumnTable, from: number, timezone: string): ColumnTable {
  const source = incidentColumns(table);
  const startOf = dayStarts(timezone);
  const copy = Object.fromEntries(Object.entries(table.columns).map(([name, array]) => [name, array.slice()]));
  const out: ColumnTable = { ...table, columns: copy };
  const cells = incidentColumns(out);
  for (let i = 0; i < source.rows && (source.opened[i] as number) < from; i++) {
    cells.lon[i] = cellCentre(source.lon[i] as number);
    cells.lat[i] = cellCentre(source.lat[i] as number);
    cells.opened[i] = startOf(source.opened[i] as number);
    const closed = source.closed[i] as number;
    cells.closed[i] = closed === NULL_TIME ? NULL_TIME : startOf(closed);
    cells.due[i] = dayOfDue(source, i, startOf);
    cells.flags[i] = (source.flags[i] as number) | FLAG.cell;
    cells.ref[i] = 0;
  }
  return out;
}

/** A day in the place of a due time that leaves the case as late as it is: a day earlier or later where it must be. */
function dayOfDue(columns: IncidentColumns, i: number, startOf: (seconds: number) => number): number {
  const due = columns.due[i] as number;
  const closed = columns.closed[i] as number;
  if (due === NULL_TIME) return NULL_TIME;
  const day = startOf(due);
  if (isLateRow(columns, i, columns.asOf)) return closed === NULL_TIME ? day : Math.min(day, startOf(closed) - 1);
  return closed === NULL_TIME ? startOf(day + DAY_SECONDS * 1.5) : day;
}

/** Rows that were opened in `[from, to)` by the times that they carry; for what must not be cut by true times. */
export function openedBetween(table: ColumnTable, from: number | undefined, to: number | undefined): ColumnTable {
  const { opened } = incidentColumns(table);
  const first = from === undefined ? 0 : firstRowAt(opened, from);
  const end = to === undefined ? table.rows : firstRowAt(opened, to);
  const columns = Object.fromEntries(
    Object.entries(table.columns).map(([name, array]) => [name, array.slice(first, Math.max(first, end))]),
  );
  return { ...table, rows: Math.max(0, end - first), columns };
}
