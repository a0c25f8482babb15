import { type CellGrid, countCells } from "./cell-counts.ts";
import { CubeCells, type CubePlane } from "./cube-cells.ts";
import { addBetween, addPlanes, addRows, addUp, countRows, majorsOf, sensitive, wantedShare } from "./cube-planes.ts";
import { FLAG, firstRowAt, HOLE, type IncidentColumns } from "./incident-columns.ts";
import type { ColumnFilter } from "./select.ts";

/** Edge of the cube's cells, 1e-7 degree (about 140 m): the smallest squares that a map of a whole county draws. */
export const CUBE_EDGE = 12_500;
/** Cases between two instants, at least: closer ones save less than they take. */
const MIN_INTERVAL = 16_384;
/** With fewer instants than this, counting rows is about as fast. */
const MIN_INSTANTS = 4;
/** Rows that are counted in one go before others may run. */
const SLICE = 131_072;
/** Cells of a plane that are read in the time in which one row is counted. */
const CELLS_PER_ROW = 6;

/**
 * Cases by cell and kind, cumulated over time: how many were opened before each of some instants. Cases of a window are
 * the difference between two instants, and the few rows between them and the window's own ends. A kind is a major with
 * or without sensitive cases; suspicious ones are in no kind, since no heat counts them.
 *
 * It follows its columns: whoever changes a row calls `take` before and `put` after. It names no row numbers, so rows may
 * move.
 */
export class HeatCube {
  readonly #columns: IncidentColumns;
  readonly #cells: CubeCells;
  readonly #maxBytes: number;
  /** Kind of a class: its major, times two. */
  readonly #majorOf: Uint8Array;
  readonly #majors: readonly string[];
  /** Epoch seconds, ascending; plane `i` of a kind counts what was opened before `#instants[i]`, the last one all. */
  #instants: number[];
  /** Planes by kind (major × 2 + sensitive); undefined where no case is of the kind. */
  #planes: (CubePlane[] | undefined)[];
  /** Planes of what is not sensitive, and of all, of all majors: most questions are about them. */
  #total: CubePlane[];
  #whole: CubePlane[];
  /** Rows put behind the last instant. */
  #newer = 0;
  #interval: number;
  /** Counts of one run of cells of the question that is answered. */
  #sums = new Int32Array(0);
  #newest = Number.NEGATIVE_INFINITY;

  private constructor(columns: IncidentColumns, cells: CubeCells, instants: number[], interval: number, max: number) {
    this.#columns = columns;
    this.#cells = cells;
    this.#maxBytes = max;
    this.#interval = interval;
    this.#instants = instants;
    this.#majors = majorsOf(columns.classes);
    this.#majorOf = Uint8Array.from(columns.classes, (code) => this.#majors.indexOf(code.slice(0, 2)));
    this.#planes = new Array<undefined>(this.#majors.length * 2).fill(undefined);
    this.#total = this.#newPlanes();
    this.#whole = this.#newPlanes();
  }

