import { candidateOwners, type OwnerDistance } from "../../data/dispatch/candidate-owners.ts";
import { codePath } from "../../data/model/codes.ts";
import { fromLattice, type LonLat, toLattice } from "../../data/model/geometry.ts";
import { reachesCounty } from "../../data/policy/viewer.ts";
import { areasByCode } from "../../db/repositories/area-repository.ts";
import { countiesAround } from "../../db/repositories/county-repository.ts";
import { type AreaNearRow, type LocateRow, locateInCounty } from "../../db/repositories/locate-repository.ts";
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
  const nowhere = {
    lon,
    lat,
    county: county ?? null,
    area: null,
    grid: null,
    path: [],
    border: false,
    neighbours: [],
    owners: [],
  };
  if (!county) return nowhere;
  const found = await inCounty(context, county.county, (tx) => locateInCounty(tx, county.county, x, y, at));
  const load = async (codes: readonly string[]): Promise<AreaRow[]> => {
    const areas = await Promise.all(codes.map((one) => areaByCode(context, county.county, at).load(one)));
    return areas.filter((area): area is AreaRow => area !== undefined);
  };
  const owners = ownersOf(found, [x, y]);
  // Among grids: a village without grids is an owner, but no neighbouring grid.
  const grids = owners.filter(({ code }) => found.around.some((one) => one.code === code && isGrid(one)));
  const [path, near] = await Promise.all([
    load(found.deepest === null ? [] : codePath(found.deepest)),
    load(grids.length > 1 ? grids.map(({ code }) => code) : []),
  ]);
  return {
    ...nowhere,
    area: path.at(-1) ?? null,
    grid: path.find((area) => area.level === "grid") ?? null,
    path,
    border: found.border,
    neighbours: near,
    owners,
  };
}

/** Where a point lies within a county. */
export interface Place {
  /** Deepest area that holds it; of several on a border the one with the lowest code. */
  readonly area: AreaRow;
  readonly grid: AreaRow | null;
  readonly border: boolean;
  readonly owners: readonly OwnerDistance[];
}

/**
 * Who owns a point of a county, as `locate` finds it, with the areas it lies in: by two statements of one transaction.
 *
 * @returns undefined where no area of the county holds it, or the viewer's grant does not reach the county
 */
export async function placeInCounty(
  context: RequestContext,
  county: string,
  [lon, lat]: LonLat,
  at: string,
): Promise<Place | undefined> {
  requirePosition(lon, lat);
  if (!reachesCounty(context.viewer, county)) return undefined;
  const x = fromLattice(toLattice(lon));
  const y = fromLattice(toLattice(lat));
  return inCounty(context, county, async (tx) => {
    const found = await locateInCounty(tx, county, x, y, at);
    if (found.deepest === null) return undefined;
    const areas = await areasByCode(tx, county, codePath(found.deepest), at);
    const area = areas.get(found.deepest);
    const grid = [...areas.values()].find(({ level }) => level === "grid") ?? null;
    return area && { area, grid, border: found.border, owners: ownersOf(found, [x, y]) };
  });
}

const isGrid = ({ level }: AreaNearRow): boolean => level === "grid" || level === "micro";

/**
 * Areas that the point belongs to or may belong to, lowest code first. Where the lowest areas leave a gap, the area around
 * them owns what lies in it.
 */
function ownersOf({ deepest, around }: LocateRow, point: LonLat): readonly OwnerDistance[] {
  const near = candidateOwners(
    around.map(({ code, geometry }) => ({ code, geometry: geometry.coordinates })),
    point,
  );
  if (deepest === null || near.some(({ code }) => code === deepest)) return near;
  return [{ code: deepest, distanceM: 0 }, ...near].sort((a, b) => (a.code < b.code ? -1 : 1));
}
