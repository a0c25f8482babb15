import { FLAG, firstRowAt, gridRange, HOLE, type IncidentColumns, isLateRow, NO_GRID } from "./incident-columns.ts";

/** What the panels, the heat and the points all obey. Absent = no condition. */
export interface ColumnFilter {
  /** Area code to stay inside. */
  readonly inside?: string;
  /** Epoch seconds, opened in `[from, to)`. */
  readonly from?: number;
  readonly to?: number;
  /** Two-digit majors or five-digit classes. */
  readonly classes?: readonly string[];
  /** Indexes in the lists of `data/model/incident.ts`. */
  readonly states?: readonly number[];
  readonly severities?: readonly number[];
  readonly sources?: readonly number[];
  readonly late?: boolean;
  /** Leave out rows flagged suspicious. */
  readonly withoutSuspicious?: boolean;
  /** Leave out rows of sensitive classes: for viewers whose cut has none (`incidentCut`). */
  readonly withoutSensitive?: boolean;
}

const lookup = (values: readonly number[] | undefined): Uint8Array | undefined => {
  if (!values) return undefined;
  const table = new Uint8Array(256);
  for (const value of values) table[value] = 1;
  return table;
};

/**
 * A filter made ready for the rows of some columns: tables in the place of lists. Good until the columns are given other
 * arrays or row numbers.
 */
export class RowFilter {
  /** Rows `[start, end)` of the ordered part were opened in the window. */
  readonly start: number;
  readonly end: number;
  /** The tail, to be tested row by row. */
  readonly tailStart: number;
  readonly tailEnd: number;
  /** True when only holes and the window are conditions. */
  readonly plain: boolean;
  /** True when every row of `[start, end)` is held: no conditions, no holes. */
  readonly all: boolean;
  readonly #columns: IncidentColumns;
  readonly #asOf: number;
  readonly #from: number;
  readonly #to: number;
  readonly #gridFrom: number;
  readonly #gridTo: number;
  readonly #outside: boolean;
  readonly #classes: Uint8Array | undefined;
  readonly #states: Uint8Array | undefined;
  readonly #severities: Uint8Array | undefined;
  readonly #sources: Uint8Array | undefined;
  readonly #barredFlags: number;
  readonly #late: boolean | undefined;

