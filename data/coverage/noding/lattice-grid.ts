/** Cells of the grid for each item. */
const CELLS_PER_ITEM = 2;

/**
 * A regular grid over boxes of the lattice: which items have a box that meets a cell. Built once, then asked.
 * Memory: about 4 bytes a cell and 4 a filled place.
 */
export class LatticeGrid {
  readonly columns: number;
  readonly rows: number;
  readonly #west: number;
  readonly #south: number;
  readonly #size: number;
  readonly #starts: Int32Array;
  readonly #items: Int32Array;

  /**
   * @param count number of items
   * @param boxOf west, south, east, north of an item in lattice units
   */
  constructor(count: number, boxOf: (item: number, box: Float64Array) => void) {
    const box = new Float64Array(4);
    const all = [Infinity, Infinity, -Infinity, -Infinity] as [number, number, number, number];
    for (let item = 0; item < count; item++) {
      boxOf(item, box);
      all[0] = Math.min(all[0], box[0] as number);
      all[1] = Math.min(all[1], box[1] as number);
      all[2] = Math.max(all[2], box[2] as number);
      all[3] = Math.max(all[3], box[3] as number);
    }
    if (count === 0) all.fill(0);
    this.#west = all[0];
    this.#south = all[1];
    const [width, height] = [all[2] - all[0] + 1, all[3] - all[1] + 1];
    this.#size = Math.max(1, Math.sqrt((width * height) / Math.max(1, count * CELLS_PER_ITEM)));
    this.columns = Math.floor(width / this.#size) + 1;
    this.rows = Math.floor(height / this.#size) + 1;
    this.#starts = new Int32Array(this.columns * this.rows + 1);
    for (let item = 0; item < count; item++) {
      boxOf(item, box);
      this.#eachCell(box, (cell) => {
        this.#starts[cell + 1] = (this.#starts[cell + 1] as number) + 1;
      });
    }
    for (let cell = 0; cell < this.columns * this.rows; cell++)
      this.#starts[cell + 1] = (this.#starts[cell + 1] as number) + (this.#starts[cell] as number);
    const next = this.#starts.slice();
    this.#items = new Int32Array(this.#starts[this.columns * this.rows] as number);
    for (let item = 0; item < count; item++) {
      boxOf(item, box);
      this.#eachCell(box, (cell) => {
        const at = next[cell] as number;
        next[cell] = at + 1;
        this.#items[at] = item;
      });
    }
  }

  column(x: number): number {
    return Math.min(this.columns - 1, Math.max(0, Math.floor((x - this.#west) / this.#size)));
  }

  row(y: number): number {
    return Math.min(this.rows - 1, Math.max(0, Math.floor((y - this.#south) / this.#size)));
  }

  /** Items of a cell: a view. */
  cell(column: number, row: number): Int32Array {
    const cell = row * this.columns + column;
    return this.#items.subarray(this.#starts[cell], this.#starts[cell + 1]);
  }

  #eachCell(box: Float64Array, visit: (cell: number) => void): void {
    const [from, to] = [this.column(box[0] as number), this.column(box[2] as number)];
    const [first, last] = [this.row(box[1] as number), this.row(box[3] as number)];
    for (let row = first; row <= last; row++)
      for (let column = from; column <= to; column++) visit(row * this.columns + column);
  }
}
