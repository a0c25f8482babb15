import type { IncidentColumns } from "../columns/incident-columns.ts";
import type { LatticeBox } from "./tile-math.ts";

/** Rows in a cell of the index, about: fewer cost memory, more cost looking at rows that lie outside a tile. */
const ROWS_PER_CELL = 16;
const MAX_CELLS_ACROSS = 1024;
/** Rows behind the indexed ones that are looked at one by one; with more the index is made anew. */
const MAX_TAIL = 16_384;

/** Columns as a store keeps them: `layout` counts changes of row numbers. */
type Stored = IncidentColumns & { readonly first?: number; readonly sorted?: number; readonly layout?: number };

/**
 * Which rows of columns may lie in a box: rows by the cells of a grid over them all, 4 bytes each. Good as long as rows
 * keep their numbers and places, as a store's do between changes of `layout`; what comes behind them is in every answer.
 */
export class RowIndex {
  readonly #layout: number | undefined;
  readonly #indexed: number;
  readonly #west: number;
  readonly #south: number;
  readonly #across: number;
  readonly #width: number;
  readonly #height: number;
  /** Rows of cell `n`, row by row of cells: `#rows[#starts[n] … #starts[n + 1])`. */
  readonly #starts: Uint32Array;
  readonly #rows: Uint32Array;

  constructor(columns: Stored) {
    const { lon, lat } = columns;
    const first = columns.first ?? 0;
    // The tail's slots are used again for other cases: it is not indexed.
    const end = columns.sorted ?? columns.rows;
    this.#layout = columns.layout;
    this.#indexed = end;
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let row = first; row < end; row++) {
      const [x, y] = [lon[row] as number, lat[row] as number];
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < south) south = y;
      if (y > north) north = y;
    }
    const count = Math.max(0, end - first);
    this.#west = count === 0 ? 0 : west;
    this.#south = count === 0 ? 0 : south;
    this.#across = Math.min(MAX_CELLS_ACROSS, Math.max(1, Math.ceil(Math.sqrt(count / ROWS_PER_CELL))));
    this.#width = count === 0 ? 1 : (east - west + 1) / this.#across;
    this.#height = count === 0 ? 1 : (north - south + 1) / this.#across;
    const cells = this.#across * this.#across;
    this.#starts = new Uint32Array(cells + 1);
    this.#rows = new Uint32Array(count);
    for (let row = first; row < end; row++) {
      const next = this.#cellOf(lon[row] as number, lat[row] as number) + 1;
      this.#starts[next] = (this.#starts[next] as number) + 1;
    }
    for (let cell = 0; cell < cells; cell++)
      this.#starts[cell + 1] = (this.#starts[cell + 1] as number) + (this.#starts[cell] as number);
    const free = this.#starts.slice(0, cells);
    for (let row = first; row < end; row++) {
      const cell = this.#cellOf(lon[row] as number, lat[row] as number);
      const place = free[cell] as number;
      free[cell] = place + 1;
      this.#rows[place] = row;
    }
  }

  #cellOf(lon: number, lat: number): number {
    const column = ((lon - this.#west) / this.#width) | 0;
    const row = ((lat - this.#south) / this.#height) | 0;
    return row * this.#across + column;
  }

  /** Does it still tell of these columns? */
  isFor(columns: Stored): boolean {
    return (
      columns.layout === this.#layout &&
      columns.rows >= this.#indexed &&
      columns.rows - this.#indexed <= MAX_TAIL &&
      (columns.sorted ?? columns.rows) >= this.#indexed
    );
  }

  /** Calls back for every row that may lie in a box: all that do, some that do not, holes too. */
  visit(columns: Stored, box: LatticeBox, look: (row: number) => void): void {
    const clamp = (value: number): number => Math.min(this.#across - 1, Math.max(0, Math.floor(value)));
    const [west, east] = [clamp((box.west - this.#west) / this.#width), clamp((box.east - this.#west) / this.#width)];
    const [south, north] = [
      clamp((box.south - this.#south) / this.#height),
      clamp((box.north - this.#south) / this.#height),
    ];
    for (let row = south; row <= north; row++) {
      const from = this.#starts[row * this.#across + west] as number;
      const to = this.#starts[row * this.#across + east + 1] as number;
      for (let at = from; at < to; at++) look(this.#rows[at] as number);
    }
    for (let row = this.#indexed; row < columns.rows; row++) look(row);
  }
}
