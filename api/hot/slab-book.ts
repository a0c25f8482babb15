import { setImmediate } from "node:timers/promises";
import type { ColumnTable } from "../../data/columns/format.ts";
import { hashRows } from "../../data/columns/hash-rows.ts";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import { type ColumnFilter, RowFilter, selectRows } from "../../data/columns/select.ts";
import { slabPlan } from "../../data/columns/slab-plan.ts";
import type { HotCounty } from "./types.ts";

/** A window of time of a viewer's cases. */
export interface BookedSlab {
  /** Epoch seconds `[from, to)`; undefined = open on that side (the oldest, the newest). */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly rows: number;
  /** Names its content: equal for equal cases; undefined where it also changes with the clock (cells). */
  readonly hash: string | undefined;
}

/** Slabs that are hashed before others get their turn. */
const SLABS_AT_ONCE = 8;

/** Where a kiosk gets cells in the place of points. */
export interface CellsBefore {
  /** Epoch seconds: cases opened before are cells, whose days of deadline depend on whether they are late by now. */
  readonly points: number;
  /** Moves a boundary to where it may lie: to the start of a day, which all cases of a day share. */
  readonly align: (seconds: number) => number;
}

/**
 * The slabs of one cut of a county in memory, oldest first, and what they hash to. Kept from version to version: only slabs
 * in which a case changed are looked at again.
 */
export class SlabBook {
  readonly #cut: ColumnFilter;
  readonly #cells: CellsBefore | undefined;
  #slabs: readonly BookedSlab[] = [];
  #version: { readonly hot: HotCounty; readonly liveVersion: number } | undefined;
  #working: Promise<readonly BookedSlab[]> | undefined;

  /** @param cut the viewer's cut as a filter without a window */
  constructor(cut: ColumnFilter, cells?: CellsBefore) {
    this.#cut = cut;
    this.#cells = cells;
  }

  /** The slabs at the county's version, or one that it reached meanwhile. */
  async slabs(hot: HotCounty): Promise<readonly BookedSlab[]> {
    if (this.#version?.hot === hot && this.#version.liveVersion === hot.liveVersion) return this.#slabs;
    this.#working ??= this.#update(hot).finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  async #update(hot: HotCounty): Promise<readonly BookedSlab[]> {
    const known = this.#version?.hot === hot ? hot.touchedSince(this.#version.liveVersion) : undefined;
    const touched = known ? [...known].sort((a, b) => a - b) : undefined;
    const liveVersion = hot.liveVersion;
    // Boundaries depend on what lies before them: slabs before the first change stay as they are.
    const first = touched?.[0];
    const kept = touched
      ? this.#slabs.filter(({ to }) => first === undefined || (to !== undefined && to <= first))
      : [];
    if (touched && first === undefined) {
      this.#version = { hot, liveVersion };
      return this.#slabs;
    }
    const unchanged = new Map(
      touched ? this.#slabs.filter((slab) => !isTouched(slab, touched)).map((slab) => [keyOf(slab), slab]) : [],
    );
    const start = kept.at(-1)?.to;
    const slabs = [...kept];
    let hashed = 0;
    for (const window of this.#windows(hot, start, kept.length === 0)) {
      const same = unchanged.get(keyOf(window));
      if (!same && hashed++ % SLABS_AT_ONCE === SLABS_AT_ONCE - 1) await setImmediate();
      slabs.push(same ?? this.#measure(hot, window));
    }
    // What changed while others had their turn is found by the next call: the version is that of the beginning.
    this.#slabs = slabs;
    this.#version = { hot, liveVersion };
    return slabs;
  }

  #windows(hot: HotCounty, start: number | undefined, isOldest: boolean): Pick<BookedSlab, "from" | "to">[] {
    const filter = { ...this.#cut, ...(start === undefined ? {} : { from: start }) };
    const planned = slabPlan(hot.columns, new RowFilter(hot.columns, filter, 0));
    const align = this.#cells?.align ?? ((end: number): number => end);
    const ends = planned.flatMap(({ to }) => (to === undefined ? [] : [align(to)]));
    const bounds = [...new Set(ends)].filter((end) => start === undefined || end > start);
    return [...bounds, undefined].map((to, i) => ({
      from: i === 0 ? (isOldest ? undefined : start) : bounds[i - 1],
      to,
    }));
  }

  #measure(hot: HotCounty, { from, to }: Pick<BookedSlab, "from" | "to">): BookedSlab {
    const filter = {
      ...this.#cut,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
    const test = new RowFilter(hot.columns, filter, 0);
    const timeless = !this.#cells || (from !== undefined && from >= this.#cells.points);
    const rows = selectRows(hot.columns, filter, 0).length;
    return { from, to, rows, hash: timeless ? hashRows(hot.columns, test) : undefined };
  }
}

/** Hash of the content of a table of cases: equal for equal cases, wherever they were read. */
export const tableHash = (table: ColumnTable): string => {
  const columns = incidentColumns(table);
  return hashRows(columns, new RowFilter(columns, {}, 0));
};

const keyOf = ({ from, to }: Pick<BookedSlab, "from" | "to">): string => `${from} ${to}`;

const isTouched = ({ from, to }: BookedSlab, touched: readonly number[]): boolean =>
  touched.some((time) => (from === undefined || time >= from) && (to === undefined || time < to));
