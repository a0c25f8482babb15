import type { CellGrid } from "./cell-counts.ts";
import { firstRowAt } from "./incident-columns.ts";

/** Counts of the cells that hold cases, by the number of the cell. */
export type CubePlane = Uint16Array | Uint32Array;

/** Cells that the directory may have: a box of 280 by 220 km. */
const MAX_DIRECTORY = 4_000_000;
/** Cells around what is known that the directory has at once. */
const MARGIN = 64;
/** Room for cells that are new later. */
const SPARE = 1 / 8;
const MOST_OF_16_BITS = 65_535;

/** Numbers for the cells of a lattice that hold cases, and how many each holds: planes have a count for each. */
export class CubeCells {
  readonly #edge: number;
  /** Number of each cell of a box, plus 1; 0 where no case was. */
  #directory = new Int32Array(0);
  #west = 0;
  #south = 0;
  #across = 0;
  #down = 0;
  /** Cells east and north of the lattice's origin, by number. */
  #x = new Int32Array(1024);
  #y = new Int32Array(1024);
  /** Cases of a cell, whatever their kind and time: what tells how wide counts must be. */
  #held = new Uint32Array(1024);
  #wide = false;
  /** First cell of each row from `#firstRow` on, and the end of the last one: `settle` put them in order. */
  #rowStart: readonly number[] = [];
  #firstRow = 0;
  count = 0;

  /** @param edge of a cell, 1e-7 degree */
  constructor(edge: number) {
    this.#edge = edge;
  }

  /** Cells that a plane has room for. */
  get capacity(): number {
    return this.#x.length;
  }

  /** Bytes of a count. */
  get width(): 2 | 4 {
    return this.#wide ? 4 : 2;
  }

  /** Bytes of what finds the cells. */
  get bytes(): number {
    return this.#x.length * 12 + this.#directory.byteLength;
  }

