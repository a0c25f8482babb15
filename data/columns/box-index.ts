import { HOLE, type IncidentColumns } from "./incident-columns.ts";
import { type RowFilter, sortTailIn } from "./select.ts";

/** West, south, east, north in 1e-7 degree, all included. */
export type LatticeBox = readonly [west: number, south: number, east: number, north: number];

/** Rows of a block: their numbers within it take two bytes. */
const BLOCK = 65_536;
/** Cells along each side of a block's box: 16 rows a cell where they lie evenly. */
const SIDE = 64;
/** Rows behind the blocks that are looked at one by one before they are put into blocks. */
const MAX_LOOSE = 8192;

/** Row numbers that memory is kept for from question to question. */
const MAX_KEPT = 2 ** 20;

/** Rows of one block by cell. */
interface Block {
  readonly west: number;
  readonly south: number;
  /** Lattice units; at least 1. */
  readonly cellX: number;
  readonly cellY: number;
  /** Rows of cell `c` are `order[start[c]]` … before `order[start[c + 1]]`. */
  readonly start: Uint32Array;
  readonly order: Uint16Array;
}

/**
 * Finds the rows in a box: blocks of 65,536 rows, each with its rows sorted into 64 × 64 cells; about 2.3 bytes a row.
 * Blocks follow the order of rows, so a window of time needs few of them, and a change needs one anew.
 *
 * Whoever changes the columns says so (`changed`, `movedFrom`); slabs in front and rows behind are noticed.
 */
export class BoxIndex {
  readonly #columns: IncidentColumns;
  readonly #blocks: (Block | undefined)[] = [];
  /** Rows below are in blocks, holes apart. */
  #end = 0;
  #first = 0;
  readonly #hits = new Uint32Array(BLOCK / 32);
  /** Row numbers are found into it, question by question: memory that grows anew each time is collected all the time. */
  #found = new Uint32Array(4096);

  constructor(columns: IncidentColumns) {
    this.#columns = columns;
    this.#first = columns.first ?? 0;
  }

