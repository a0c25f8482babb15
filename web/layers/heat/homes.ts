import type { WeightedPoints } from "../../../data/columns/heat.ts";
import type { Homes } from "../../../data/columns/heat-field.ts";
import { toLattice } from "../../../data/model/geometry.ts";
import type { BuildingColumns } from "../../data/county-data.ts";
import type { AreaIndex } from "../../map/area-index.ts";

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
