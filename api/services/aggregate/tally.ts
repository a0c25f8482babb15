import type { ColumnArray } from "../../../data/columns/format.ts";
import { bugError } from "../../../data/model/errors.ts";
import type { CellBox, CountBy, CountedCases } from "../../../db/rollups/case-counts.ts";

/** Counts as columns, in one order whoever made them: equal counts give equal bytes. */
export interface TallyColumns {
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnArray>>;
  readonly names: readonly string[];
}

/** Counts of every name on every day of a stretch, as memory gives them. */
export interface DenseDays {
  /** Sorted, each once. */
  readonly names: readonly string[];
  /** Days since 1970-01-01, ascending. */
  readonly days: Int32Array;
  /** `counts[name * days.length + day]`. */
  readonly counts: Int32Array;
}

/** Squares of answers that were given: the engine takes longer to find and clear fresh memory than to count in it. */
const spareCells: Int32Array[] = [];
const MAX_SPARE = 4;

function takeCells(length: number): Int32Array {
  const spare = spareCells.pop();
  return spare && spare.length >= length ? spare.subarray(0, length).fill(0) : new Int32Array(length);
}

function giveCells({ buffer }: Int32Array): void {
  if (spareCells.length < MAX_SPARE) spareCells.push(new Int32Array(buffer));
}

/** Adds up counts of one question that come from several places. */
export class Tally {
  readonly #by: CountBy;
  /** Of a heat: every square of the box, row by row from the south. */
  #cells: Int32Array | undefined;
  /** Of a trend or ranking: counts by name, then day (0 in a ranking). */
  readonly #counts = new Map<string, Map<number, number>>();
  /** What memory counted, as long as nothing else was added: a year of classes is 40,000 numbers. */
  #dense: DenseDays | undefined;

  constructor(by: CountBy) {
    this.#by = by;
  }

  /** Squares of a heat's box so far, row by row from the south, to be added to before the next `columns()`. */
  get cells(): Int32Array {
    if (this.#by.kind !== "heat") throw bugError("only a heat has squares");
    const { west, south, east, north } = this.#by.box;
    this.#cells ??= takeCells((east - west + 1) * (north - south + 1));
    return this.#cells;
  }

  /** Adds what memory counted of a trend; the arrays become the tally's own. */
  addDays(dense: DenseDays): void {
    if (this.#counts.size > 0 || this.#dense) this.#spread(dense);
    else this.#dense = dense;
  }

  #spread({ names, days, counts }: DenseDays): void {
    for (let at = 0; at < counts.length; at++) {
      const count = counts[at] as number;
      if (count !== 0) this.add(names[Math.floor(at / days.length)] as string, days[at % days.length] as number, count);
    }
  }

  /** Adds cases of a class and day, or of an area (day 0). */
  add(name: string, day: number, count: number): void {
    const days = this.#counts.get(name) ?? new Map<number, number>();
    if (days.size === 0) this.#counts.set(name, days);
    days.set(day, (days.get(day) ?? 0) + count);
  }

  /** Adds what the database counted. */
  addCounted({ rows, columns, names }: CountedCases): void {
    const [{ x, y, name, day, count }, by] = [columns, this.#by];
    if (!count) throw bugError("counted cases without a count");
    if (by.kind === "heat") {
      const { west, south, east } = by.box;
      const across = east - west + 1;
      const { cells } = this;
      for (let i = 0; i < rows; i++) {
        const at = ((y?.[i] as number) - south) * across + (x?.[i] as number) - west;
        cells[at] = (cells[at] as number) + (count[i] as number);
      }
      return;
    }
    for (let i = 0; i < rows; i++)
      this.add(names[name?.[i] as number] as string, day ? (day[i] as number) : 0, count[i] as number);
  }

  /** The counts, once: a heat by row and column, a trend by class and day, a ranking by code. */
  columns(): TallyColumns {
    if (this.#by.kind === "heat") return this.#heatColumns(this.#by.box);
    if (this.#dense && this.#counts.size === 0) return denseColumns(this.#dense);
    if (this.#dense) this.#spread(this.#dense);
    this.#dense = undefined;
    return this.#namedColumns(this.#by.kind === "trend");
  }

  #heatColumns(box: CellBox): TallyColumns {
    const columns = heatColumns(box, this.cells);
    giveCells(this.cells);
    this.#cells = undefined;
    return columns;
  }

  #namedColumns(byDay: boolean): TallyColumns {
    const names = [...this.#counts.keys()].sort();
    const rows = names.reduce((sum, name) => sum + (this.#counts.get(name)?.size ?? 0), 0);
    const index = byDay ? new Uint16Array(rows) : new Uint32Array(rows);
    const [day, count] = [new Int32Array(rows), new Uint32Array(rows)];
    let n = 0;
    names.forEach((name, at) => {
      const days = [...(this.#counts.get(name) ?? [])].sort(([a], [b]) => a - b);
      for (const [when, cases] of days) {
        index[n] = at;
        day[n] = when;
        count[n++] = cases;
      }
    });
    return { rows, columns: byDay ? { name: index, day, count } : { name: index, count }, names };
  }
}

/** Squares of a box as columns, row by row from the south, without the empty ones. Counts take as few bytes as they need. */
function heatColumns({ west, east, south }: CellBox, cells: Int32Array): TallyColumns {
  let [rows, most] = [0, 0];
  for (let at = 0; at < cells.length; at++) {
    const count = cells[at] as number;
    if (count === 0) continue;
    rows = (rows + 1) | 0;
    if (count > most) most = count;
  }
  const [x, y, count] = [new Int32Array(rows), new Int32Array(rows), countsUpTo(most, rows)];
  for (let row = south, at = 0, n = 0; at < cells.length; row++)
    for (let column = west; column <= east; column++, at++) {
      const cases = cells[at] as number;
      if (cases === 0) continue;
      x[n] = column;
      y[n] = row;
      count[n] = cases;
      n = (n + 1) | 0;
    }
  return { rows, columns: { x, y, count }, names: [] };
}

/** An array for counts, each as wide as the largest needs. */
const countsUpTo = (most: number, rows: number): Uint8Array | Uint16Array | Uint32Array =>
  most < 2 ** 8 ? new Uint8Array(rows) : most < 2 ** 16 ? new Uint16Array(rows) : new Uint32Array(rows);

/** Counts of a trend by name and day; names without a case are left out. */
function denseColumns({ names, days, counts }: DenseDays): TallyColumns {
  const held: string[] = [];
  let rows = 0;
  for (let at = 0; at < counts.length; at++) if (counts[at] !== 0) rows++;
  const [name, day, count] = [new Uint16Array(rows), new Int32Array(rows), new Uint32Array(rows)];
  let n = 0;
  names.forEach((code, kind) => {
    const first = n;
    for (let k = 0; k < days.length; k++) {
      const cases = counts[kind * days.length + k] as number;
      if (cases === 0) continue;
      name[n] = held.length;
      day[n] = days[k] as number;
      count[n++] = cases;
    }
    if (n > first) held.push(code);
  });
  return { rows, columns: { name, day, count }, names: held };
}
