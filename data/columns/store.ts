import { firstRowAfter, HOLE, type IncidentColumns, NO_GRID } from "./incident-columns.ts";
import { RefIndex } from "./ref-index.ts";
import { clearRows, copyRow, copyRows, newArrays, ROW_BYTES, type StoreArrays } from "./store-arrays.ts";

/** One case as a store takes it; units are those of `IncidentColumns`, codes in the place of indexes. */
export interface IncidentRow {
  /** 0 = a row that no change will ever name (a kiosk's cell). */
  readonly ref: number;
  readonly lon: number;
  readonly lat: number;
  readonly opened: number;
  readonly closed: number;
  readonly due: number;
  readonly flags: number;
  readonly classCode: string;
  readonly state: number;
  readonly severity: number;
  readonly source: number;
  /** Code of the deepest area; null outside every area. */
  readonly grid: string | null;
}

export interface StoreOptions {
  readonly county: string;
  readonly version: string;
  /** Epoch seconds. */
  readonly asOf: number;
  /** Every class code and every area code of the county, each sorted: rows may carry no other. */
  readonly classes: readonly string[];
  readonly grids: readonly string[];
  /** Rows that slabs will bring: with it no array is ever copied and no row moves while they arrive. */
  readonly expect?: number;
}

/** Room behind the rows of a fresh store, for what comes live. */
const TAIL_ROOM = 4096;
/** Growth doubles up to this many rows, then adds a quarter: ten million rows must not cost the memory of twenty. */
const DOUBLE_UNTIL = 1_000_000;
/** More holes than this share of the rows are squeezed out by `settle`. */
const MAX_HOLES = 1 / 8;

/**
 * Cases of a county as columns with room to grow (docs/data-plane.md).
 *
 *   [0, first)       room in front: holes before every time, so that older slabs are put there without moving a row
 *   [first, sorted)  in order of `opened`; removed rows stay as holes (state `HOLE`) that keep their `opened`
 *   [sorted, rows)   the tail: what came out of order; its holes are used again
 *
 * Row numbers stay what they are until `layout` changes. Arrays may be longer than `rows`, and are other arrays after
 * `buffers` changed. Everything that loops over rows skips holes.
 */
export class IncidentStore implements IncidentColumns, StoreArrays {
  readonly county: string;
  readonly classes: readonly string[];
  readonly grids: readonly string[];
  version: string;
  asOf: number;

  /** Used slots, holes included. */
  rows: number;
  first: number;
  sorted: number;
  /** Cases held: slots without holes. */
  count = 0;
  /** Counts changes of row numbers. */
  layout = 0;
  /** Counts replacements of the arrays. */
  buffers = 0;

  lon: Int32Array;
  lat: Int32Array;
  opened: Int32Array;
  closed: Int32Array;
  due: Int32Array;
  flags: Uint8Array;
  classIndex: Uint16Array;
  state: Uint8Array;
  severity: Uint8Array;
  source: Uint8Array;
  grid: Uint32Array;
  ref: Uint32Array;

  readonly #refs = new RefIndex();
  readonly #classOf: ReadonlyMap<string, number>;
  readonly #gridOf: ReadonlyMap<string, number>;
  #free: number[] = [];

  constructor(options: StoreOptions) {
    this.county = options.county;
    this.version = options.version;
    this.asOf = options.asOf;
    this.classes = options.classes;
    this.grids = options.grids;
    this.#classOf = new Map(options.classes.map((code, i) => [code, i]));
    this.#gridOf = new Map(options.grids.map((code, i) => [code, i]));
    const room = options.expect ?? 0;
    const arrays = newArrays(room + TAIL_ROOM);
    ({ lon: this.lon, lat: this.lat, opened: this.opened, closed: this.closed, due: this.due } = arrays);
    ({ flags: this.flags, classIndex: this.classIndex, state: this.state, severity: this.severity } = arrays);
    ({ source: this.source, grid: this.grid, ref: this.ref } = arrays);
    this.first = room;
    this.sorted = room;
    this.rows = room;
  }

  /** Slots from `first` on that hold no case. */
  get holes(): number {
    return this.rows - this.first - this.count;
  }

  /** Row number of a case; -1 where there is none. */
  rowOf(ref: number): number {
    return ref === 0 ? -1 : this.#refs.get(ref);
  }

  /** Bytes of the arrays and of the index by `ref`. */
  get bytes(): number {
    return this.opened.length * ROW_BYTES + this.#refs.bytes;
  }