  /** @param asOf instant to judge lateness at, epoch seconds */
  constructor(columns: IncidentColumns, filter: ColumnFilter, asOf: number) {
    const sorted = columns.sorted ?? columns.rows;
    const first = columns.first ?? 0;
    this.#columns = columns;
    this.#asOf = asOf;
    this.#from = filter.from ?? Number.NEGATIVE_INFINITY;
    this.#to = filter.to ?? Number.POSITIVE_INFINITY;
    this.start = filter.from === undefined ? first : firstRowAt(columns.opened, filter.from, first, sorted);
    this.end = filter.to === undefined ? sorted : firstRowAt(columns.opened, filter.to, first, sorted);
    this.tailStart = sorted;
    this.tailEnd = columns.rows;
    [this.#gridFrom, this.#gridTo] = filter.inside
      ? gridRange(columns.grids, filter.inside)
      : [0, Number.POSITIVE_INFINITY];
    // A whole county also holds what lies outside every area.
    this.#outside = !filter.inside || filter.inside.length === 6;
    const wanted = filter.classes;
    this.#classes = wanted
      ? Uint8Array.from(columns.classes, (code) => (wanted.some((prefix) => code.startsWith(prefix)) ? 1 : 0))
      : undefined;
    this.#states = lookup(filter.states);
    this.#severities = lookup(filter.severities);
    this.#sources = lookup(filter.sources);
    this.#barredFlags =
      (filter.withoutSuspicious ? FLAG.suspicious : 0) | (filter.withoutSensitive ? FLAG.sensitive : 0);
    this.#late = filter.late;
    const tables = this.#classes ?? this.#states ?? this.#severities ?? this.#sources;
    this.plain = !filter.inside && !tables && !this.#barredFlags && filter.late === undefined;
    this.all = this.plain && !columns.holes;
  }

  /** Whether a row is a case that the filter holds, whenever it was opened. */
  holds(i: number): boolean {
    const columns = this.#columns;
    const state = columns.state[i] as number;
    if (state === HOLE) return false;
    if (this.plain) return true;
    if (!this.#inArea(columns.grid[i] as number)) return false;
    if (this.#classes && !this.#classes[columns.classIndex[i] as number]) return false;
    if (this.#states && !this.#states[state]) return false;
    if (this.#severities && !this.#severities[columns.severity[i] as number]) return false;
    if (this.#sources && !this.#sources[columns.source[i] as number]) return false;
    if ((columns.flags[i] as number) & this.#barredFlags) return false;
    return this.#late === undefined || isLateRow(columns, i, this.#asOf) === this.#late;
  }

  /**
   * `holds` of rows `[from, to)` at once: 1 or 0 for each from the start of `out`. Column by column, and only the columns
   * that are asked for: a third of the cost of asking row by row.
   */
  mark(from: number, to: number, out: Uint8Array): void {
    const columns = this.#columns;
    out.fill(1, 0, to - from);
    if (this.#states) keepListed(columns.state, this.#states, from, to, out);
    else if (columns.holes) keepCases(columns.state, from, to, out);
    if (this.#classes) keepListed(columns.classIndex, this.#classes, from, to, out);
    if (this.#severities) keepListed(columns.severity, this.#severities, from, to, out);
    if (this.#sources) keepListed(columns.source, this.#sources, from, to, out);
    if (this.#barredFlags) keepWithout(columns.flags, this.#barredFlags, from, to, out);
    if (!this.#outside || this.#gridTo !== Number.POSITIVE_INFINITY)
      keepInside(columns.grid, this.#gridFrom, this.#gridTo, this.#outside ? 1 : 0, from, to, out);
    if (this.#late !== undefined)
      for (let i = from; i < to; i++)
        if (out[i - from] && isLateRow(columns, i, this.#asOf) !== this.#late) out[i - from] = 0;
  }

  #inArea(grid: number): boolean {
    return grid === NO_GRID ? this.#outside : grid >= this.#gridFrom && grid < this.#gridTo;
  }

  /** Whether a row, of the tail too, is a case that the filter holds. */
  holdsAnywhere(i: number): boolean {
    const opened = this.#columns.opened[i] as number;
    return opened >= this.#from && opened < this.#to && this.holds(i);
  }
}

function keepListed(
  values: Uint8Array | Uint16Array,
  table: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
): void {
  for (let i = from, at = 0; i < to; i++, at++) out[at] = (out[at] as number) & (table[values[i] as number] as number);
}

/** @param outside 1 to keep what lies in no area too */
function keepInside(
  grid: Uint32Array,
  gridFrom: number,
  gridTo: number,
  outside: number,
  from: number,
  to: number,
  out: Uint8Array,
): void {
  // As signed words NO_GRID is -1; a dictionary has far fewer areas than half of them.
  const high = Math.min(gridTo, 2 ** 31 - 1) | 0;
  for (let i = from, at = 0; i < to; i++, at++) {
    const word = (grid[i] as number) | 0;
    const keep = word < 0 ? outside : word >= gridFrom && word < high ? 1 : 0;
    out[at] = (out[at] as number) & keep;
  }
}

function keepCases(state: Uint8Array, from: number, to: number, out: Uint8Array): void {
  for (let i = from, at = 0; i < to; i++, at++) if (state[i] === HOLE) out[at] = 0;
}

function keepWithout(flags: Uint8Array, barred: number, from: number, to: number, out: Uint8Array): void {
  for (let i = from, at = 0; i < to; i++, at++) if ((flags[i] as number) & barred) out[at] = 0;
}

/**
 * Rows that a filter holds, in order of `opened`.
 *
 * @param asOf instant to judge lateness at, epoch seconds
 */
export function selectRows(columns: IncidentColumns, filter: ColumnFilter, asOf: number): Uint32Array {
  const test = new RowFilter(columns, filter, asOf);
  const rows = new Uint32Array(Math.max(0, test.end - test.start) + test.tailEnd - test.tailStart);
  let count = 0;
  for (let i = test.start; i < test.end; i++) if (test.holds(i)) rows[count++] = i;
  const ordered = count;
  for (let i = test.tailStart; i < test.tailEnd; i++) if (test.holdsAnywhere(i)) rows[count++] = i;
  const found = rows.subarray(0, count);
  if (ordered < count) sortTailIn(columns.opened, found, ordered);
  return found;
}

/** Puts the row numbers from `ordered` on in place among those before, which are in order of `opened`. */
export function sortTailIn(opened: Int32Array, rows: Uint32Array, ordered: number): void {
  const time = (row: number): number => opened[row] as number;
  const tail = rows.slice(ordered).sort((a, b) => time(a) - time(b) || a - b);
  let to = rows.length - 1;
  let from = ordered - 1;
  for (let t = tail.length - 1; t >= 0; t--) {
    const row = tail[t] as number;
    while (from >= 0 && time(rows[from] as number) > time(row)) rows[to--] = rows[from--] as number;
    rows[to--] = row;
  }
}
