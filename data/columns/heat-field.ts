import type { Bbox } from "../model/geometry.ts";
import {
  binPoints,
  cellsPer100Households,
  cellsPerKm2,
  densityPerKm2,
  type HeatCell,
  niceCeiling,
  positiveQuantile,
  type Raster,
  rasterOver,
  ratePer100Households,
  type WeightedPoints,
} from "./heat.ts";

export type HeatMode = "cells" | "smooth";
export type HeatPer = "km2" | "households";

/** Edge of a cell is the first of these that cuts the area into at most `CELLS_ACROSS`; metres. */
const CELL_SIZES_M = [50, 100, 250, 500, 1000, 2000, 5000] as const;
const CELLS_ACROSS = 40;
/** The smooth raster has this many pixels to a bandwidth, and at most this many across. */
const PIXELS_PER_BANDWIDTH = 5;
const PIXELS_ACROSS = 420;
/** The scale ends at a round number over this share of the values, so that one hot spot does not blacken the rest. */
const TOP_SHARE = 0.995;

/** Heat of one area and selection, ready to draw and to explain. */
export interface HeatField {
  readonly mode: HeatMode;
  readonly per: HeatPer;
  readonly raster: Raster;
  /** Squares when `mode` is cells. */
  readonly cells: readonly HeatCell[];
  /** One value per raster pixel when `mode` is smooth; NaN = too few households. */
  readonly values: Float64Array;
  /** Edge of a cell, or bandwidth (σ) of the kernel, in metres. */
  readonly metres: number;
  /** End of the colour scale, in the field's unit. */
  readonly max: number;
  readonly incidents: number;
  /** Selected incidents on default points, left out. */
  readonly suspiciousLeftOut: number;
  /** Households the rate is made of: all of the raster's; 0 when the unit is per km². */
  readonly households: number;
  /** Where households stand: their buildings, or the middle of the lowest areas where a county has no buildings. */
  readonly homes: "buildings" | "areas";
}

/** Where households stand, as points that weigh as many. */
export interface Homes {
  readonly points: WeightedPoints;
  readonly homes: HeatField["homes"];
}

export interface HeatRequest {
  /** Box of the area, WGS 84 degrees. */
  readonly bbox: Bbox;
  readonly mode: HeatMode;
  readonly per: HeatPer;
  /** Selected cases on default points that `rows` lacks. */
  readonly suspiciousLeftOut: number;
  /** What a rate is a share of; only looked at when `per` is households. */
  readonly homes: Homes | undefined;
}

/** Cell edge that suits an area `widthM` metres wide. */
const cellSizeFor = (widthM: number): number => CELL_SIZES_M.find((size) => widthM / size <= CELLS_ACROSS) ?? 5000;

function heatRaster(bbox: Bbox, mode: HeatMode): { raster: Raster; metres: number } {
  const probe = rasterOver(bbox, 10);
  const widthM = Math.max(probe.columns, probe.rows) * 10;
  if (mode === "cells") {
    const metres = cellSizeFor(widthM);
    return { raster: rasterOver(bbox, metres), metres };
  }
  // About the same detail as the cells have, without their edges.
  const bandwidth = cellSizeFor(widthM) * 0.6;
  const pixel = Math.max(bandwidth / PIXELS_PER_BANDWIDTH, widthM / PIXELS_ACROSS);
  return { raster: rasterOver(bbox, pixel, 3 * bandwidth), metres: bandwidth };
}

/**
 * Heat of selected cases that have a place (without those on default points unless switched on).
 *
 * @param cases columns of cases and the rows selected
 * @returns undefined while what it is a share of is not here
 */
export function heatField(
  cases: { readonly lon: Int32Array; readonly lat: Int32Array; readonly rows: Uint32Array },
  { bbox, mode, per, suspiciousLeftOut, homes }: HeatRequest,
): HeatField | undefined {
  if (per === "households" && !homes) return undefined;
  const { raster, metres } = heatRaster(bbox, mode);
  const counts = binPoints(raster, cases);
  const households = per === "households" && homes ? binPoints(raster, homes.points) : undefined;
  const cells =
    mode === "smooth"
      ? []
      : households
        ? cellsPer100Households(raster, counts, households)
        : cellsPerKm2(raster, counts);
  const values =
    mode === "cells"
      ? new Float64Array(0)
      : households
        ? ratePer100Households(raster, counts, households, metres)
        : densityPerKm2(raster, counts, metres);
  const shown = mode === "cells" ? cells.map((cell) => cell.value) : values;
  return {
    mode,
    per,
    raster,
    cells,
    values,
    metres,
    max: niceCeiling(positiveQuantile(shown, TOP_SHARE)),
    incidents: cases.rows.length,
    suspiciousLeftOut,
    households: households?.reduce((sum, here) => sum + here, 0) ?? 0,
    homes: homes?.homes ?? "areas",
  };
}