  /**
   * Writes a case: in place where the store has its `ref`, otherwise behind the rows or into a hole of the tail.
   *
   * @returns its row number; undefined, with nothing changed, where a code is unknown: the caller loads everything anew
   */
  upsert(row: IncidentRow): number | undefined {
    const classIndex = this.#classOf.get(row.classCode);
    const grid = row.grid === null ? NO_GRID : this.#gridOf.get(row.grid);
    if (classIndex === undefined || grid === undefined) return undefined;
    let at = this.rowOf(row.ref);
    if (at >= 0 && this.opened[at] !== row.opened && at < this.sorted) {
      this.#punch(at);
      at = -1;
    }
    if (at < 0) {
      at = this.#slotFor(row.opened);
      this.count++;
    }
    this.lon[at] = row.lon;
    this.lat[at] = row.lat;
    this.opened[at] = row.opened;
    this.closed[at] = row.closed;
    this.due[at] = row.due;
    this.flags[at] = row.flags;
    this.classIndex[at] = classIndex;
    this.state[at] = row.state;
    this.severity[at] = row.severity;
    this.source[at] = row.source;
    this.grid[at] = grid;
    this.ref[at] = row.ref;
    if (row.ref !== 0) this.#refs.set(row.ref, at);
    return at;
  }

  /** `upsert` of row `i` of other columns, whatever their dictionaries. */
  upsertFrom(columns: IncidentColumns, i: number): number | undefined {
    const grid = columns.grid[i] as number;
    return this.upsert({
      ref: columns.ref[i] as number,
      lon: columns.lon[i] as number,
      lat: columns.lat[i] as number,
      opened: columns.opened[i] as number,
      closed: columns.closed[i] as number,
      due: columns.due[i] as number,
      flags: columns.flags[i] as number,
      classCode: columns.classes[columns.classIndex[i] as number] ?? "",
      state: columns.state[i] as number,
      severity: columns.severity[i] as number,
      source: columns.source[i] as number,
      grid: grid === NO_GRID ? null : (columns.grids[grid] ?? ""),
    });
  }

  /** Takes a case out. @returns the row number that became a hole; -1 where there was none */
  remove(ref: number): number {
    const at = this.rowOf(ref);
    if (at >= 0) this.#punch(at);
    return at;
  }

  /**
   * Puts a block of cases in: in front where all are older than what is there, behind where all are newer, otherwise row
   * by row and settled. Cases that the store has already are left out: what came live is newer than a slab on its way.
   *
   * @param slab in order of `opened`; may have holes
   * @returns false, with nothing changed, where a code is unknown
   */
  appendSlab(slab: IncidentColumns): boolean {
    const classMap = codeMap(slab.classes, this.classes, this.#classOf);
    const gridMap = codeMap(slab.grids, this.grids, this.#gridOf);
    if (!allKnown(slab, classMap, gridMap)) return false;
    const from = slab.first ?? 0;
    const size = slab.rows - from;
    if (size === 0) return true;
    const oldest = slab.opened[from] as number;
    const newest = slab.opened[slab.rows - 1] as number;
    const ordered = (slab.sorted ?? slab.rows) === slab.rows;
    if (ordered && (this.first === this.rows || newest <= (this.opened[this.first] as number))) {
      if (this.first < size) this.#grow(this.#more(size) - this.first, 0);
      this.first -= size;
      this.#fill(slab, from, this.first, classMap, gridMap);
    } else if (ordered && this.sorted === this.rows && oldest >= (this.opened[this.rows - 1] as number)) {
      if (this.opened.length - this.rows < size) this.#grow(0, this.#more(size));
      const at = this.rows;
      this.rows += size;
      this.sorted = this.rows;
      this.#fill(slab, from, at, classMap, gridMap);
    } else {
      for (let i = from; i < slab.rows; i++)
        if (slab.state[i] !== HOLE && this.rowOf(slab.ref[i] as number) < 0) this.upsertFrom(slab, i);
      this.settle();
    }
    return true;
  }

  /**
   * Sorts the tail in, and squeezes holes out where there are many.
   *
   * @returns the first row number that may hold another case than before; `rows` where nothing moved
   */
  settle(): number {
    const before = this.rows;
    let changed = this.rows;
    if (this.sorted < this.rows) changed = this.#mergeTail();
    if (this.holes > Math.max(1024, this.count * MAX_HOLES)) changed = this.#squeeze();
    if (changed < before) this.layout++;
    return changed;
  }

  #mergeTail(): number {
    const order: number[] = [];
    for (let i = this.sorted; i < this.rows; i++) if (this.state[i] !== HOLE) order.push(i);
    order.sort((a, b) => (this.opened[a] as number) - (this.opened[b] as number) || a - b);
    const tail = newArrays(order.length);
    order.forEach((row, i) => {
      copyRow(this, row, tail, i);
    });
    // From the newest down: the rows behind each place move up together, once.
    let end = this.sorted;
    for (let i = order.length - 1; i >= 0; i--) {
      const place = firstRowAfter(this.opened, tail.opened[i] as number, this.first, end);
      copyRows(this, place, end, this, place + i + 1);
      copyRow(tail, i, this, place + i);
      end = place;
    }
    clearRows(this, this.sorted + order.length, this.rows);
    this.rows = this.sorted + order.length;
    this.sorted = this.rows;
    this.#free = [];
    this.#index(end, this.rows);
    return Math.min(end, this.rows);
  }

  #squeeze(): number {
    let to = this.rows;
    for (let from = this.rows - 1; from >= this.first; from--) {
      if (this.state[from] === HOLE) continue;
      to--;
      if (to !== from) copyRow(this, from, this, to);
    }
    const start = this.first;
    clearRows(this, this.first, to);
    this.first = to;
    this.#index(to, this.rows);
    return start;
  }