  /**
   * Number of the cell that a place lies in; a new one where it held nothing yet, which may change `capacity`.
   *
   * @param by what the cell's own count changes by
   * @param counted true where `settle` knows the case already
   * @returns -1 where it lies too far from the others
   */
  add(lon: number, lat: number, by: 1 | -1 = 1, counted = false): number {
    const x = Math.floor(lon / this.#edge);
    const y = Math.floor(lat / this.#edge);
    const dx = x - this.#west;
    const dy = y - this.#south;
    if (dx < 0 || dy < 0 || dx >= this.#across || dy >= this.#down) {
      if (!this.#reach(x, y)) return -1;
      return this.add(lon, lat, by, counted);
    }
    const at = dy * this.#across + dx;
    let cell = (this.#directory[at] as number) - 1;
    if (cell < 0) {
      cell = this.count++;
      if (cell === this.#x.length) this.#grow(Math.ceil(cell * (1 + 2 * SPARE)));
      this.#x[cell] = x;
      this.#y[cell] = y;
      this.#directory[at] = cell + 1;
    }
    if (!counted) this.#held[cell] = (this.#held[cell] as number) + by;
    return cell;
  }

  /** Makes the directory reach a cell. @returns false where it would be too large */
  #reach(x: number, y: number): boolean {
    const isEmpty = this.count === 0;
    const west = Math.min(x - MARGIN, isEmpty ? x : this.#west);
    const south = Math.min(y - MARGIN, isEmpty ? y : this.#south);
    const across = Math.max(x + MARGIN, isEmpty ? x : this.#west + this.#across) - west;
    const down = Math.max(y + MARGIN, isEmpty ? y : this.#south + this.#down) - south;
    if (across * down > MAX_DIRECTORY) return false;
    [this.#west, this.#south, this.#across, this.#down] = [west, south, across, down];
    this.#directory = new Int32Array(across * down);
    for (let cell = 0; cell < this.count; cell++)
      this.#directory[((this.#y[cell] as number) - south) * across + (this.#x[cell] as number) - west] = cell + 1;
    return true;
  }

  /** Orders the cells, row by row from the south, so that neighbours are neighbours in memory; numbers change. */
  settle(): void {
    const [x, y, held] = [this.#x, this.#y, this.#held];
    const capacity = Math.ceil(this.count * (1 + SPARE)) + MARGIN;
    this.#x = new Int32Array(capacity);
    this.#y = new Int32Array(capacity);
    this.#held = new Uint32Array(capacity);
    let cell = 0;
    for (let at = 0; at < this.#directory.length; at++) {
      const before = (this.#directory[at] as number) - 1;
      if (before < 0) continue;
      this.#x[cell] = x[before] as number;
      this.#y[cell] = y[before] as number;
      this.#held[cell] = held[before] as number;
      this.#directory[at] = ++cell;
    }
    this.#firstRow = this.#y[0] as number;
    const rows = this.count === 0 ? 0 : (this.#y[this.count - 1] as number) - this.#firstRow + 1;
    this.#rowStart = Array.from({ length: rows + 1 }, (_, row) =>
      firstRowAt(this.#y, row + this.#firstRow, 0, this.count),
    );
    this.#wide = this.#held.some((count) => count > MOST_OF_16_BITS / 2);
  }

  /** Whether another case of a cell may not fit into a plane any more. */
  isFull(cell: number): boolean {
    return !this.#wide && (this.#held[cell] as number) > MOST_OF_16_BITS;
  }

  /** Counts become as wide as it takes; planes are to be `resized`. */
  widen(): void {
    this.#wide = true;
  }

  newPlane(): CubePlane {
    return this.#wide ? new Uint32Array(this.capacity) : new Uint16Array(this.capacity);
  }

  /** A plane of the present capacity and width with the same counts. */
  resized(plane: CubePlane): CubePlane {
    const larger = this.newPlane();
    larger.set(plane);
    return larger;
  }

  /**
   * The cells in a grid as runs: cells `[from, to)` lie in one row of it. Later cells are in no order: each is a run.
   *
   * @param steps squares of the grid are 2 ** `steps` cells wide
   * @returns `from`, `to` and where the row begins among the grid's counts, less its first column: three numbers a run
   */
  runs(grid: CellGrid, steps: number): readonly number[] {
    const { across, down } = grid;
    const west = Math.round(grid.west / grid.edgeX);
    const south = Math.round(grid.south / grid.edgeY);
    const runs: number[] = [];
    const [first, end] = [west << steps, (west + across) << steps];
    for (let row = 0; row + 1 < this.#rowStart.length; row++) {
      const y = ((row + this.#firstRow) >> steps) - south;
      if (y < 0 || y >= down) continue;
      const from = firstRowAt(this.#x, first, this.#rowStart[row], this.#rowStart[row + 1]);
      const to = firstRowAt(this.#x, end, from, this.#rowStart[row + 1]);
      if (from < to) runs.push(from, to, y * across - west);
    }
    for (let cell = this.#rowStart.at(-1) ?? 0; cell < this.count; cell++) {
      const [x, y] = [((this.#x[cell] as number) >> steps) - west, ((this.#y[cell] as number) >> steps) - south];
      if (x >= 0 && y >= 0 && x < across && y < down) runs.push(cell, cell + 1, y * across - west);
    }
    return runs;
  }

  /** Adds sums of a run's cells, from the start of `sums` on, to the counts of a grid. */
  addRun(sums: Int32Array, from: number, to: number, base: number, steps: number, counts: Int32Array): void {
    const x = this.#x;
    for (let cell = from, i = 0; cell < to; cell++, i++) {
      const at = (base + ((x[cell] as number) >> steps)) | 0;
      counts[at] = ((counts[at] as number) + (sums[i] as number)) | 0;
    }
  }

  #grow(capacity: number): void {
    const [x, y, held] = [this.#x, this.#y, this.#held];
    this.#x = new Int32Array(capacity);
    this.#y = new Int32Array(capacity);
    this.#held = new Uint32Array(capacity);
    this.#x.set(x);
    this.#y.set(y);
    this.#held.set(held);
  }
}
