import { type ColumnTable, decodeColumns, NULL_TIME } from "../../../data/columns/format.ts";
import { FLAG, incidentColumns, NO_GRID } from "../../../data/columns/incident-columns.ts";
import { CAMERA_STATUSES } from "../../../data/model/camera.ts";
import { toLattice } from "../../../data/model/geometry.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { INCIDENT_STATES, type IncidentRecord } from "../../../data/model/incident.ts";
import type { Resource } from "../../../data/policy/policy.ts";
import { mayRead, mayReadIn, reachesCounty, type Viewer } from "../../../data/policy/viewer.ts";
import type { TestApi } from "../../helpers/api.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { guardRefusal, type OperationMaker, type Refused, refused, type World } from "./operation.ts";

/** Edge of a kiosk's cell, 1e-7 degree, and its day. */
const CELL = 25_000;
const DAY_S = 86_400;
const ZONE_S = 8 * 3600;

async function get(api: TestApi, viewer: Viewer | null, path: string): Promise<Buffer | Refused> {
  const answer = await api.app.inject({ url: `/columns/${path}`, headers: viewerHeaders(viewer) });
  if (answer.statusCode === 200) return answer.rawPayload;
  const { code } = answer.json() as { code: string };
  if (code === "BAD_USER_INPUT" || code === "INTERNAL") throw new Error(`${path}: ${answer.body}`);
  return refused(code);
}

/** An operation on one layer of the policy county: its whole answer, or what it is refused with. */
const layer =
  <Row>(
    name: string,
    resource: Resource,
    read: (bytes: Buffer) => Row[],
    rows: (world: World, viewer: Viewer) => Row[],
  ): OperationMaker =>
  (world) => ({
    name: `columns/${name}`,
    async run(api, viewer) {
      const bytes = await get(api, viewer, `${name}?county=${world.oracle.county}`);
      return Buffer.isBuffer(bytes) ? read(bytes).toSorted() : bytes;
    },
    expected(viewer) {
      const guard = guardRefusal(viewer, resource);
      if (guard || !viewer) return guard;
      if (!reachesCounty(viewer, world.oracle.county)) return refused("FORBIDDEN");
      return rows(world, viewer).toSorted();
    },
  });

const featuresOf = (bytes: Buffer): { properties: Record<string, unknown> }[] =>
  (JSON.parse(bytes.toString("utf8")) as { features: { properties: Record<string, unknown> }[] }).features;

type CaseRow = readonly (string | number)[];

/** A row of the incident columns as text and numbers: what a client can read of a case. */
function caseRows(table: ColumnTable): CaseRow[] {
  const columns = incidentColumns(table);
  return Array.from({ length: columns.rows }, (_, i) => {
    const grid = columns.grid[i] as number;
    const flags = columns.flags[i] as number;
    return [
      columns.ref[i] as number,
      columns.classes[columns.classIndex[i] as number] ?? "",
      INCIDENT_STATES[columns.state[i] as number] ?? "",
      grid === NO_GRID ? "" : (columns.grids[grid] ?? ""),
      columns.lon[i] as number,
      columns.lat[i] as number,
      columns.opened[i] as number,
      flags & FLAG.cell,
      flags & FLAG.suspicious,
      columns.due[i] === NULL_TIME ? 0 : 1,
    ];
  });
}

function caseRow({ oracle }: World, viewer: Viewer, one: IncidentRecord): CaseRow {
  const [lon, lat] = oracle.shownAt(one).map(toLattice) as [number, number];
  const opened = Math.floor(Date.parse(one.openedAt) / 1000);
  const isCell = !oracle.seesPoint(viewer, one);
  const centre = (value: number): number => Math.floor(value / CELL) * CELL + CELL / 2;
  return [
    isCell ? 0 : one.ref,
    one.classCode,
    one.state,
    one.scopeCode ?? "",
    isCell ? centre(lon) : lon,
    isCell ? centre(lat) : lat,
    isCell ? Math.floor((opened + ZONE_S) / DAY_S) * DAY_S - ZONE_S : opened,
    isCell ? FLAG.cell : 0,
    one.suspicious ? FLAG.suspicious : 0,
    one.dueAt === null ? 0 : 1,
  ];
}

