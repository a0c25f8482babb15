import { MIN_HOUSEHOLDS, type WeightedPoints } from "../../../data/columns/heat.ts";
import {
  type HeatField,
  type HeatMode,
  type HeatPer,
  type Homes,
  heatField,
} from "../../../data/columns/heat-field.ts";
import type { IncidentColumns } from "../../../data/columns/incident-columns.ts";
import { toLattice } from "../../../data/model/geometry.ts";
import type { BuildingColumns, CountyData } from "../../data/county-data.ts";
import type { Selection } from "../../data/selection.ts";
import { type AreaIndex, closestKnown } from "../../map/area-index.ts";
import { memoLast, type Scene } from "../../map/scene.ts";

export type { HeatField } from "../../../data/columns/heat-field.ts";

const homesOf = ({ lon, lat, households }: BuildingColumns): WeightedPoints => ({ lon, lat, weight: households });

/** Without buildings (imported counties) households stand at the middle of the lowest areas: coarse, and never zero by mistake. */
const homesOfAreas = ({ lowest }: AreaIndex): WeightedPoints => ({
  lon: Int32Array.from(lowest, (area) => toLattice(area.label[0])),
  lat: Int32Array.from(lowest, (area) => toLattice(area.label[1])),
  weight: lowest.map((area) => area.households ?? 0),
});

/** Households of a county as points: its buildings, or the middle of its lowest areas where it has none. */
export const homesFrom = (buildings: BuildingColumns, index: AreaIndex): Homes =>
  buildings.rows > 0
    ? { points: homesOf(buildings), homes: "buildings" }
    : { points: homesOfAreas(index), homes: "areas" };

/** Heat of an area and a selection; undefined until its columns are here. */
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
    if (!columns || !bbox) return undefined;
    const homes = per === "households" && buildings ? homesFrom(buildings, index) : undefined;
    const suspiciousLeftOut = counted.length - rows.length;
    return heatField({ lon: columns.lon, lat: columns.lat, rows }, { bbox, mode, per, suspiciousLeftOut, homes });
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
