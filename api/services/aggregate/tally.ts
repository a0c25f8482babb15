import type { ColumnArray } from "../../../data/columns/format.ts";
import { bugError } from "../../../data/model/errors.ts";
import type { CountBy, CountedCases } from "../../../db/rollups/case-counts.ts";

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

/** Adds up counts of one question that come from several places. */
export class Tally {
  readonly #by: CountBy;
  /** Of a heat: every square of the box, row by row from the south. */
  #cells: Uint32Array | undefined;
  /** Of a trend or ranking: counts by name, then day (0 in a ranking). */
  readonly #counts = new Map<string, Map<number, number>>();
  /** What memory counted, as long as nothing else was added: a year of classes is 40,000 numbers. */
  #dense: DenseDays | undefined;

  constructor(by: CountBy) {
    this.#by = by;
  }

  /** Adds squares of the whole box, row by row from the south; the array becomes the tally's own. */
  addCells(cells: Uint32Array): void {
    if (!this.#cells) {
      this.#cells = cells;
      return;
    }
    const sum = this.#cells;
    for (let at = 0; at < cells.length; at++) sum[at] = (sum[at] as number) + (cells[at] as number);
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
      const { west, south, east, north } = by.box;
      const across = east - west + 1;
      this.#cells ??= new Uint32Array(across * (north - south + 1));
      const cells = this.#cells;
      for (let i = 0; i < rows; i++) {
        const at = ((y?.[i] as number) - south) * across + (x?.[i] as number) - west;
        cells[at] = (cells[at] as number) + (count[i] as number);
      }
      return;
    }
    for (let i = 0; i < rows; i++)
      this.add(names[name?.[i] as number] as string, day ? (day[i] as number) : 0, count[i] as number);
  }

  /** The counts: a heat by row and column, a trend by class and day, a ranking by code. */
  columns(): TallyColumns {
    if (this.#by.kind === "heat") return this.#heatColumns(this.#by.box);
    if (this.#dense && this.#counts.size === 0) return denseColumns(this.#dense);
    if (this.#dense) this.#spread(this.#dense);
    this.#dense = undefined;
    return this.#namedColumns(this.#by.kind === "trend");
  }

  #heatColumns(box: Extract<CountBy, { kind: "heat" }>["box"]): TallyColumns {
    const cells = this.#cells ?? new Uint32Array(0);
    const across = box.east - box.west + 1;
    let rows = 0;
    for (let at = 0; at < cells.length; at++) if (cells[at] !== 0) rows++;
    const [x, y, count] = [new Int32Array(rows), new Int32Array(rows), new Uint32Array(rows)];
    let n = 0;
    for (let at = 0; at < cells.length; at++) {
      if (cells[at] === 0) continue;
      x[n] = box.west + (at % across);
      y[n] = box.south + Math.floor(at / across);
      count[n++] = cells[at] as number;
    }
    return { rows, columns: { x, y, count }, names: [] };
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
