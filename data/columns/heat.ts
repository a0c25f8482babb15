import type { Bbox } from "../model/geometry.ts";
import { fromPlane, type LocalPlane, latticeToPlane, localPlane, toPlane } from "./local-plane.ts";

/** Below this many households a rate says more about chance than about the place (issue 2, DESIGN section 5). */
export const MIN_HOUSEHOLDS = 20;

/** Points with lattice coordinates (1e-7 degree), and what each weighs. */
export interface WeightedPoints {
  readonly lon: Int32Array;
  readonly lat: Int32Array;
  /** Rows to take, in any order; absent = all. */
  readonly rows?: Uint32Array;
  /** Weight of a row (by row number, not by place in `rows`); absent = 1. */
  readonly weight?: ArrayLike<number>;
}

/** A raster of square cells in metres; row 0 is the southernmost, values row by row from west to east. */
export interface Raster {
  readonly plane: LocalPlane;
  /** South-west corner on the plane, metres. */
  readonly x0: number;
  readonly y0: number;
  /** Edge of a cell, metres. */
  readonly cellM: number;
  readonly columns: number;
  readonly rows: number;
}

/** Raster that covers a box with cells of `cellM` metres, aligned to multiples of the cell so that panning keeps cells. */
export function rasterOver(bbox: Bbox, cellM: number, marginM = 0): Raster {
  const plane = localPlane([(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2]);
  const [west, south] = toPlane(plane, bbox[0], bbox[1]);
  const [east, north] = toPlane(plane, bbox[2], bbox[3]);
  const first = (metres: number): number => Math.floor((metres - marginM) / cellM);
  const last = (metres: number): number => Math.ceil((metres + marginM) / cellM);
  return {
    plane,
    x0: first(west) * cellM,
    y0: first(south) * cellM,
    cellM,
    columns: Math.max(1, last(east) - first(west)),
    rows: Math.max(1, last(north) - first(south)),
  };
}

/** Box of a raster in degrees: west, south, east, north. */
export function rasterBbox(raster: Raster): Bbox {
  const [west, south] = fromPlane(raster.plane, raster.x0, raster.y0);
  const [east, north] = fromPlane(
    raster.plane,
    raster.x0 + raster.columns * raster.cellM,
    raster.y0 + raster.rows * raster.cellM,
  );
  return [west, south, east, north];
}

/** Sum of weights in each cell; points outside the raster are left out. */
export function binPoints(raster: Raster, points: WeightedPoints): Float64Array {
  const { plane, x0, y0, cellM, columns, rows } = raster;
  const sums = new Float64Array(columns * rows);
  const count = points.rows ? points.rows.length : points.lon.length;
  for (let i = 0; i < count; i++) {
    const row = points.rows ? (points.rows[i] as number) : i;
    const [x, y] = latticeToPlane(plane, points.lon[row] as number, points.lat[row] as number);
    const column = Math.floor((x - x0) / cellM);
    const line = Math.floor((y - y0) / cellM);
    if (column < 0 || line < 0 || column >= columns || line >= rows) continue;
    const at = line * columns + column;
    sums[at] = (sums[at] as number) + (points.weight ? (points.weight[row] as number) : 1);
  }
  return sums;
}

/** One square of the cell heat: `span` cells wide and high when it had to be merged. */
export interface HeatCell {
  /** South-west corner: column and row in the raster. */
  readonly column: number;
  readonly row: number;
  readonly span: number;
  readonly count: number;
  /** Households in the square; 0 when the unit is per km². */
  readonly households: number;
  /** Incidents per km², or per 100 households. */
  readonly value: number;
}

/** Occupied cells, per km². */
export function cellsPerKm2(raster: Raster, counts: Float64Array): HeatCell[] {
  const km2 = (raster.cellM / 1000) ** 2;
  const cells: HeatCell[] = [];
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at] as number;
    if (count === 0) continue;
    cells.push({
      column: at % raster.columns,
      row: Math.floor(at / raster.columns),
      span: 1,
      count,
      households: 0,
      value: count / km2,
    });
  }
  return cells;
}

/**
 * Occupied cells, per 100 households. A square with fewer than `minHouseholds` is merged with its three siblings into
 * the square twice as wide, up to `maxSpan`; what is still below then is left out, never painted hot.
 *
 * Squares are a quadtree aligned to the raster's origin: a square is cut into four as long as every part that holds an
 * incident keeps enough households, so incidents and households always come from the same ground.
 */
