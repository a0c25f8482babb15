import { type CellGrid, countCells } from "./cell-counts.ts";
import { CubeCells, type CubePlane } from "./cube-cells.ts";
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
  /** Planes of what is not sensitive, of all majors: most questions are about them. */
  #total: CubePlane[];
  /** Rows put behind the last instant. */
  #newer = 0;
  #interval: number;
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
  }

  /**
   * Makes the cube of some columns, a slice of the rows a step: whoever drives it may let others run in between, as long
   * as nothing changes the columns.
   *
   * @param maxBytes memory that it may take: the more, the closer lie its instants
   * @param minInterval cases between two instants, at least
   * @returns undefined where so few instants fit, or so few cases are there, that counting rows is as fast; also where
   *   cases lie 20 degrees apart
   */
  static *build(
    columns: IncidentColumns,
    maxBytes: number,
    minInterval = MIN_INTERVAL,
  ): Generator<void, HeatCube | undefined> {
    const majors = majorsOf(columns.classes);
    if (majors.length > 127) return undefined;
    const cells = new CubeCells(CUBE_EDGE);
    const kinds = new Set<number>();
    const first = columns.first ?? 0;
    const major = columns.classes.map((code) => majors.indexOf(code.slice(0, 2)));
    let count = 0;
    for (let from = first; from < columns.rows; from += SLICE) {
      for (let i = from; i < Math.min(columns.rows, from + SLICE); i++) {
        if (columns.state[i] === HOLE || (columns.flags[i] as number) & FLAG.suspicious) continue;
        if (cells.add(columns.lon[i] as number, columns.lat[i] as number) < 0) return undefined;
        kinds.add((major[columns.classIndex[i] as number] as number) * 2 + sensitive(columns, i));
        count++;
      }
      yield;
    }
    cells.settle();
    // One plane more for the total of each instant, and the last one has no instant.
    const planeBytes = cells.capacity * cells.width * (kinds.size + 1);
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
    for (let from = first; from < columns.rows; from += SLICE) {
      const to = Math.min(columns.rows, from + SLICE);
      for (let i = from; i < to; i++) cube.#change(i, 1, false);
      yield;
    }
    cube.#cumulate();
    return cube;
  }

  /** Bytes of the planes and of what finds their cells. */
  get bytes(): number {
    const planes = this.#planes.reduce((sum, one) => sum + (one ? 1 : 0), 1);
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
   * Cases of a filter in each cell of a grid, as `heatCells` gives them.
   *
   * @param asOf as `heatCells` takes it
   * @returns undefined where the cube cannot say it, or counting rows costs less
   */
  count(filter: ColumnFilter, asOf: number, grid: CellGrid): Int32Array | undefined {
    const steps = Math.log2(grid.edgeX / CUBE_EDGE);
    const fits = grid.edgeX === grid.edgeY && Number.isInteger(steps) && steps >= 0;
    const aligned = grid.west % grid.edgeX === 0 && grid.south % grid.edgeY === 0;
    const parts = this.#parts(filter);
    if (!fits || !aligned || !parts) return undefined;
    const low = this.#nearest(filter.from, Number.NEGATIVE_INFINITY);
    const high = this.#nearest(filter.to, Number.POSITIVE_INFINITY);
    const planes = parts.length * ((low.plane < 0 ? 0 : 1) + 1);
    const rows = high.row - low.row;
    if (rows <= low.rows + high.rows + (planes * this.#cells.count) / CELLS_PER_ROW) return undefined;
    const sums = new Int32Array(this.#cells.count);
    for (const { planes: of, sign } of parts) {
      addPlane(sums, of[high.plane] as CubePlane, sign);
      if (low.plane >= 0) addPlane(sums, of[low.plane] as CubePlane, -sign);
    }
    const counts = new Int32Array(grid.across * grid.down);
    this.#cells.spread(sums, grid, steps, counts);
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
    return counts;
  }

  /** Planes whose sum a filter asks for; undefined where it asks what the kinds cannot tell apart. */
  #parts(filter: ColumnFilter): { planes: CubePlane[]; sign: 1 | -1 }[] | undefined {
    const { inside, states, severities, sources, late, classes } = filter;
    if (inside || states || severities || sources || late !== undefined || !filter.withoutSuspicious) return undefined;
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
    addTo(this.#planes[kind] as CubePlane[], cell, plane, end, by);
    if (isSensitive === 0) addTo(this.#total, cell, plane, end, by);
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
      this.#planes = this.#planes.map((one) => one?.filter(keep));
      this.#instants = this.#instants.filter(keep);
      this.#interval *= 2;
    }
    for (const one of [this.#total, ...this.#planes]) one?.push((one.at(-1) as CubePlane).slice());
    this.#instants.push(this.#newest + 1);
    this.#newer = 0;
  }

  #cumulate(): void {
    for (const planes of [this.#total, ...this.#planes])
      for (let n = 1; planes && n < planes.length; n++) addUp(planes[n] as CubePlane, planes[n - 1] as CubePlane);
  }

  #newPlanes(): CubePlane[] {
    return Array.from({ length: this.#instants.length + 1 }, () => this.#cells.newPlane());
  }

  #eachPlane(change: (plane: CubePlane) => CubePlane): void {
    this.#total = this.#total.map(change);
    this.#planes = this.#planes.map((planes) => planes?.map(change));
  }
}

const majorsOf = (classes: readonly string[]): string[] => [...new Set(classes.map((code) => code.slice(0, 2)))].sort();

const sensitive = (columns: IncidentColumns, i: number): 0 | 1 =>
  (columns.flags[i] as number) & FLAG.sensitive ? 1 : 0;

/** How much of a major's classes a list of majors and classes holds. */
function wantedShare(
  all: readonly string[],
  major: string,
  classes: readonly string[] | undefined,
): "all" | "some" | "none" {
  if (!classes || classes.includes(major)) return "all";
  const own = all.filter((code) => code.startsWith(major));
  const held = own.filter((code) => classes.some((prefix) => code.startsWith(prefix)));
  return held.length === own.length ? "all" : held.length > 0 ? "some" : "none";
}

function addTo(planes: CubePlane[], cell: number, from: number, to: number, by: 1 | -1): void {
  for (let n = from; n <= to; n++) {
    const plane = planes[n] as CubePlane;
    plane[cell] = (plane[cell] as number) + by;
  }
}

function addPlane(sums: Int32Array, plane: CubePlane, sign: number): void {
  if (sign > 0) for (let i = 0; i < sums.length; i++) sums[i] = ((sums[i] as number) + (plane[i] as number)) | 0;
  else for (let i = 0; i < sums.length; i++) sums[i] = ((sums[i] as number) - (plane[i] as number)) | 0;
}

function addUp(plane: CubePlane, before: CubePlane): void {
  for (let i = 0; i < plane.length; i++) plane[i] = (plane[i] as number) + (before[i] as number);
}