const incidents = layer<CaseRow>(
  "incidents",
  "incident",
  (bytes) => caseRows(decodeColumns(bytes)),
  (world, viewer) =>
    world.oracle.data.incidents
      .filter((one) => world.oracle.seesIncident(viewer, one))
      .map((one) => caseRow(world, viewer, one)),
);

const cameras = layer<string>(
  "cameras",
  "camera",
  (bytes) => {
    const { dictionaries, columns } = decodeColumns(bytes);
    const status = columns["status"] ?? [];
    const angle = columns["angle"] ?? [];
    return (dictionaries["ids"] ?? []).map((id, i) => `${id} ${CAMERA_STATUSES[status[i] as number]} ${angle[i]}`);
  },
  ({ oracle }, viewer) => {
    const device = mayRead(viewer, "camera_device");
    return oracle.data.cameras
      .filter((one) => oracle.seesCamera(viewer, one))
      .map((one) => {
        const view = device ? `${one.status} ${one.angleDeg}` : "unknown 360";
        return `${toGlobalId("Camera", oracle.county, one.id)} ${view}`;
      });
  },
);

const seenBuildings = ({ oracle }: World, viewer: Viewer): string[] =>
  oracle.data.buildings
    .filter(({ scopeCode }) => mayReadIn(viewer, "household", scopeCode))
    .map(({ scopeCode, households }) => `${scopeCode} ${households}`);

const buildings = layer<string>(
  "buildings",
  "household",
  (bytes) => {
    const { dictionaries, columns, rows } = decodeColumns(bytes);
    const { grid, households } = columns;
    return Array.from({ length: rows }, (_, i) => `${dictionaries["grids"]?.[grid?.[i] as number]} ${households?.[i]}`);
  },
  seenBuildings,
);

const footprints = layer<string>(
  "footprints",
  "household",
  (bytes) => featuresOf(bytes).map(({ properties }) => `${properties["code"]} ${properties["households"]}`),
  seenBuildings,
);

/** Every area for everybody; who is responsible only where the viewer may know. */
const areas = layer<string>(
  "areas",
  "map",
  (bytes) =>
    featuresOf(bytes).map(({ properties: { code, owner } }) => {
      const { status } = (owner ?? { status: "" }) as { readonly status: string };
      return `${code} ${status}`;
    }),
  ({ oracle, codes }, viewer) => {
    const isLowest = (code: string): boolean => code.length >= 15 && !codes.some((one) => one.startsWith(`${code}-`));
    return codes.map((code) => {
      const contracts = oracle.data.organisationRoles.filter(({ areaId }) => {
        const stands = oracle.codeOf(areaId);
        return code.startsWith(stands) && oracle.seesDutyOf(viewer, stands);
      });
      const holds = contracts.some(({ to }) => to === null || Date.parse(to) > oracle.nowMs);
      return `${code} ${!isLowest(code) || contracts.length === 0 ? "" : holds ? "owned" : "expired"}`;
    });
  },
);

const compounds = layer<string>(
  "compounds",
  "map",
  (bytes) => featuresOf(bytes).map(({ properties }) => String(properties["name"])),
  ({ oracle }) => oracle.data.compounds.map(({ name }) => name),
);

const context = layer<string>(
  "context",
  "map",
  (bytes) => featuresOf(bytes).map(({ properties }) => String(properties["name"])),
  ({ oracle }) => oracle.data.context.map(({ name }) => String(name)),
);

export const COLUMNS_OPERATIONS: readonly OperationMaker[] = [
  incidents,
  incidents,
  incidents,
  cameras,
  buildings,
  footprints,
  areas,
  compounds,
  context,
];