  /**
   * Makes the cube of some columns, a slice of the rows a step: whoever drives it may let others run in between, as long
   * as nothing changes the columns.
   *
   * @param maxBytes memory that it may take: the more, the closer lie its instants
   * @param minInterval cases between two instants, at least
   * @returns undefined where so few instants fit, or so few cases are there, that counting rows is as fast; also where
   *   cases lie hundreds of kilometres apart
   */
  static *build(
    columns: IncidentColumns,
    maxBytes: number,
    minInterval = MIN_INTERVAL,
  ): Generator<void, HeatCube | undefined> {
    const majors = majorsOf(columns.classes);
    if (majors.length > 127) return undefined;
    const cells = new CubeCells(CUBE_EDGE);
    const seen = new Uint8Array(majors.length * 2);
    const first = columns.first ?? 0;
    const majorOf = Uint8Array.from(columns.classes, (code) => majors.indexOf(code.slice(0, 2)));
    let count = 0;
    for (let from = first; from < columns.rows; from += SLICE) {
      const added = addRows(columns, from, Math.min(columns.rows, from + SLICE), cells, majorOf, seen);
      if (added < 0) return undefined;
      count += added;
      yield;
    }
    cells.settle();
    // Two planes more for the totals of each instant, and the last ones have no instant.
    const planeBytes = cells.capacity * cells.width * (seen.filter((one) => one === 1).length + 2);
    const most = Math.floor((maxBytes - cells.bytes) / planeBytes) - 1;
    const interval = Math.max(minInterval, Math.ceil(count / (most + 1)));
    if (most < MIN_INSTANTS || count < minInterval * (MIN_INSTANTS + 1)) return undefined;
    const sorted = columns.sorted ?? columns.rows;
    const instants: number[] = [];
    for (let row = first + interval; row < sorted; row += interval) {
      const at = columns.opened[row] as number;
      if (at !== instants.at(-1)) instants.push(at);
    }
    const cube = new HeatCube(columns, cells, instants, interval, maxBytes);
    seen.forEach((one, kind) => {
      if (one) cube.#planes[kind] = cube.#newPlanes();
    });
    for (let plane = 0, from = first; plane <= instants.length; plane++) {
      const end =
        plane === instants.length ? sorted : firstRowAt(columns.opened, instants[plane] as number, from, sorted);
      for (; from < end; from = Math.min(end, from + SLICE)) {
        const of = cube.#planes.map((planes) => planes?.[plane]);
        const sums = { total: cube.#total[plane] as CubePlane, whole: cube.#whole[plane] as CubePlane };
        countRows(columns, from, Math.min(end, from + SLICE), cells, majorOf, of, sums);
        yield;
      }
    }
    for (let i = sorted; i < columns.rows; i++) cube.#change(i, 1, false);
    cube.#cumulate();
    return cube;
  }

  /** Bytes of the planes and of what finds their cells. */
  get bytes(): number {
    const planes = this.#planes.reduce((sum, one) => sum + (one ? 1 : 0), 2);
    return this.#cells.bytes + planes * (this.#instants.length + 1) * this.#cells.capacity * this.#cells.width;
  }

  /** Row `i` is about to change or to become a hole: it counts no longer. */
  take(i: number): void {
    this.#change(i, -1, true);
  }

  /** Row `i` has changed or is new: it counts. @returns false where the cube cannot hold it: throw it away */
  put(i: number): boolean {
    return this.#change(i, 1, true);
  }

  /**
   * Adds the cases of a filter in each cell of a grid to counts, as `countCells` does.
   *
   * @returns false, with nothing added, where the cube cannot say it, or counting rows costs less
   */
  addTo(counts: Int32Array, filter: ColumnFilter, asOf: number, grid: CellGrid): boolean {
    const steps = Math.log2(grid.edgeX / CUBE_EDGE);
    const fits = grid.edgeX === grid.edgeY && Number.isInteger(steps) && steps >= 0;
    const aligned = grid.west % grid.edgeX === 0 && grid.south % grid.edgeY === 0;
    const parts = this.#parts(filter);
    if (!fits || !aligned || !parts) return false;
    const low = this.#nearest(filter.from, Number.NEGATIVE_INFINITY);
    const high = this.#nearest(filter.to, Number.POSITIVE_INFINITY);
    const planes = parts.length * ((low.plane < 0 ? 0 : 1) + 1);
    const rows = high.row - low.row;
    if (rows <= low.rows + high.rows + (planes * this.#cells.count) / CELLS_PER_ROW) return false;
    const runs = this.#cells.runs(grid, steps);
    for (let run = 0; run < runs.length; run += 3) {
      const [from, to, base] = [runs[run] as number, runs[run + 1] as number, runs[run + 2] as number];
      if (this.#sums.length < to - from) this.#sums = new Int32Array(2 * (to - from));
      this.#sums.fill(0, 0, to - from);
      for (const { planes: of, sign } of parts)
        addPlanes(this.#sums, of[high.plane] as CubePlane, low.plane < 0 ? undefined : of[low.plane], sign, from, to);
      this.#cells.addRun(this.#sums, from, to, base, steps, counts);
    }
    const between = (from: number, to: number, sign: 1 | -1): void => {
      if (from < to) countCells(this.#columns, { ...filter, from, to }, asOf, grid, counts, sign);
    };
    if (filter.to !== undefined) {
      between(high.at, filter.to, 1);
      between(filter.to, high.at, -1);
    }
    if (filter.from !== undefined) {
      between(low.at, filter.from, -1);
      between(filter.from, low.at, 1);
    }
    return true;
  }

  /** Planes whose sum a filter asks for; undefined where it asks what the kinds cannot tell apart. */
  #parts(filter: ColumnFilter): { planes: CubePlane[]; sign: 1 | -1 }[] | undefined {
    const { inside, states, severities, sources, late, classes } = filter;
    if (inside || states || severities || sources || late !== undefined || !filter.withoutSuspicious) return undefined;
    if (!classes) return [{ planes: filter.withoutSensitive ? this.#total : this.#whole, sign: 1 }];
    const wanted = this.#majors.map((major) => wantedShare(this.#columns.classes, major, classes));
    if (wanted.includes("some")) return undefined;
    const parts: { planes: CubePlane[]; sign: 1 | -1 }[] = [];
    const add = (share: "all" | "none", isSensitive: 0 | 1, sign: 1 | -1): void => {
      wanted.forEach((one, major) => {
        const planes = this.#planes[major * 2 + isSensitive];
        if (one === share && planes) parts.push({ planes, sign });
      });
    };
    // All but a few majors are the total without those.
    if (wanted.filter((one) => one === "all").length * 2 > wanted.length) {
      parts.push({ planes: this.#total, sign: 1 });
      add("none", 0, -1);
    } else add("all", 0, 1);
    if (!filter.withoutSensitive) add("all", 1, 1);
    return parts;
  }

  /** The instant with the fewest rows between it and a bound. `plane` -1 = before every case. */
  #nearest(bound: number | undefined, open: number): { plane: number; at: number; row: number; rows: number } {
    const { opened } = this.#columns;
    const first = this.#columns.first ?? 0;
    const sorted = this.#columns.sorted ?? this.#columns.rows;
    const last = this.#instants.length;
    if (bound === undefined) {
      return open < 0 ? { plane: -1, at: open, row: first, rows: 0 } : { plane: last, at: open, row: sorted, rows: 0 };
    }
    const rowOf = (plane: number): number =>
      plane < 0 ? first : plane === last ? sorted : firstRowAt(opened, this.#instants[plane] as number, first, sorted);
    const row = firstRowAt(opened, bound, first, sorted);
    const after = this.#planeOf(bound);
    const [below, above] = [row - rowOf(after - 1), rowOf(after) - row];
    const plane = below <= above ? after - 1 : after;
    const at =
      plane < 0
        ? Number.NEGATIVE_INFINITY
        : plane === last
          ? Number.POSITIVE_INFINITY
          : (this.#instants[plane] as number);
    return { plane, at, row, rows: Math.min(below, above) };
  }

  /** First plane that counts what was opened then. */
  #planeOf(opened: number): number {
    let [low, high] = [0, this.#instants.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#instants[middle] as number) <= opened) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param cumulated false while the cube is built: only the row's own interval counts it */
  #change(i: number, by: 1 | -1, cumulated: boolean): boolean {
    const columns = this.#columns;
    if (columns.state[i] === HOLE || (columns.flags[i] as number) & FLAG.suspicious) return true;
    const before = this.#cells.capacity;
    const cell = this.#cells.add(columns.lon[i] as number, columns.lat[i] as number, by, !cumulated);
    if (cell < 0) return false;
    if (this.#cells.capacity !== before) this.#eachPlane((plane) => this.#cells.resized(plane));
    if (this.#cells.isFull(cell)) {
      this.#cells.widen();
      this.#eachPlane((plane) => this.#cells.resized(plane));
    }
    const isSensitive = sensitive(columns, i);
    const kind = (this.#majorOf[columns.classIndex[i] as number] as number) * 2 + isSensitive;
    this.#planes[kind] ??= this.#newPlanes();
    const opened = columns.opened[i] as number;
    const plane = this.#planeOf(opened);
    const end = cumulated ? this.#instants.length : plane;
    addBetween(this.#planes[kind] as CubePlane[], cell, plane, end, by);
    addBetween(this.#whole, cell, plane, end, by);
    if (isSensitive === 0) addBetween(this.#total, cell, plane, end, by);
    if (opened > this.#newest) this.#newest = opened;
    if (plane === this.#instants.length && by > 0 && cumulated && ++this.#newer >= 2 * this.#interval)
      this.#addInstant();
    return true;
  }

  /** Begins a new interval after the newest case; where memory is short, every other instant goes. */
  #addInstant(): void {
    const planes = this.bytes - this.#cells.bytes;
    if (this.bytes + planes / (this.#instants.length + 1) > this.#maxBytes) {
      const keep = (_: unknown, n: number): boolean => n % 2 === 1 || n === this.#instants.length;
      this.#total = this.#total.filter(keep);
      this.#whole = this.#whole.filter(keep);
      this.#planes = this.#planes.map((one) => one?.filter(keep));
      this.#instants = this.#instants.filter(keep);
      this.#interval *= 2;
    }
    for (const one of [this.#total, this.#whole, ...this.#planes]) one?.push((one.at(-1) as CubePlane).slice());
    this.#instants.push(this.#newest + 1);
    this.#newer = 0;
  }

  #cumulate(): void {
    for (const planes of [this.#total, this.#whole, ...this.#planes])
      for (let n = 1; planes && n < planes.length; n++) addUp(planes[n] as CubePlane, planes[n - 1] as CubePlane);
  }

  #newPlanes(): CubePlane[] {
    return Array.from({ length: this.#instants.length + 1 }, () => this.#cells.newPlane());
  }

  #eachPlane(change: (plane: CubePlane) => CubePlane): void {
    this.#total = this.#total.map(change);
    this.#whole = this.#whole.map(change);
    this.#planes = this.#planes.map((planes) => planes?.map(change));
  }
}
