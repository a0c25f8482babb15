import type { BoxIndex } from "../columns/box-index.ts";
import { firstRowAt, type IncidentColumns } from "../columns/incident-columns.ts";
import { RowFilter } from "../columns/select.ts";
import { copyRow, copyRows, newArrays, ROW_BYTES, STORE_COLUMNS, type StoreArrays } from "../columns/store-arrays.ts";
import { rowsByRef } from "./rows-by-ref.ts";
import { boxOfTile, holds, type TileId, tileAt } from "./tile-math.ts";

/** Columns whose cases are found by number; −1 = there is none. */
type NumberedColumns = IncidentColumns & { rowOf(ref: number): number };

/** Cases of a tile, and the numbers of those that changed since. */
interface Kept {
  cases: IncidentColumns;
  changed: Set<number>;
}

/** A tile whose cases take more than this share of what all may take is read anew each time. */
const MOST_OF_ALL = 1 / 4;
/** A tile in which more cases changed than these is fetched anew. */
const MOST_CHANGED = 64;
/** What a tile takes beside its cases, about. */
const TILE_BYTES = 256;
/** Zooms and columns of tiles as one number: 2^5 zooms of 2^22 columns and rows. */
const SIDE = 2 ** 22;

const keyOf = ({ z, x, y }: TileId): number => (z * SIDE + x) * SIDE + y;
const tileOf = (key: number): TileId => ({
  z: Math.floor(key / SIDE / SIDE),
  x: Math.floor(key / SIDE) % SIDE,
  y: key % SIDE,
});

/**
 * Cases of tiles that were asked for lately, side by side and in order of `ref`. Rows of a tile lie apart in columns that
 * are in order of time: fetching them waits for memory longer than writing the tile takes. The same tile is asked for by
 * many, with other filters, by other viewers and anew each minute, so what was fetched once is kept.
 *
 * Whoever changes the columns says so (`changed`) before and after, with the place that the case has then: it is put in its
 * place when the tile is asked for again.
 */
export class TileCases {
  readonly #columns: NumberedColumns;
  readonly #box: BoxIndex;
  readonly #budget: number;
  /** By use, the longest unused first. */
  readonly #kept = new Map<number, Kept>();
  /** How many tiles are kept of each zoom. */
  readonly #ofZoom = new Map<number, number>();
  #rows = 0;

  /** @param budget bytes that the cases kept may take */
  constructor(columns: NumberedColumns, box: BoxIndex, budget: number) {
    this.#columns = columns;
    this.#box = box;
    this.#budget = budget;
  }

  /** Bytes of the cases kept. */
  get bytes(): number {
    return this.#rows * ROW_BYTES;
  }

  /** Tiles whose cases are kept. */
  get tiles(): number {
    return this.#kept.size;
  }

  /** All cases of a tile, whoever may see them, in order of `ref`. They stay as they are, whatever changes after. */
  of(tile: TileId): IncidentColumns {
    const key = keyOf(tile);
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      if (known.changed.size > 0) this.#patch(tile, known);
      return known.cases;
    }
    const cases = this.#gather(tile);
    if (cases.rows * ROW_BYTES > this.#budget * MOST_OF_ALL) return cases;
    this.#kept.set(key, { cases, changed: new Set() });
    this.#ofZoom.set(tile.z, (this.#ofZoom.get(tile.z) ?? 0) + 1);
    this.#rows += cases.rows;
    for (const oldest of this.#kept.keys()) {
      // Tiles without cases take room too, in the list itself.
      if (this.bytes + this.#kept.size * TILE_BYTES <= this.#budget) break;
      this.#forget(oldest);
    }
    return cases;
  }

  /** A case lies, or lay until now, at a place. @param lon, lat 1e-7 degree */
  changed(ref: number, lon: number, lat: number): void {
    for (const z of this.#ofZoom.keys()) {
      const tile = tileAt(lon, lat, z);
      const kept = tile && this.#kept.get(keyOf(tile));
      if (!kept) continue;
      kept.changed.add(ref);
      if (kept.changed.size > MOST_CHANGED) this.#forget(keyOf(tile));
    }
  }

  /** Forgets all, so that their memory is free. */
  clear(): void {
    this.#kept.clear();
    this.#ofZoom.clear();
    this.#rows = 0;
  }

  /** Whether what is kept of one tile is what the columns hold now. @param random 0 … 1, chooses the tile */
  isExact(random: number): boolean {
    const key = [...this.#kept.keys()][Math.floor(random * this.#kept.size)];
    if (key === undefined) return true;
    const [kept, now] = [this.of(tileOf(key)), this.#gather(tileOf(key))];
    return (
      now.rows === kept.rows &&
      STORE_COLUMNS.every((name) => now[name].every((value, row) => value === kept[name][row]))
    );
  }

  #forget(key: number): void {
    const { z } = tileOf(key);
    const left = (this.#ofZoom.get(z) ?? 1) - 1;
    if (left === 0) this.#ofZoom.delete(z);
    else this.#ofZoom.set(z, left);
    this.#rows -= this.#kept.get(key)?.cases.rows ?? 0;
    this.#kept.delete(key);
  }

  /** Takes the cases that changed out of a tile, and those that lie in it now in, as they are now. */
  #patch(tile: TileId, kept: Kept): void {
    const columns = this.#columns;
    const box = boxOfTile(tile);
    const { cases } = kept;
    const places = [...kept.changed]
      .sort((a, b) => a - b)
      .map((ref) => {
        const at = firstRowAt(cases.ref, ref);
        const row = columns.rowOf(ref);
        const isIn = row >= 0 && holds(box, columns.lon[row] as number, columns.lat[row] as number);
        return { at, was: cases.ref[at] === ref ? 1 : 0, row, is: isIn ? 1 : 0 };
      });
    const rows = places.reduce((sum, { was, is }) => sum + is - was, cases.rows);
    const into = newArrays(rows);
    let [from, to] = [0, 0];
    for (const { at, was, row, is } of places) {
      copyRows(cases, from, at, into, to);
      to += at - from;
      from = at + was;
      if (is === 1) copyRow(columns, row, into, to);
      to += is;
    }
    copyRows(cases, from, cases.rows, into, to);
    this.#rows += rows - cases.rows;
    kept.cases = { ...cases, ...into, rows };
    kept.changed.clear();
  }

  #gather(tile: TileId): IncidentColumns {
    const { west, south, east, north } = boxOfTile(tile);
    const columns = this.#columns;
    const found = this.#box.rows([west, south, east - 1, north - 1], new RowFilter(columns, {}, 0));
    const { county, version, asOf, classes, grids } = columns;
    const rows = found.length;
    // In no order of time: whoever filters them looks at each.
    return {
      county,
      version,
      asOf,
      classes,
      grids,
      rows,
      sorted: 0,
      ...sideBySide(columns, rowsByRef(columns, found)),
    };
  }
}

/** Rows of columns side by side, fetched column by column: the processor then waits for many of them at a time. */
function sideBySide(columns: IncidentColumns, rows: Uint32Array): StoreArrays {
  const into = newArrays(rows.length);
  for (const name of STORE_COLUMNS) {
    const [from, to] = [columns[name], into[name]];
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i] as number] as number;
  }
  return into;
}
