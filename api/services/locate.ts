import { codePath } from "../../data/model/codes.ts";
import { fromLattice, toLattice } from "../../data/model/geometry.ts";
import { reachesCounty } from "../../data/policy/viewer.ts";
import { locateInCounty } from "../../db/repositories/area-repository.ts";
import { countiesAround } from "../../db/repositories/county-repository.ts";
import { inCounty, type RequestContext } from "../context.ts";
import type { AreaRow, LocationModel } from "../mappers.ts";
import { areaByCode, countyOf } from "./loaders.ts";
import { requirePosition } from "./require.ts";

/**
 * Who owns a point at an instant (DESIGN section 4, rule 4). The point is snapped to the lattice first, so that a node of
 * a border, read from a map with seven decimals, lies exactly on it.
 */
export async function locate(context: RequestContext, lon: number, lat: number, at: string): Promise<LocationModel> {
  requirePosition(lon, lat);
  const x = fromLattice(toLattice(lon));
  const y = fromLattice(toLattice(lat));
  const around = await context.database.transaction({ kind: "reference" }, (tx) => countiesAround(tx, x, y));
  // A county beyond the viewer's grant is as if it were not held here.
  const code = around.find((one) => reachesCounty(context.viewer, one));
  const county = code === undefined ? undefined : await countyOf(context, code);
  const nowhere = { lon, lat, county: county ?? null, area: null, grid: null, path: [], border: false, neighbours: [] };
  if (!county) return nowhere;
  const found = await inCounty(context, county.county, (tx) => locateInCounty(tx, county.county, x, y, at));
  const load = async (codes: readonly string[]): Promise<AreaRow[]> => {
    const areas = await Promise.all(codes.map((one) => areaByCode(context, county.county, at).load(one)));
    return areas.filter((area): area is AreaRow => area !== undefined);
  };
  const [path, near] = await Promise.all([
    load(found.deepest === null ? [] : codePath(found.deepest)),
    load(found.near.length > 1 ? found.near : []),
  ]);
  return {
    ...nowhere,
    area: path.at(-1) ?? null,
    grid: path.find((area) => area.level === "grid") ?? null,
    path,
    border: found.border,
    neighbours: near,
  };
}
