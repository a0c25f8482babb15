import { HOLE, type IncidentColumns } from "../../../../data/columns/incident-columns.ts";
import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import { type MeteredPlace, MeteredPoints } from "../../../../data/coverage/plan-graph/metered-points.ts";
import { labelPoint } from "../../../../data/geo/label-point.ts";
import { fromLattice, type LonLat, type MultiPolygonRings } from "../../../../data/model/geometry.ts";
import { INCIDENT_STATES, isOpenState } from "../../../../data/model/incident.ts";
import { type PlanBase, unpackLattice, unpackPolygons } from "../../../../data/planning/plan-base.ts";
import { reportUnauthenticated } from "../../../app/csrf.ts";
import type { AreaFeature, CameraColumns } from "../../../data/county-data.ts";
import { RequestError } from "../../../gql/request.ts";
import type { Ground, GroundPoints } from "./ground.ts";
import { spreadHouseholds } from "./spread-households.ts";

/**
 * What a plan of an area is drawn on, as the server has it.
 *
 * @param at instant of the boundaries, ISO 8601; those of now when absent
 * @throws RequestError in the server's words
 */
export async function fetchPlanBase(scope: string, at: string | undefined, signal: AbortSignal): Promise<PlanBase> {
  const asked = new URLSearchParams({ scope, ...(at && { at }) });
  let response: Response;
  try {
    response = await fetch(`/columns/plan-base?${asked}`, { signal, cache: "no-cache" });
  } catch (error) {
    throw new RequestError(error instanceof Error ? error.message : String(error), undefined, true);
  }
  if (response.status === 401) reportUnauthenticated();
  if (response.ok) return (await response.json()) as PlanBase;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; hint?: string; code?: string };
  throw new RequestError(problem.detail ?? `${response.status}`, problem.hint, false, problem.code);
}

const within = (code: string | undefined, scope: string): boolean => code?.startsWith(scope) ?? false;

type Columns = { readonly rows: number; readonly lon: Int32Array; readonly lat: Int32Array } | undefined;

/** Rows of columns that count one each. */
const placesIn = (
  columns: Columns,
  isIn: (row: number) => boolean,
  what: Omit<MeteredPlace, "place">,
): MeteredPlace[] =>
  Array.from({ length: columns?.rows ?? 0 }, (_, row) => row)
    .filter(isIn)
    .map((row) => ({
      ...what,
      place: [fromLattice(columns?.lon[row] as number), fromLattice(columns?.lat[row] as number)],
    }));

/** A building whose number the viewer is not told is one household's (`householdsOfBuilding`); it counts as an estimate. */
const UNTOLD = 1;

/** Buildings as they are drawn; one whose number the viewer is not told has no size. */
function homesOf({ buildings }: PlanBase): GroundPoints {
  const flat = unpackLattice(buildings.at);
  const rows = flat.length / 2;
  return {
    x: Int32Array.from({ length: rows }, (_, row) => flat[row * 2] as number),
    y: Int32Array.from({ length: rows }, (_, row) => flat[row * 2 + 1] as number),
    count: Int32Array.from({ length: rows }, (_, row) => buildings.households[row] ?? 0),
  };
}

const placesOf = (packed: readonly number[]): LonLat[] => {
  const flat = unpackLattice(packed);
  return Array.from({ length: flat.length / 2 }, (_, n) => [
    fromLattice(flat[n * 2] as number),
    fromLattice(flat[n * 2 + 1] as number),
  ]);
};

/**
 * Households by place: those of the buildings; where no building is known those that the grids state, and where these state none those
 * of the areas above, spread over the ground as estimates.
 */
function householdPlaces({ buildings, cells }: PlanBase, areas: readonly AreaFeature[]): MeteredPlace[] {
  if (buildings.households.length > 0)
    return placesOf(buildings.at).map((place, row) => {
      const told = buildings.households[row] ?? null;
      return { place, households: told ?? UNTOLD, exact: told !== null && buildings.exact[row] === 1 };
    });
  const grounds = cells.map(({ code, households, polygons }) => ({
    community: code.slice(0, 12),
    households,
    polygons: unpackPolygons(polygons),
  }));
  const stated = grounds.flatMap(({ households, polygons }) => (households === null ? [] : [{ households, polygons }]));
  if (stated.length > 0) return spreadHouseholds(stated);
  return spreadHouseholds(
    areas.flatMap(({ code, level, households }) => {
      const own = level === "community" ? grounds.filter(({ community }) => community === code) : [];
      return own.length && households !== null
        ? [{ households, polygons: own.flatMap(({ polygons }) => polygons) }]
        : [];
    }),
  );
}

function latticeLine(packed: readonly number[]): LatticePoint[] {
  const flat = unpackLattice(packed);
  const points: LatticePoint[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) points.push([flat[i] as number, flat[i + 1] as number]);
  return points;
}

/** Puts together what a plan is drawn on; undefined where the area has no grids. */
export function groundOf(
  base: PlanBase,
  areas: readonly AreaFeature[],
  cameras: CameraColumns | undefined,
  incidents: IncidentColumns | undefined,
): Ground | undefined {
  const { county, scope } = base;
  if (base.cells.length === 0) return undefined;
  const households = householdPlaces(base, areas);
  return {
    county,
    scope,
    cells: base.cells.map(({ id, code, kind, name, polygons }) => ({
      id,
      code,
      kind,
      name,
      geometry: unpackPolygons(polygons),
    })),
    buildings: homesOf(base),
    householdsKnown: households.length > 0,
    // Buildings come first and in their order where there are any.
    homes: households.map(({ place, households: count = 0 }, row) => ({
      at: typeof place[0] === "number" ? (place as LonLat) : labelPoint(place as MultiPolygonRings),
      households: count,
      compound: base.compounds[base.buildings.compound[row] ?? -1]?.id,
    })),
    points: new MeteredPoints([
      ...households,
      ...placesIn(cameras, (row) => within(cameras?.grids[cameras.grid[row] as number], scope), { cameras: 1 }),
      ...placesIn(
        incidents,
        (row) => isOpenRow(incidents, row) && within(incidents?.grids[incidents.grid[row] as number], scope),
        { openIncidents: 1 },
      ),
      ...placesOf(base.staff.at).map((place, n) => ({ place, staff: base.staff.count[n] ?? 0 })),
    ]),
    reference: base.reference.flatMap(({ kind, rank, name, lines }) =>
      lines.map((line) => ({ kind, rank, name, line: latticeLine(line) })),
    ),
    blocks: base.compounds.map(({ id, name, polygons }) => ({ id, name, geometry: unpackPolygons(polygons) })),
    // Micro-grids do not tell which serials their grids have.
    retired: [
      ...base.retired,
      ...areas.filter(({ code, level }) => level === "grid" && within(code, scope)).map(({ code }) => code),
    ],
  };
}

function isOpenRow(columns: IncidentColumns | undefined, row: number): boolean {
  const state = columns?.state[row];
  if (state === undefined || state === HOLE) return false;
  const word = INCIDENT_STATES[state];
  return word !== undefined && isOpenState(word);
}
