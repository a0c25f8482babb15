import { type PlanBase, type PlanBaseReference, packLine, packPolygons } from "../../../data/planning/plan-base.ts";
import type { Role } from "../../../data/policy/roles.ts";
import { householdsOfBuilding } from "../../../data/policy/small-households.ts";
import {
  type PlanReferenceRow,
  planBuildings,
  planCells,
  planCompounds,
  planReference,
  planStaff,
  retiredCodes,
} from "../../../db/repositories/plan-base-repository.ts";
import { inCounty, type RequestContext } from "../../context.ts";
import type { CountyModel } from "../../mappers.ts";

/** What the desk opens of an area at an instant, as far as the viewer may see it. @param at ISO 8601 */
export async function planBase(
  context: RequestContext,
  { county, contentVersion }: CountyModel,
  scope: string,
  at: string,
  role: Role,
): Promise<PlanBase> {
  return inCounty(context, county, async (tx) => {
    const [cells, retired, compounds, buildings, reference, staff] = await Promise.all([
      planCells(tx, county, scope, at),
      retiredCodes(tx, county, scope, at),
      planCompounds(tx, county, scope),
      planBuildings(tx, county, scope),
      planReference(tx, county, scope, at),
      planStaff(tx, county, scope, at),
    ]);
    const numberOf = new Map(compounds.map(({ id }, n) => [id, n]));
    return {
      county,
      scope,
      at,
      contentVersion,
      cells: cells.map((cell) => ({
        id: cell.id,
        versionId: cell.versionId,
        code: cell.code,
        level: cell.level,
        kind: cell.kind,
        name: cell.name,
        households: cell.households,
        householdsExact: cell.householdsExact,
        polygons: packPolygons(cell.geometry.coordinates),
      })),
      retired,
      compounds: compounds.map(({ geometry, ...compound }) => ({
        ...compound,
        polygons: packPolygons(geometry.coordinates),
      })),
      buildings: {
        at: packLine(
          buildings.map(({ lon, lat }) => [lon, lat] as const),
          false,
        ),
        households: buildings.map(({ households }) => householdsOfBuilding(households, role)),
        exact: buildings.map(({ exact }) => (exact ? 1 : 0)),
        compound: buildings.map(({ compoundId }) => (compoundId === null ? -1 : (numberOf.get(compoundId) ?? -1))),
      },
      staff: {
        at: packLine(
          staff.map(({ lon, lat }) => [lon, lat] as const),
          false,
        ),
        count: staff.map((one) => one.staff),
      },
      reference: reference.flatMap(packReference),
    };
  });
}

function packReference({ kind, rank, name, geometry }: PlanReferenceRow): PlanBaseReference[] {
  const { type } = geometry;
  if (type === "Point") return [];
  const lines =
    type === "LineString"
      ? [geometry.coordinates]
      : type === "MultiPolygon"
        ? geometry.coordinates.flat()
        : geometry.coordinates;
  return [{ kind, rank, name, lines: lines.map((line) => packLine(line, false)) }];
}
