import type { CellGrid } from "./cell-counts.ts";

/** Counts of the cells that hold cases, by the number of the cell. */
export type CubePlane = Uint16Array | Uint32Array;

/** Cells from the first one on, in each direction, that a number names: 20 degrees of the smallest squares. */
const REACH = 1 << 14;
/** Room for cells that are new later. */
const SPARE = 1 / 8;
const MOST_OF_16_BITS = 65_535;

/** Numbers for the cells of a lattice that hold cases, and how many each holds: planes have a count for each. */
export class CubeCells {
  readonly #edge: number;
  readonly #numbers = new Map<number, number>();
  /** Of the first case's cell. */
  #originX: number | undefined;
  #originY = 0;
  /** Cells east and north of the lattice's origin, by number. */
  #x = new Int32Array(1024);
  #y = new Int32Array(1024);
  /** Cases of a cell, whatever their kind and time: what tells how wide counts must be. */
  #held = new Uint32Array(1024);
  #wide = false;
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

  /** Bytes of the numbers, the table among them (estimated at 40 a cell). */
  get bytes(): number {
    return this.#x.length * 12 + this.count * 40;
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
    if (this.#originX === undefined) {
      this.#originX = x;
      this.#originY = y;
    }
    const dx = x - this.#originX + REACH;
    const dy = y - this.#originY + REACH;
    if (dx < 0 || dy < 0 || dx >= 2 * REACH || dy >= 2 * REACH) return -1;
    const key = dy * 2 * REACH + dx;
    let cell = this.#numbers.get(key);
    if (cell === undefined) {
      cell = this.count++;
      if (cell === this.#x.length) this.#grow(Math.ceil(cell * (1 + 2 * SPARE)));
      this.#x[cell] = x;
      this.#y[cell] = y;
      this.#numbers.set(key, cell);
    }
    if (!counted) this.#held[cell] = (this.#held[cell] as number) + by;
    return cell;
  }

  /** Orders the cells, row by row from the south, so that neighbours are neighbours in memory; numbers change. */
  settle(): void {
    const cells = [...this.#numbers].sort(([a], [b]) => a - b);
    const [x, y, held] = [this.#x, this.#y, this.#held];
    const capacity = Math.ceil(this.count * (1 + SPARE)) + 64;
    this.#x = new Int32Array(capacity);
    this.#y = new Int32Array(capacity);
    this.#held = new Uint32Array(capacity);
    cells.forEach(([key, before], cell) => {
      this.#numbers.set(key, cell);
      this.#x[cell] = x[before] as number;
      this.#y[cell] = y[before] as number;
      this.#held[cell] = held[before] as number;
    });
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
   * Adds sums by cell to the squares of a grid that the cells lie in.
   *
   * @param steps squares of the grid are 2 ** `steps` cells wide
   */
  spread(sums: Int32Array, grid: CellGrid, steps: number, counts: Int32Array): void {
    const { across, down } = grid;
    const west = Math.round(grid.west / grid.edgeX);
    const south = Math.round(grid.south / grid.edgeY);
    const [xs, ys] = [this.#x, this.#y];
    for (let cell = 0; cell < sums.length; cell++) {
      const sum = sums[cell] as number;
      if (sum === 0) continue;
      const x = ((xs[cell] as number) >> steps) - west;
      const y = ((ys[cell] as number) >> steps) - south;
      if (x < 0 || y < 0 || x >= across || y >= down) continue;
      const at = y * across + x;
      counts[at] = ((counts[at] as number) + sum) | 0;
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