  /** Row `row` holds another case or place than before. */
  changed(row: number): void {
    if (row < this.#end) this.#blocks[Math.floor(row / BLOCK)] = undefined;
  }

  /** Rows from `row` on may have other numbers (`IncidentStore.settle`, a new `layout`). */
  movedFrom(row: number): void {
    if (row >= this.#end) return;
    const block = Math.floor(row / BLOCK);
    this.#blocks.length = block;
    this.#end = block * BLOCK;
  }

  /** Bytes of the index. */
  get bytes(): number {
    return this.#blocks.reduce((sum, block) => sum + (block ? block.start.byteLength + block.order.byteLength : 0), 0);
  }

  /** Rows in a box that a filter of these columns holds, in order of `opened`. */
  rows(box: LatticeBox, test: RowFilter): Uint32Array {
    this.#sync();
    const columns = this.#columns;
    const [west, south, east, north] = box;
    const inside = (i: number): boolean => {
      const x = columns.lon[i] as number;
      const y = columns.lat[i] as number;
      return x >= west && x <= east && y >= south && y <= north;
    };
    let found = this.#found;
    let count = 0;
    const add = (row: number): void => {
      if (count === found.length) {
        const larger = new Uint32Array(count * 2);
        larger.set(found);
        found = larger;
      }
      found[count++] = row;
    };
    // Rows of the tail come after all others here, whatever block they lie in.
    const collect = (from: number, to: number, holds: (i: number) => boolean): void => {
      for (let b = Math.floor(from / BLOCK); b * BLOCK < Math.min(to, this.#end); b++) {
        const base = b * BLOCK;
        const low = Math.max(from, base) - base;
        const high = Math.min(to, base + BLOCK, this.#end) - base;
        this.#mark(b, box, low, high);
        for (let word = low >>> 5; word << 5 < high; word++) {
          let bits = this.#hits[word] as number;
          this.#hits[word] = 0;
          while (bits !== 0) {
            const bit = 31 - Math.clz32(bits & -bits);
            bits &= bits - 1;
            const row = base + (word << 5) + bit;
            if (holds(row)) add(row);
          }
        }
      }
      for (let i = Math.max(from, this.#end); i < to; i++) if (inside(i) && holds(i)) add(i);
    };
    collect(test.start, test.end, (i) => test.holds(i));
    const ordered = count;
    collect(test.tailStart, test.tailEnd, (i) => test.holdsAnywhere(i));
    const rows = found.slice(0, count);
    if (found.length <= MAX_KEPT) this.#found = found;
    if (ordered < count) sortTailIn(columns.opened, rows, ordered);
    return rows;
  }

  /** Sets the bits of a block's rows `[low, high)` that lie in the box. */
  #mark(b: number, box: LatticeBox, low: number, high: number): void {
    const block = this.#block(b);
    const [west, south, east, north] = box;
    const { lon, lat } = this.#columns;
    const base = b * BLOCK;
    const columnOf = (x: number): number => Math.floor((x - block.west) / block.cellX);
    const rowOf = (y: number): number => Math.floor((y - block.south) / block.cellY);
    const [left, right] = [Math.max(0, columnOf(west)), Math.min(SIDE - 1, columnOf(east))];
    const [bottom, top] = [Math.max(0, rowOf(south)), Math.min(SIDE - 1, rowOf(north))];
    for (let row = bottom; row <= top; row++) {
      const y = block.south + row * block.cellY;
      const whole = y >= south && y + block.cellY - 1 <= north;
      for (let column = left; column <= right; column++) {
        const x = block.west + column * block.cellX;
        const surely = whole && x >= west && x + block.cellX - 1 <= east;
        const cell = row * SIDE + column;
        const end = block.start[cell + 1] as number;
        for (let k = block.start[cell] as number; k < end; k++) {
          const offset = block.order[k] as number;
          if (offset < low || offset >= high) continue;
          if (!surely) {
            const px = lon[base + offset] as number;
            const py = lat[base + offset] as number;
            if (px < west || px > east || py < south || py > north) continue;
          }
          const word = offset >>> 5;
          this.#hits[word] = (this.#hits[word] as number) | (1 << (offset & 31));
        }
      }
    }
  }

  #sync(): void {
    const { rows } = this.#columns;
    const first = this.#columns.first ?? 0;
    if (rows < this.#end) this.movedFrom(rows);
    // Room in front that was taken since: the blocks there knew only holes.
    if (first < this.#first)
      for (let b = Math.floor(first / BLOCK); b * BLOCK < Math.min(this.#first, this.#end); b++)
        this.#blocks[b] = undefined;
    this.#first = first;
    if (rows - this.#end <= MAX_LOOSE) return;
    // The last block may have been built when it was shorter.
    this.#blocks.length = Math.floor(this.#end / BLOCK);
    this.#end = rows;
  }

  #block(b: number): Block {
    let block = this.#blocks[b];
    if (!block) {
      block = sortIntoCells(this.#columns, b * BLOCK, Math.min(this.#end, (b + 1) * BLOCK));
      this.#blocks[b] = block;
    }
    return block;
  }
}

/** Sorts rows `[from, to)`, at most 65,536, into the cells of their box. */
function sortIntoCells({ lon, lat, state }: IncidentColumns, from: number, to: number): Block {
  let [west, south, east, north] = [2147483647, 2147483647, -2147483648, -2147483648];
  for (let i = from; i < to; i++) {
    if (state[i] === HOLE) continue;
    const x = lon[i] as number;
    const y = lat[i] as number;
    if (x < west) west = x;
    if (x > east) east = x;
    if (y < south) south = y;
    if (y > north) north = y;
  }
  const start = new Uint32Array(SIDE * SIDE + 1);
  const cellX = Math.max(1, Math.ceil((east - west + 1) / SIDE));
  const cellY = Math.max(1, Math.ceil((north - south + 1) / SIDE));
  const cellOf = (i: number): number =>
    Math.floor(((lat[i] as number) - south) / cellY) * SIDE + Math.floor(((lon[i] as number) - west) / cellX);
  const cells = new Uint16Array(to - from);
  let count = 0;
  for (let i = from; i < to; i++) {
    if (state[i] === HOLE) continue;
    const cell = cellOf(i);
    cells[i - from] = cell;
    start[cell + 1] = (start[cell + 1] as number) + 1;
    count++;
  }
  for (let cell = 0; cell < SIDE * SIDE; cell++)
    start[cell + 1] = (start[cell + 1] as number) + (start[cell] as number);
  const next = start.slice();
  const order = new Uint16Array(count);
  for (let i = from; i < to; i++) {
    if (state[i] === HOLE) continue;
    const cell = cells[i - from] as number;
    order[next[cell] as number] = i - from;
    next[cell] = (next[cell] as number) + 1;
  }
  return { west, south, cellX, cellY, start, order };
}
