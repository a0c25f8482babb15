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

/** Cases of a window, a box, some states or an area, in either encoding: what lies outside stays outside. */
const incidentsWhere: OperationMaker = (world, prng) => {
  const { oracle } = world;
  const inside = prng.chance(0.5) ? prng.pick(world.codes) : undefined;
  // On a boundary of days, as a kiosk's cells have them.
  const day = oracle.nowMs - prng.int(2, 200) * DAY_S * 1000;
  const from = prng.chance(0.5)
    ? new Date(Math.floor((day / 1000 + ZONE_S) / DAY_S) * DAY_S * 1000 - ZONE_S * 1000)
    : undefined;
  const states = prng.chance(0.5) ? INCIDENT_STATES.filter(() => prng.chance(0.5)).concat("closed") : undefined;
  const corner = prng.float() * 0.02;
  const box = prng.chance(0.5) ? [113, 40, 113.002 + corner, 40.002 + corner] : undefined;
  const parts = [
    `county=${oracle.county}`,
    ...(inside === undefined ? [] : [`inside=${inside}`]),
    ...(from === undefined ? [] : [`from=${from.toISOString()}`]),
    ...(states === undefined ? [] : [`states=${states.join()}`]),
    ...(box === undefined ? [] : [`bbox=${box.join()}`]),
    `encoding=${prng.pick(["plain", "packed"])}`,
  ];
  const path = `incidents?${parts.join("&")}`;
  return {
    name: `columns/${path}`,
    async run(api, viewer) {
      const bytes = await get(api, viewer, path);
      return Buffer.isBuffer(bytes) ? caseRows(decodeColumns(bytes)).toSorted() : bytes;
    },
    expected(viewer) {
      const guard = guardRefusal(viewer, "incident");
      if (guard || !viewer) return guard;
      if (!reachesCounty(viewer, oracle.county)) return refused("FORBIDDEN");
      if (inside !== undefined && inside !== oracle.county && !mayReadIn(viewer, "incident", inside))
        return refused("FORBIDDEN");
      const lies = (value: number, low: number | undefined, high: number | undefined): boolean =>
        low === undefined || high === undefined || (value >= toLattice(low) && value <= toLattice(high));
      return oracle.data.incidents
        .filter((one) => oracle.seesIncident(viewer, one))
        .filter(({ scopeCode }) => inside === undefined || inside === oracle.county || scopeCode?.startsWith(inside))
        .filter(({ state }) => states?.includes(state) ?? true)
        .map((one) => caseRow(world, viewer, one))
        .filter((row) => from === undefined || Number(row[6]) >= from.getTime() / 1000)
        .filter((row) => lies(Number(row[4]), box?.[0], box?.[2]) && lies(Number(row[5]), box?.[1], box?.[3]))
        .toSorted();
    },
  };
};

/** Some columns alone: what a viewer may not see as a point is no more precise for want of the others. */
const incidentsOfFields: OperationMaker = (world, prng) => {
  const { oracle } = world;
  const path = `incidents?county=${oracle.county}&fields=state,lon,lat,opened&encoding=${prng.pick(["plain", "packed"])}`;
  return {
    name: `columns/${path}`,
    async run(api, viewer) {
      const bytes = await get(api, viewer, path);
      if (!Buffer.isBuffer(bytes)) return bytes;
      const { rows, columns } = decodeColumns(bytes);
      const names = Object.keys(columns).sort();
      return Array.from({ length: rows }, (_, i) => names.map((name) => columns[name]?.[i])).toSorted();
    },
    expected(viewer) {
      const guard = guardRefusal(viewer, "incident");
      if (guard || !viewer) return guard;
      if (!reachesCounty(viewer, oracle.county)) return refused("FORBIDDEN");
      return oracle.data.incidents
        .filter((one) => oracle.seesIncident(viewer, one))
        .map((one) => caseRow(world, viewer, one))
        .map(([, , state, , lon, lat, opened]) => [
          lat,
          lon,
          opened,
          (INCIDENT_STATES as readonly unknown[]).indexOf(state),
        ])
        .toSorted();
    },
  };
};

/** The slabs of a viewer's cases: how many there are in all, and which classes and areas the county has. */
const slabs: OperationMaker = (world) => ({
  name: "columns/incidents/slabs",
  async run(api, viewer) {
    const bytes = await get(api, viewer, `incidents/slabs?county=${world.oracle.county}`);
    if (!Buffer.isBuffer(bytes)) return bytes;
    const { slabs: list, dictionaries } = JSON.parse(bytes.toString("utf8")) as {
      readonly slabs: readonly { readonly rows: number }[];
      readonly dictionaries: { readonly grids: readonly string[] };
    };
    return [list.reduce((sum, { rows }) => sum + rows, 0), dictionaries.grids];
  },
  expected(viewer) {
    const guard = guardRefusal(viewer, "incident");
    if (guard || !viewer) return guard;
    if (!reachesCounty(viewer, world.oracle.county)) return refused("FORBIDDEN");
    const seen = world.oracle.data.incidents.filter((one) => world.oracle.seesIncident(viewer, one));
    return [seen.length, [...world.codes].sort()];
  },
});

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
  // A home of one household carries no number.
  (world, viewer) => seenBuildings(world, viewer).map((one) => one.replace(/ 1$/, " null")),
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

const reference = layer<string>(
  "reference",
  "map",
  (bytes) => featuresOf(bytes).map(({ properties }) => `${properties["id"]} ${properties["kind"]}`),
  ({ oracle }) => oracle.data.context.map(({ id, kind }) => `${id} ${kind}`),
);

export const COLUMNS_OPERATIONS: readonly OperationMaker[] = [
  incidents,
  incidents,
  incidentsWhere,
  incidentsWhere,
  incidentsOfFields,
  slabs,
  cameras,
  buildings,
  footprints,
  areas,
  compounds,
  context,
  reference,
];
