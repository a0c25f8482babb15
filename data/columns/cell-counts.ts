import { HOLE, type IncidentColumns } from "./incident-columns.ts";
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

/**
 * Cases of a filter in each cell of a grid: row by row from the south, in each from the west. A case on the edge of two
 * cells counts in the one north or east of it; what lies outside the grid counts nowhere.
 *
 * @param asOf instant to judge lateness at, epoch seconds
 */
export function heatCells(columns: IncidentColumns, filter: ColumnFilter, asOf: number, grid: CellGrid): Uint32Array {
  const test = new RowFilter(columns, filter, asOf);
  const { west, south, edgeX, edgeY, across, down } = grid;
  const width = edgeX * across;
  const height = edgeY * down;
  const { lon, lat, state } = columns;
  const counts = new Uint32Array(across * down);
  // Exact: half a unit stays clear of the next cell's edge by far more than what rounding of the product can move it.
  const perX = 1 / edgeX;
  const perY = 1 / edgeY;
  const { plain, start, end } = test;
  for (let i = start; i < end; i++) {
    const x = (lon[i] as number) - west;
    const y = (lat[i] as number) - south;
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    if (plain ? state[i] === HOLE : !test.holds(i)) continue;
    const cell = (((y + 0.5) * perY) | 0) * across + (((x + 0.5) * perX) | 0);
    counts[cell] = (counts[cell] as number) + 1;
  }
  for (let i = test.tailStart; i < test.tailEnd; i++) {
    const x = (lon[i] as number) - west;
    const y = (lat[i] as number) - south;
    if (x < 0 || y < 0 || x >= width || y >= height || !test.holdsAnywhere(i)) continue;
    const cell = Math.floor(y / edgeY) * across + Math.floor(x / edgeX);
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts;
}
