import { bugError } from "../model/errors.ts";
import type { IncidentColumns } from "./incident-columns.ts";
import { type ColumnFilter, RowFilter } from "./select.ts";

/** Squares or boxes of equal size over the lattice (1e-7 degree), from the south-west corner on. */
export interface CellGrid {
  readonly west: number;
  readonly south: number;
  /** Edges of a cell in lattice units, whole numbers from 1 on: east to west, south to north. */
  readonly edgeX: number;
  readonly edgeY: number;
  /** Cells east to west and south to north. */
  readonly across: number;
  readonly down: number;
}

/** Rows that are looked at in one go: their cells are kept in the processor's first cache. */
const CHUNK = 4096;
/** Longitudes lie within ±1.8e9: up to this width a difference that overflows 32 bits cannot look like one inside. */
const MAX_WIDTH = 2 ** 31 - 1_800_000_000;

/**
 * Cases of a filter in each cell of a grid: row by row from the south, in each from the west. A case on the edge of two
 * cells counts in the one north or east of it; what lies outside the grid counts nowhere.
 *
 * @param asOf instant to judge lateness at, epoch seconds
 * @throws BUG when the grid is wider than 34 degrees
 */
export function heatCells(columns: IncidentColumns, filter: ColumnFilter, asOf: number, grid: CellGrid): Uint32Array {
  // Signed on purpose, here and below: the engine counts unsigned words as doubles, at three times the cost.
  const counts = new Int32Array(grid.across * grid.down);
  countCells(columns, filter, asOf, grid, counts, 1);
  return new Uint32Array(counts.buffer);
}

/**
 * Adds the cases of a filter in each cell of a grid to counts, or takes them away: see `heatCells`.
 *
 * @param sign 1 adds, -1 takes away
 */
export function countCells(
  columns: IncidentColumns,
  filter: ColumnFilter,
  asOf: number,
  grid: CellGrid,
  counts: Int32Array,
  sign: 1 | -1,
): void {
  if (grid.edgeX * grid.across > MAX_WIDTH) throw bugError("cells are counted over a county, not over a continent");
  const test = new RowFilter(columns, filter, asOf);
  const cells = new Int32Array(CHUNK);
  const held = new Uint8Array(CHUNK);
  // Finding cells and counting them apart is twice as fast as both in one loop: counting waits for nothing then.
  for (let from = test.start; from < test.end; from += CHUNK) {
    const to = Math.min(test.end, from + CHUNK);
    if (!test.all) test.mark(from, to, held);
    const found = test.all
      ? cellsOfAll(columns, from, to, grid, cells)
      : cellsOfHeld(columns, held, from, to, grid, cells);
    countEach(cells, found, counts, sign);
  }
  const { west, south, edgeX, edgeY, across, down } = grid;
  for (let i = test.tailStart; i < test.tailEnd; i++) {
    const x = Math.floor(((columns.lon[i] as number) - west) / edgeX);
    const y = Math.floor(((columns.lat[i] as number) - south) / edgeY);
    if (x < 0 || y < 0 || x >= across || y >= down || !test.holdsAnywhere(i)) continue;
    counts[y * across + x] = (counts[y * across + x] as number) + sign;
  }
}

/** Puts the cells of rows `[from, to)` that lie in the grid into `cells`. @returns how many there are */
function cellsOfAll(columns: IncidentColumns, from: number, to: number, grid: CellGrid, cells: Int32Array): number {
  const { lon, lat } = columns;
  const { west, south, across } = grid;
  const width = grid.edgeX * across;
  const height = grid.edgeY * grid.down;
  // Exact: half a unit stays clear of the next cell's edge by far more than what rounding of the product can move it.
  const perX = 1 / grid.edgeX;
  const perY = 1 / grid.edgeY;
  let found = 0;
  for (let i = from; i < to; i++) {
    const x = ((lon[i] as number) - west) | 0;
    const y = ((lat[i] as number) - south) | 0;
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    cells[found] = (Math.imul(((y + 0.5) * perY) | 0, across) + (((x + 0.5) * perX) | 0)) | 0;
    found = (found + 1) | 0;
  }
  return found;
}

/** The same for the rows that `held` marks, from its start on. */
function cellsOfHeld(
  columns: IncidentColumns,
  held: Uint8Array,
  from: number,
  to: number,
  grid: CellGrid,
  cells: Int32Array,
): number {
  const { lon, lat } = columns;
  const { west, south, across } = grid;
  const width = grid.edgeX * across;
  const height = grid.edgeY * grid.down;
  const perX = 1 / grid.edgeX;
  const perY = 1 / grid.edgeY;
  let found = 0;
  for (let i = from; i < to; i++) {
    const x = ((lon[i] as number) - west) | 0;
    const y = ((lat[i] as number) - south) | 0;
    if (x < 0 || y < 0 || x >= width || y >= height || held[i - from] === 0) continue;
    cells[found] = (Math.imul(((y + 0.5) * perY) | 0, across) + (((x + 0.5) * perX) | 0)) | 0;
    found = (found + 1) | 0;
  }
  return found;
}

/** Counts the first `length` cells, four at a time. */
function countEach(cells: Int32Array, length: number, counts: Int32Array, sign: number): void {
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const a = cells[i] as number;
    const b = cells[i + 1] as number;
    const c = cells[i + 2] as number;
    const d = cells[i + 3] as number;
    counts[a] = ((counts[a] as number) + sign) | 0;
    counts[b] = ((counts[b] as number) + sign) | 0;
    counts[c] = ((counts[c] as number) + sign) | 0;
    counts[d] = ((counts[d] as number) + sign) | 0;
  }
  for (; i < length; i++) counts[cells[i] as number] = ((counts[cells[i] as number] as number) + sign) | 0;
}
