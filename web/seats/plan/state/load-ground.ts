import { HOLE, type IncidentColumns } from "../../../../data/columns/incident-columns.ts";
import { toLattice } from "../../../../data/model/geometry.ts";
import { INCIDENT_STATES, isOpenState } from "../../../../data/model/incident.ts";
import type { CountyData } from "../../../data/county-data.ts";
import type { Ground, GroundCell, GroundPoints, ReferenceLine } from "./ground.ts";

/** Row id of a global id (`Area:county:uuid`). */
const rowId = (id: string): string => id.slice(id.lastIndexOf(":") + 1);

const within = (code: string | undefined, scope: string): boolean => code?.startsWith(scope) ?? false;

/** The points of columns that lie in an area. */
function pointsIn(
  columns: { readonly rows: number; readonly lon: Int32Array; readonly lat: Int32Array } | undefined,
  isIn: (row: number) => boolean,
  count: (row: number) => number,
): GroundPoints {
  const rows: number[] = [];
  for (let row = 0; row < (columns?.rows ?? 0); row++) if (isIn(row)) rows.push(row);
  return {
    x: Int32Array.from(rows, (row) => columns?.lon[row] as number),
    y: Int32Array.from(rows, (row) => columns?.lat[row] as number),
    count: Int32Array.from(rows, count),
  };
}

/** What a plan of an area is drawn on, from what the page holds of the county. Undefined while parts are on their way. */
export function groundOf(
  scope: string,
  { county, areas, buildings, cameras, context, compounds }: CountyData,
  incidents: IncidentColumns | undefined,
): Ground | undefined {
  const inside = areas.filter(({ code }) => within(code, scope));
  const parents = new Set(inside.map(({ code, level }) => (level === "micro" ? code.slice(0, 15) : "")));
  const cells = inside.filter(({ code, level }) => level === "micro" || (level === "grid" && !parents.has(code)));
  if (cells.length === 0) return undefined;
  const scopeArea = areas.find(({ code }) => code === scope);
  return {
    county,
    scope,
    cells: cells.map(
      ({ id, code, kind, name, geometry }): GroundCell => ({
        id: rowId(id),
        code,
        kind,
        name,
        geometry: geometry.coordinates,
      }),
    ),
    buildings: pointsIn(
      buildings,
      (row) => within(buildings?.grids[buildings.grid[row] as number], scope),
      (row) => buildings?.households[row] as number,
    ),
    cameras: pointsIn(
      cameras,
      (row) => within(cameras?.grids[cameras.grid[row] as number], scope),
      () => 1,
    ),
    incidents: pointsIn(
      incidents,
      (row) => isOpenRow(incidents, row) && within(incidents?.grids[incidents.grid[row] as number], scope),
      () => 1,
    ),
    reference: referenceOf(context),
    blocks: (compounds?.features ?? []).flatMap(({ geometry, properties }, n) =>
      geometry.type === "MultiPolygon"
        ? [{ id: `${n}`, name: String(properties?.["name"] ?? ""), geometry: geometry.coordinates }]
        : [],
    ),
    // Micro-grids do not tell which serials their grids have.
    retired: inside.filter(({ level }) => level === "grid").map(({ code }) => code),
    centre: scopeArea?.label,
  };
}

function isOpenRow(columns: IncidentColumns | undefined, row: number): boolean {
  const state = columns?.state[row];
  if (state === undefined || state === HOLE) return false;
  const word = INCIDENT_STATES[state];
  return word !== undefined && isOpenState(word);
}

/** Lines of the ground that borders may follow. */
function referenceOf(context: CountyData["context"]): ReferenceLine[] {
  return (context?.features ?? []).flatMap(({ geometry, properties }) => {
    const kind = String(properties?.["kind"] ?? "");
    const lines =
      geometry.type === "MultiLineString"
        ? geometry.coordinates
        : geometry.type === "MultiPolygon" && kind === "block"
          ? geometry.coordinates.flat()
          : [];
    return lines.map((line) => ({
      kind,
      rank: String(properties?.["rank"] ?? ""),
      name: (properties?.["name"] as string | null | undefined) ?? null,
      line: line.map(([lon, lat]) => [toLattice(lon), toLattice(lat)] as const),
    }));
  });
}
