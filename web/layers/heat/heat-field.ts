import {
  binPoints,
  cellsPer100Households,
  cellsPerKm2,
  densityPerKm2,
  type HeatCell,
  MIN_HOUSEHOLDS,
  niceCeiling,
  positiveQuantile,
  type Raster,
  rasterOver,
  ratePer100Households,
  type WeightedPoints,
} from "../../../data/columns/heat.ts";
import type { IncidentColumns } from "../../../data/columns/incident-columns.ts";
import { type Bbox, toLattice } from "../../../data/model/geometry.ts";
import type { HeatMode, HeatPer } from "../../app/view-state.ts";
import type { BuildingColumns, CountyData } from "../../data/county-data.ts";
import type { Selection } from "../../data/selection.ts";
import { type AreaIndex, closestKnown } from "../../map/area-index.ts";
import { memoLast, type Scene } from "../../map/scene.ts";

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

/** Cell edge that suits an area `widthM` metres wide. */
export const cellSizeFor = (widthM: number): number =>
  CELL_SIZES_M.find((size) => widthM / size <= CELLS_ACROSS) ?? 5000;

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

const homesOf = ({ lon, lat, households }: BuildingColumns): WeightedPoints => ({ lon, lat, weight: households });

/** Without buildings (imported counties) households stand at the middle of the lowest areas: coarse, and never zero by mistake. */
const homesOfAreas = ({ lowest }: AreaIndex): WeightedPoints => ({
  lon: Int32Array.from(lowest, (area) => toLattice(area.label[0])),
  lat: Int32Array.from(lowest, (area) => toLattice(area.label[1])),
  weight: lowest.map((area) => area.households ?? 0),
});

/** Computes heat from columns: of cases that have a place, so without those on default points unless switched on. */
export const computeHeat = memoLast(
  (
    columns: IncidentColumns | undefined,
    { rows, counted }: Selection,
    buildings: BuildingColumns | undefined,
    index: AreaIndex,
    area: string,
    mode: HeatMode,
    per: HeatPer,
  ): HeatField | undefined => {
    const home = closestKnown(index, area);
    const bbox = home && index.bboxes.get(home.code);
    if (!columns || !bbox || (per === "households" && !buildings)) return undefined;
    const { raster, metres } = heatRaster(bbox, mode);
    const counts = binPoints(raster, { lon: columns.lon, lat: columns.lat, rows });
    const households =
      per === "households" && buildings
        ? binPoints(raster, buildings.rows > 0 ? homesOf(buildings) : homesOfAreas(index))
        : undefined;
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
      incidents: rows.length,
      suspiciousLeftOut: counted.length - rows.length,
      households: households?.reduce((sum, homes) => sum + homes, 0) ?? 0,
      homes: buildings && buildings.rows > 0 ? "buildings" : "areas",
    };
  },
);

/** Why there is no heat to see; undefined when there is. */
export type HeatLack = "waiting" | "failed" | "empty" | "noHouseholds";

/** Tells a county without households (nothing to divide by) from one that still loads, failed to, or has no cases. */
export function heatLack(field: HeatField | undefined, states: CountyData["states"]): HeatLack | undefined {
  if (!field) return states.buildings === "error" || states.incidents === "error" ? "failed" : "waiting";
  if (field.incidents === 0) return "empty";
  return field.per === "households" && field.households < MIN_HOUSEHOLDS ? "noHouseholds" : undefined;
}

/** The heat of a scene; undefined until its columns are here. */
export const heatOf = (scene: Scene): HeatField | undefined =>
  computeHeat(
    scene.data.incidents,
    scene.selection,
    scene.view.heatPer === "households" ? scene.data.buildings : undefined,
    scene.index,
    scene.view.area,
    scene.view.heatMode,
    scene.view.heatPer,
  );
