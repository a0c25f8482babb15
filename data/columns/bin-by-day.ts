import { dayStarts } from "./cells.ts";
import { DAY_SECONDS } from "./histogram.ts";
import { firstRowAt, type IncidentColumns } from "./incident-columns.ts";
import { type ColumnFilter, RowFilter } from "./select.ts";

/** Cases by day and kind. */
export interface DayBins {
  /** First second of each day in the county's calendar, and the end of the last one: one more than there are days. */
  readonly days: Int32Array;
  /** Kinds of a day lie side by side: `counts[day * kinds + kind]`. */
  readonly counts: Uint32Array;
  readonly kinds: number;
}

/** What cases of a day are told apart by: their class (`classes`), state or source (lists of `data/model/incident.ts`). */
export type DayKind = "class" | "state" | "severity" | "source";

const KIND_COLUMNS = { class: "classIndex", state: "state", severity: "severity", source: "source" } as const;

/** Calendars by zone: each asks the engine for offsets once a day, which costs more than counting a day's cases. */
const calendars = new Map<string, (seconds: number) => number>();

function calendarOf(timezone: string): (seconds: number) => number {
  const known = calendars.get(timezone) ?? dayStarts(timezone);
  calendars.set(timezone, known);
  return known;
}

/** Starts of the days that hold `from … to` (epoch seconds, both included), and the end of the last one. */
export function daysBetween(from: number, to: number, timezone: string): Int32Array {
  const startOf = calendarOf(timezone);
  const days = [startOf(from)];
  // Noon of the day after: no change of summer time moves it to another day.
  while ((days[days.length - 1] as number) <= to)
    days.push(startOf((days[days.length - 1] as number) + DAY_SECONDS * 1.5));
  return Int32Array.from(days);
}

/**
 * Cases of a filter by the day they were opened, in the county's calendar, and by kind. Days without a case are there.
 *
 * @param kinds number of kinds: `classes.length` of the columns, or the length of the list
 * @param range epoch seconds `[from, to)` to cover; absent = from the filter's first case to its last
 */
export function binByDay(
  columns: IncidentColumns,
  filter: ColumnFilter,
  asOf: number,
  timezone: string,
  kind: DayKind,
  kinds: number,
  range?: readonly [from: number, to: number],
): DayBins {
  const limited = range
    ? { ...filter, from: Math.max(filter.from ?? range[0], range[0]), to: Math.min(filter.to ?? range[1], range[1]) }
    : filter;
  const test = new RowFilter(columns, limited, asOf);
  const covered = range ? ([range[0], range[1] - 1] as const) : coveredBy(columns, test);
  if (!covered || covered[0] > covered[1]) return { days: new Int32Array(), counts: new Uint32Array(), kinds };
  const days = daysBetween(covered[0], covered[1], timezone);
  // Signed: the engine counts unsigned words as doubles, at twice the cost.
  const counts = new Int32Array((days.length - 1) * kinds);
  const values = columns[KIND_COLUMNS[kind]];
  const { opened } = columns;
  let held = new Uint8Array(4096);
  let row = test.start;
  for (let day = 0; day + 1 < days.length && row < test.end; day++) {
    const end = firstRowAt(opened, days[day + 1] as number, row, test.end);
    const base = day * kinds;
    if (test.all) countAll(values, row, end, counts, base);
    else {
      if (held.length < end - row) held = new Uint8Array((end - row) * 2);
      test.mark(row, end, held);
      countHeld(values, held, row, end, counts, base);
    }
    row = end;
  }
  for (let i = test.tailStart; i < test.tailEnd; i++) {
    if (!test.holdsAnywhere(i)) continue;
    const slot = dayOf(days, opened[i] as number) * kinds + (values[i] as number);
    counts[slot] = (counts[slot] as number) + 1;
  }
  return { days, counts: new Uint32Array(counts.buffer), kinds };
}

/** Counts rows `[from, to)` by value, four at a time: they do not wait for each other. */
function countAll(values: Uint8Array | Uint16Array, from: number, to: number, counts: Int32Array, base: number): void {
  let i = from;
  for (; i + 3 < to; i += 4) {
    const a = (base + (values[i] as number)) | 0;
    const b = (base + (values[i + 1] as number)) | 0;
    const c = (base + (values[i + 2] as number)) | 0;
    const d = (base + (values[i + 3] as number)) | 0;
    counts[a] = ((counts[a] as number) + 1) | 0;
    counts[b] = ((counts[b] as number) + 1) | 0;
    counts[c] = ((counts[c] as number) + 1) | 0;
    counts[d] = ((counts[d] as number) + 1) | 0;
  }
  for (; i < to; i++) {
    const slot = (base + (values[i] as number)) | 0;
    counts[slot] = ((counts[slot] as number) + 1) | 0;
  }
}

/** Counts the rows `[from, to)` that `held` marks, from its start on, by value. */
function countHeld(
  values: Uint8Array | Uint16Array,
  held: Uint8Array,
  from: number,
  to: number,
  counts: Int32Array,
  base: number,
): void {
  for (let i = from, at = 0; i < to; i++, at++) {
    const slot = (base + (values[i] as number)) | 0;
    // Adding 0 or 1 costs less than a branch that is taken at random; a hole's slot may lie behind the end.
    counts[slot] = ((counts[slot] as number) + (held[at] as number)) | 0;
  }
}

/** First and last second that a filter's cases were opened at; undefined where it holds none. */
function coveredBy(columns: IncidentColumns, test: RowFilter): readonly [number, number] | undefined {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const see = (i: number): void => {
    const at = columns.opened[i] as number;
    if (at < first) first = at;
    if (at > last) last = at;
  };
  let low = test.start;
  while (low < test.end && !test.holds(low)) low++;
  let high = test.end - 1;
  while (high > low && !test.holds(high)) high--;
  if (low < test.end) {
    see(low);
    see(high);
  }
  for (let i = test.tailStart; i < test.tailEnd; i++) if (test.holdsAnywhere(i)) see(i);
  return first <= last ? [first, last] : undefined;
}

/** Index of the day that an instant lies in. */
function dayOf(days: Int32Array, seconds: number): number {
  return firstRowAt(days, seconds + 1) - 1;
}
