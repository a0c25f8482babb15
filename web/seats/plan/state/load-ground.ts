import { HOLE, type IncidentColumns } from "../../../../data/columns/incident-columns.ts";
import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import { INCIDENT_STATES, isOpenState } from "../../../../data/model/incident.ts";
import { type PlanBase, unpackLattice, unpackPolygons } from "../../../../data/planning/plan-base.ts";
import { reportUnauthenticated } from "../../../app/csrf.ts";
import type { AreaFeature, CameraColumns } from "../../../data/county-data.ts";
import { RequestError } from "../../../gql/request.ts";
import type { Ground, GroundPoints } from "./ground.ts";

/**
 * What a plan of an area is drawn on, as the server has it.
 *
 * @throws RequestError in the server's words
 */
export async function fetchPlanBase(scope: string, signal: AbortSignal): Promise<PlanBase> {
  let response: Response;
  try {
    response = await fetch(`/columns/plan-base?scope=${encodeURIComponent(scope)}`, { signal, cache: "no-cache" });
  } catch (error) {
    throw new RequestError(error instanceof Error ? error.message : String(error), undefined, true);
  }
  if (response.status === 401) reportUnauthenticated();
  if (response.ok) return (await response.json()) as PlanBase;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; hint?: string; code?: string };
  throw new RequestError(problem.detail ?? `${response.status}`, problem.hint, false, problem.code);
}

const within = (code: string | undefined, scope: string): boolean => code?.startsWith(scope) ?? false;

/** Points of columns that lie in an area, each counting one. */
function pointsIn(
  columns: { readonly rows: number; readonly lon: Int32Array; readonly lat: Int32Array } | undefined,
  isIn: (row: number) => boolean,
): GroundPoints {
  const rows: number[] = [];
  for (let row = 0; row < (columns?.rows ?? 0); row++) if (isIn(row)) rows.push(row);
  return {
    x: Int32Array.from(rows, (row) => columns?.lon[row] as number),
    y: Int32Array.from(rows, (row) => columns?.lat[row] as number),
    count: new Int32Array(rows.length).fill(1),
  };
}

/** Buildings with their households; one whose number the viewer is not told counts none. */
function homesOf({ buildings }: PlanBase): GroundPoints {
  const flat = unpackLattice(buildings.at);
  const rows = flat.length / 2;
  return {
    x: Int32Array.from({ length: rows }, (_, row) => flat[row * 2] as number),
    y: Int32Array.from({ length: rows }, (_, row) => flat[row * 2 + 1] as number),
    count: Int32Array.from({ length: rows }, (_, row) => buildings.households[row] ?? 0),
  };
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
    cameras: pointsIn(cameras, (row) => within(cameras?.grids[cameras.grid[row] as number], scope)),
    incidents: pointsIn(
      incidents,
      (row) => isOpenRow(incidents, row) && within(incidents?.grids[incidents.grid[row] as number], scope),
    ),
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
