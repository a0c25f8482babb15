import { FLAG, gridRange, type IncidentColumns, isLateRow, NO_GRID } from "./incident-columns.ts";

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
}

const lookup = (values: readonly number[] | undefined): Uint8Array | undefined => {
  if (!values) return undefined;
  const table = new Uint8Array(256);
  for (const value of values) table[value] = 1;
  return table;
};

/** First row whose `opened` is at least `seconds`; rows are sorted by `opened`. */
export function firstRowAt(opened: Int32Array, seconds: number): number {
  let low = 0;
  let high = opened.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((opened[middle] as number) < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Rows that a filter holds, in order of `opened`.
 *
 * @param asOf instant to judge lateness at, epoch seconds
 */
export function selectRows(columns: IncidentColumns, filter: ColumnFilter, asOf: number): Uint32Array {
  const start = filter.from === undefined ? 0 : firstRowAt(columns.opened, filter.from);
  const end = filter.to === undefined ? columns.rows : firstRowAt(columns.opened, filter.to);
  const [gridFrom, gridTo] = filter.inside ? gridRange(columns.grids, filter.inside) : [0, Number.POSITIVE_INFINITY];
  // A whole county also holds what lies outside every area.
  const wholeCounty = !filter.inside || filter.inside.length === 6;
  const wanted = filter.classes;
  const classes = wanted
    ? Uint8Array.from(columns.classes, (code) => (wanted.some((prefix) => code.startsWith(prefix)) ? 1 : 0))
    : undefined;
  const states = lookup(filter.states);
  const severities = lookup(filter.severities);
  const sources = lookup(filter.sources);
  const rows = new Uint32Array(Math.max(0, end - start));
  let count = 0;
  for (let i = start; i < end; i++) {
    const grid = columns.grid[i] as number;
    if (grid === NO_GRID ? !wholeCounty : grid < gridFrom || grid >= gridTo) continue;
    if (classes && !classes[columns.classIndex[i] as number]) continue;
    if (states && !states[columns.state[i] as number]) continue;
    if (severities && !severities[columns.severity[i] as number]) continue;
    if (sources && !sources[columns.source[i] as number]) continue;
    if (filter.withoutSuspicious && (columns.flags[i] as number) & FLAG.suspicious) continue;
    if (filter.late !== undefined && isLateRow(columns, i, asOf) !== filter.late) continue;
    rows[count++] = i;
  }
  return rows.subarray(0, count);
}
