import { daysBetween } from "./bin-by-day.ts";
import { DAY_SECONDS } from "./histogram.ts";
import { FLAG, firstRowAt, HOLE, type IncidentColumns } from "./incident-columns.ts";
import { type ColumnFilter, RowFilter } from "./select.ts";

/** Cases by class and day. */
export interface ClassDays {
  /** First second of each day in the county's calendar, ascending. */
  readonly starts: Int32Array;
  /** Days of a class lie side by side: `counts[classIndex * starts.length + day]`. */
  readonly counts: Int32Array;
}

/** Days kept free behind the newest case: so long nothing has to be made anew. */
const DAYS_AHEAD = 31;
/** Groups of cases that viewers and filters leave out: suspicious (1), sensitive (2), both. */
const GROUPS = 4;

/**
 * Cases of some columns by class and day of the county's calendar. A trend is a part of it, and the rows of the two days
 * that its window cuts. Follows its columns as `HeatCube` does: `take` before a row changes, `put` after.
 */
export class DayTable {
  readonly timezone: string;
  readonly #columns: IncidentColumns;
  readonly #kinds: number;
  /** Starts of all days, and the end of the last one. */
  readonly #days: Int32Array;
  /** `[(group * kinds + class) * days + day]` */
  readonly #counts: Int32Array;

  /** Counts all rows: some milliseconds a million. */
  constructor(columns: IncidentColumns, timezone: string) {
    this.timezone = timezone;
    this.#columns = columns;
    this.#kinds = columns.classes.length;
    const [first, sorted] = [columns.first ?? 0, columns.sorted ?? columns.rows];
    let [oldest, newest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const see = (i: number): void => {
      oldest = Math.min(oldest, columns.opened[i] as number);
      newest = Math.max(newest, columns.opened[i] as number);
    };
    if (first < sorted) see(first);
    if (first < sorted) see(sorted - 1);
    for (let i = sorted; i < columns.rows; i++) if (columns.state[i] !== HOLE) see(i);
    this.#days = oldest > newest ? new Int32Array(1) : daysBetween(oldest, newest + DAYS_AHEAD * DAY_SECONDS, timezone);
    this.#counts = new Int32Array(GROUPS * this.#kinds * (this.#days.length - 1));
    for (let day = 0, row = first; row < sorted; day++) {
      const end = firstRowAt(columns.opened, this.#days[day + 1] as number, row, sorted);
      for (; row < end; row++) this.#add(row, day, 1);
    }
    for (let i = sorted; i < columns.rows; i++) this.#add(i, this.#dayOf(i), 1);
  }

  /** Bytes of the counts. */
  get bytes(): number {
    return this.#counts.byteLength;
  }

  /** Row `i` is about to change or to become a hole. */
  take(i: number): void {
    if (this.#columns.state[i] !== HOLE) this.#add(i, this.#dayOf(i), -1);
  }

  /** Row `i` has changed or is new. @returns false where it lies outside all days: throw the table away */
  put(i: number): boolean {
    if (this.#columns.state[i] === HOLE) return true;
    const day = this.#dayOf(i);
    if (day < 0 || day >= this.#days.length - 1) return false;
    this.#add(i, day, 1);
    return true;
  }

  /**
   * Cases of a filter by class and day.
   *
   * @param asOf instant to judge lateness at, epoch seconds
   * @returns undefined where the filter asks more than class, window and who may see, or its window holds no whole day
   */
  count(filter: ColumnFilter, asOf: number): ClassDays | undefined {
    const { inside, states, severities, sources, late, from, to } = filter;
    if (inside || states || severities || sources || late !== undefined) return undefined;
    const days = this.#days;
    const last = days.length - 1;
    // Days that the window touches, and those that lie in it whole.
    const low = from === undefined ? 0 : Math.max(0, firstRowAt(days, from + 1) - 1);
    const high = to === undefined ? last : Math.min(last, firstRowAt(days, to));
    const wholeLow = from === undefined || from <= (days[low] as number) ? low : low + 1;
    const wholeHigh = to === undefined || to >= (days[high] as number) ? high : high - 1;
    if (wholeLow >= wholeHigh) return undefined;
    const width = high - low;
    const counts = new Int32Array(this.#kinds * width);
    const groups = [0, 1, 2, 3].filter(
      (group) => !(group & 1 && filter.withoutSuspicious) && !(group & 2 && filter.withoutSensitive),
    );
    this.#columns.classes.forEach((code, kind) => {
      if (filter.classes && !filter.classes.some((prefix) => code.startsWith(prefix))) return;
      for (const group of groups) {
        const source = (group * this.#kinds + kind) * last;
        const target = kind * width - low;
        for (let day = wholeLow; day < wholeHigh; day++)
          counts[target + day] = ((counts[target + day] as number) + (this.#counts[source + day] as number)) | 0;
      }
    });
    if (wholeLow > low) this.#countDay({ ...filter, from, to: days[wholeLow] }, asOf, 0, width, counts);
    if (wholeHigh < high) this.#countDay({ ...filter, from: days[wholeHigh], to }, asOf, width - 1, width, counts);
    return { starts: days.slice(low, high), counts };
  }

  /** Counts the rows of a part of a day. */
  #countDay(filter: ColumnFilter, asOf: number, day: number, width: number, counts: Int32Array): void {
    const test = new RowFilter(this.#columns, filter, asOf);
    const add = (i: number): void => {
      const at = (this.#columns.classIndex[i] as number) * width + day;
      counts[at] = (counts[at] as number) + 1;
    };
    for (let i = test.start; i < test.end; i++) if (test.holds(i)) add(i);
    for (let i = test.tailStart; i < test.tailEnd; i++) if (test.holdsAnywhere(i)) add(i);
  }

  #add(i: number, day: number, by: 1 | -1): void {
    const { state, flags, classIndex } = this.#columns;
    if (state[i] === HOLE) return;
    const flag = flags[i] as number;
    const group = (flag & FLAG.suspicious ? 1 : 0) + (flag & FLAG.sensitive ? 2 : 0);
    const at = (group * this.#kinds + (classIndex[i] as number)) * (this.#days.length - 1) + day;
    this.#counts[at] = ((this.#counts[at] as number) + by) | 0;
  }

  #dayOf(i: number): number {
    return firstRowAt(this.#days, (this.#columns.opened[i] as number) + 1) - 1;
  }
}