export function cellsPer100Households(
  raster: Raster,
  counts: Float64Array,
  households: Float64Array,
  minHouseholds = MIN_HOUSEHOLDS,
  maxSpan = 8,
): HeatCell[] {
  const sum = (values: Float64Array, column: number, row: number, span: number): number => {
    let total = 0;
    for (let y = row; y < Math.min(row + span, raster.rows); y++)
      for (let x = column; x < Math.min(column + span, raster.columns); x++)
        total += values[y * raster.columns + x] as number;
    return total;
  };
  const cells: HeatCell[] = [];
  const visit = (column: number, row: number, span: number): void => {
    const count = sum(counts, column, row, span);
    if (count === 0) return;
    const homes = sum(households, column, row, span);
    if (homes < minHouseholds) return;
    if (span > 1) {
      const half = span / 2;
      const parts = [
        [column, row],
        [column + half, row],
        [column, row + half],
        [column + half, row + half],
      ] as const;
      const keepsEnough = parts.every(
        ([x, y]) => sum(counts, x, y, half) === 0 || sum(households, x, y, half) >= minHouseholds,
      );
      if (keepsEnough) {
        for (const [x, y] of parts) visit(x, y, half);
        return;
      }
    }
    cells.push({ column, row, span, count, households: homes, value: (100 * count) / homes });
  };
  for (let row = 0; row < raster.rows; row += maxSpan)
    for (let column = 0; column < raster.columns; column += maxSpan) visit(column, row, maxSpan);
  return cells;
}

/** Half-width of the kernel in bandwidths: beyond 3 σ a normal kernel holds 0.3 % of its weight. */
const KERNEL_REACH = 3;

/** Weights of a normal kernel of `bandwidthM` metres at cell distances 0, 1, 2 …; they sum to 1 over both sides. */
function kernelWeights(bandwidthM: number, cellM: number): Float64Array {
  const reach = Math.max(1, Math.ceil((KERNEL_REACH * bandwidthM) / cellM));
  const weights = Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp(-0.5 * ((i * cellM) / bandwidthM) ** 2));
  let total = weights[0] as number;
  for (let i = 1; i <= reach; i++) total += 2 * (weights[i] as number);
  return weights.map((weight) => weight / total);
}

/** Spreads each cell's sum over its surroundings with a normal kernel in metres; the total is kept inside the raster's reach. */
export function smooth(raster: Raster, sums: Float64Array, bandwidthM: number): Float64Array {
  const weights = kernelWeights(bandwidthM, raster.cellM);
  const { columns, rows } = raster;
  const across = new Float64Array(sums.length);
  const out = new Float64Array(sums.length);
  // Scatter from occupied cells first: an incident raster is mostly empty.
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const sum = sums[row * columns + column] as number;
      if (sum === 0) continue;
      for (let k = 1 - weights.length; k < weights.length; k++) {
        const x = column + k;
        if (x < 0 || x >= columns) continue;
        const at = row * columns + x;
        across[at] = (across[at] as number) + sum * (weights[Math.abs(k)] as number);
      }
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const sum = across[row * columns + column] as number;
      if (sum === 0) continue;
      for (let k = 1 - weights.length; k < weights.length; k++) {
        const y = row + k;
        if (y < 0 || y >= rows) continue;
        const at = y * columns + column;
        out[at] = (out[at] as number) + sum * (weights[Math.abs(k)] as number);
      }
    }
  }
  return out;
}

/** Smooth density per km²: `smooth` divided by the area of a cell. */
export function densityPerKm2(raster: Raster, counts: Float64Array, bandwidthM: number): Float64Array {
  const km2 = (raster.cellM / 1000) ** 2;
  return smooth(raster, counts, bandwidthM).map((value) => value / km2);
}

/**
 * Smooth rate per 100 households: smoothed incidents over smoothed households. NaN (not drawn) where fewer than
 * `minHouseholds` live within the kernel's effective area 4πσ².
 */
export function ratePer100Households(
  raster: Raster,
  counts: Float64Array,
  households: Float64Array,
  bandwidthM: number,
  minHouseholds = MIN_HOUSEHOLDS,
): Float64Array {
  const incidents = smooth(raster, counts, bandwidthM);
  const homes = smooth(raster, households, bandwidthM);
  const effectiveCells = (4 * Math.PI * bandwidthM ** 2) / raster.cellM ** 2;
  return incidents.map((value, i) => {
    const here = homes[i] as number;
    return here * effectiveCells < minHouseholds ? Number.NaN : (100 * value) / here;
  });
}

/** The value below which a share `q` (0 … 1) of the positive values lies; 0 when there is none. */
export function positiveQuantile(values: ArrayLike<number>, q: number): number {
  const positive: number[] = [];
  for (let i = 0; i < values.length; i++) if ((values[i] as number) > 0) positive.push(values[i] as number);
  if (positive.length === 0) return 0;
  positive.sort((a, b) => a - b);
  return positive[Math.min(positive.length - 1, Math.floor(q * positive.length))] as number;
}

/** The smallest of 1, 2, 2.5, 5 × 10ⁿ that is at least `value`: a scale's end that people can read. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 2, 2.5, 5, 10]) if (step * power >= value * (1 - 1e-9)) return step * power;
  return 10 * power;
}