  #index(from: number, to: number): void {
    for (let i = from; i < to; i++)
      if (this.state[i] !== HOLE && this.ref[i] !== 0) this.#refs.set(this.ref[i] as number, i);
  }

  #punch(at: number): void {
    this.#refs.delete(this.ref[at] as number);
    this.state[at] = HOLE;
    this.ref[at] = 0;
    this.grid[at] = NO_GRID;
    this.count--;
    if (at >= this.sorted) this.#free.push(at);
  }

  #slotFor(opened: number): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.rows === this.opened.length) this.#grow(0, this.#more(1));
    const at = this.rows++;
    // What comes in order needs no tail.
    if (this.sorted === at && (at === this.first || (this.opened[at - 1] as number) <= opened)) this.sorted = this.rows;
    return at;
  }

  #fill(
    slab: IncidentColumns,
    from: number,
    at: number,
    classMap: Uint32Array | undefined,
    gridMap: Uint32Array | undefined,
  ): void {
    copyRows(slab, from, slab.rows, this, at);
    const end = at + slab.rows - from;
    for (let i = at; i < end; i++) {
      if (this.state[i] === HOLE) continue;
      const ref = this.ref[i] as number;
      if (ref !== 0) {
        if (this.#refs.get(ref) >= 0) {
          this.state[i] = HOLE;
          this.ref[i] = 0;
          this.grid[i] = NO_GRID;
          continue;
        }
        this.#refs.set(ref, i);
      }
      if (classMap) this.classIndex[i] = classMap[this.classIndex[i] as number] as number;
      if (gridMap && this.grid[i] !== NO_GRID) this.grid[i] = gridMap[this.grid[i] as number] as number;
      this.count++;
    }
  }

  #more(need: number): number {
    const size = this.opened.length;
    return Math.max(need, size <= DOUBLE_UNTIL ? size : size >> 2);
  }

  #grow(front: number, back: number): void {
    const arrays = newArrays(this.opened.length + front + back);
    copyRows(this, this.first, this.rows, arrays, this.first + front);
    Object.assign(this, arrays);
    this.buffers++;
    if (front === 0) return;
    this.first += front;
    this.sorted += front;
    this.rows += front;
    this.#free = this.#free.map((row) => row + front);
    this.#refs.shift(front);
    this.layout++;
  }
}

/** An index that no dictionary has. */
const UNKNOWN = 0xffff_fffe;

/** Index in the store's dictionary by index in a slab's; undefined where both are the same list. */
function codeMap(
  codes: readonly string[],
  known: readonly string[],
  indexOf: ReadonlyMap<string, number>,
): Uint32Array | undefined {
  if (codes === known) return undefined;
  return Uint32Array.from(codes, (code) => indexOf.get(code) ?? UNKNOWN);
}

/** Whether every code that a row of the slab uses is known. */
function allKnown(slab: IncidentColumns, classMap: Uint32Array | undefined, gridMap: Uint32Array | undefined): boolean {
  if (!classMap?.includes(UNKNOWN) && !gridMap?.includes(UNKNOWN)) return true;
  for (let i = slab.first ?? 0; i < slab.rows; i++) {
    if (slab.state[i] === HOLE) continue;
    const grid = slab.grid[i] as number;
    if (classMap?.[slab.classIndex[i] as number] === UNKNOWN) return false;
    if (grid !== NO_GRID && gridMap?.[grid] === UNKNOWN) return false;
  }
  return true;
}
