import type { Prng } from "../../../data/demo/prng.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import type { IncidentRecord } from "../../../data/model/incident.ts";
import type { Resource } from "../../../data/policy/policy.ts";
import { mayRead, mayReadIn, reachesCounty, type Viewer } from "../../../data/policy/viewer.ts";
import { REFERENCE_LAYERS } from "../../../data/tiles/reference-tile.ts";
import type { TestApi } from "../../helpers/api.ts";
import { featuresOf, readTile } from "../../helpers/read-tile.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { guardRefusal, type OperationMaker, type Refused, refused, type World } from "./operation.ts";

/** Column and row of a position, by the formula of Web Mercator itself. */
function tileOf([lon, lat]: LonLat, z: number): readonly [x: number, y: number] {
  const phi = (lat * Math.PI) / 180;
  const y = (1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2;
  return [Math.floor(((lon + 180) / 360) * 2 ** z), Math.floor(y * 2 ** z)];
}

const inTile = (point: LonLat, z: number, [x, y]: readonly [number, number]): boolean => {
  const [column, row] = tileOf(point, z);
  return column === x && row === y;
};

/** Middle of the fixture's county, which is 0.024 degrees wide. */
const MIDDLE: LonLat = [113.012, 40.012];

async function get(api: TestApi, viewer: Viewer | null, path: string): Promise<Buffer | Refused> {
  const answer = await api.app.inject({ url: `/tiles/${path}`, headers: viewerHeaders(viewer) });
  if (answer.statusCode === 200 || answer.statusCode === 204) return answer.rawPayload;
  const { code } = answer.json() as { code: string };
  if (code === "BAD_USER_INPUT" || code === "INTERNAL") throw new Error(`${path}: ${answer.body}`);
  return refused(code);
}

interface TileOf {
  readonly z: number;
  readonly at: readonly [x: number, y: number];
}

/** An operation on one tile of a layer: what stands in it, or what it is refused with. */
function operation<Row>(
  layer: string,
  resource: Resource,
  world: World,
  { z, at }: TileOf,
  query: string,
  read: (bytes: Buffer) => Row[],
  rows: (viewer: Viewer) => Row[],
) {
  const path = `${layer}/${z}/${at[0]}/${at[1]}.mvt?county=${world.oracle.county}${query}`;
  return {
    name: `tiles/${path}`,
    async run(api: TestApi, viewer: Viewer | null) {
      const bytes = await get(api, viewer, path);
      return Buffer.isBuffer(bytes) ? read(bytes).toSorted() : bytes;
    },
    expected(viewer: Viewer | null) {
      const guard = guardRefusal(viewer, resource);
      if (guard || !viewer) return guard;
      if (!reachesCounty(viewer, world.oracle.county)) return refused("FORBIDDEN");
      return rows(viewer).toSorted();
    },
  };
}

/** A tile around a random case, far out or near. */
function someTile({ oracle }: World, prng: Prng, zooms: readonly number[]): TileOf {
  const z = prng.pick(zooms);
  return { z, at: tileOf(oracle.shownAt(prng.pick(oracle.data.incidents)), z) };
}

const FILTERS = [
  "",
  "",
  "&classes=80001",
  "&open=true",
  "&late=true",
  "&states=closed,void",
  "&withoutSuspicious=true",
];

function holds({ oracle }: World, one: IncidentRecord, filter: string): boolean {
  if (filter.includes("classes")) return one.classCode === "80001";
  if (filter.includes("open")) return oracle.isOpen(one);
  if (filter.includes("late")) return oracle.isLate(one);
  if (filter.includes("states")) return ["closed", "void"].includes(one.state);
  return !filter.includes("Suspicious") || !one.suspicious;
}

/** Cases that a viewer is told of one by one and that lie in the tile. */
const casesIn = (world: World, viewer: Viewer, { z, at }: TileOf, filter: string): IncidentRecord[] =>
  world.oracle.data.incidents.filter(
    (one) =>
      world.oracle.seesPoint(viewer, one) && holds(world, one, filter) && inTile(world.oracle.shownAt(one), z, at),
  );

const nearCases: OperationMaker = (world, prng) => {
  const tile = someTile(world, prng, [12, 13, 15]);
  const filter = prng.pick(FILTERS);
  return operation(
    "incidents",
    "incident",
    world,
    tile,
    filter,
    (bytes) =>
      featuresOf(bytes, "incidents").map(({ id, properties: p }) =>
        [id, p["ref"], p["class"], p["state"], p["area"], p["opened"], p["late"], p["suspicious"], p["title"]].join(
          " ",
        ),
      ),
    (viewer) =>
      casesIn(world, viewer, tile, filter).map((one) => {
        const opened = Math.floor(Date.parse(one.openedAt) / 1000);
        const late = world.oracle.isLate(one);
        return [one.ref, one.ref, one.classCode, one.state, one.scopeCode, opened, late, one.suspicious, ""].join(" ");
      }),
  );
};

const countedCases: OperationMaker = (world, prng) => {
  const tile = someTile(world, prng, [0, 8, 10, 11]);
  const filter = prng.pick(FILTERS);
  return operation(
    "incidents",
    "incident",
    world,
    tile,
    filter,
    (bytes) => {
      const sums = { count: 0, open: 0, late: 0 };
      for (const { properties } of featuresOf(bytes, "incidents"))
        for (const name of ["count", "open", "late"] as const) sums[name] += Number(properties[name]);
      return [JSON.stringify(sums)];
    },
    (viewer) => {
      const cases = casesIn(world, viewer, tile, filter);
      const count = (test: (one: IncidentRecord) => boolean): number => cases.filter(test).length;
      const { isOpen, isLate } = world.oracle;
      return [JSON.stringify({ count: cases.length, open: count(isOpen), late: count(isLate) })];
    },
  );
};

const cameras: OperationMaker = (world, prng) => {
  const z = prng.pick([9, 12, 14]);
  const tile = { z, at: tileOf(prng.pick(world.oracle.data.cameras).point, z) };
  return operation<string>(
    "cameras",
    "camera",
    world,
    tile,
    "",
    (bytes) =>
      featuresOf(bytes, "cameras").flatMap(({ properties: p }) =>
        z < 12 ? Array<string>(Number(p["count"])).fill("camera") : [[p["id"], p["status"], p["angle"]].join(" ")],
      ),
    (viewer) => {
      const device = mayRead(viewer, "camera_device");
      return world.oracle.data.cameras
        .filter((one) => world.oracle.seesCamera(viewer, one) && inTile(one.point, z, tile.at))
        .map((one) => {
          const id = toGlobalId("Camera", world.oracle.county, one.id);
          return z < 12 ? "camera" : [id, device ? one.status : "", device ? one.angleDeg : ""].join(" ");
        });
    },
  );
};

const buildings: OperationMaker = (world) => {
  const near = { z: 13, at: tileOf(MIDDLE, 13) };
  return operation<string>(
    "buildings",
    "household",
    world,
    near,
    "",
    (bytes) => featuresOf(bytes, "buildings").map(({ properties: p }) => `${p["code"]} ${p["households"]}`),
    (viewer) =>
      world.oracle.data.buildings
        .filter(({ scopeCode }) => mayReadIn(viewer, "household", scopeCode))
        // None of the fixture's outlines reaches into the margin of a tile without a corner in the tile itself.
        .filter(({ geometry }) => geometry[0]?.[0]?.some((corner) => inTile(corner, near.z, near.at)))
        .map(({ scopeCode, households }) => `${scopeCode} ${households === 1 ? undefined : households}`),
  );
};

/** Every area, compound and road for everybody; nothing of who is responsible. */
const areas: OperationMaker = (world, prng) => {
  const layer = prng.pick(["areas", "grids", "compounds", "reference"] as const);
  const tile = { z: 10, at: tileOf(MIDDLE, 10) };
  const levels = ["county", "town", "community", "grid", "micro"];
  return operation<string>(
    layer,
    "map",
    world,
    tile,
    layer === "areas" ? `&levels=${levels.join(",")}` : "",
    (bytes) =>
      readTile(bytes).flatMap(({ name, features }) =>
        features.map(({ properties: p }) => `${name} ${p["code"] ?? p["name"]} ${p["owner"] ?? ""}`),
      ),
    () => {
      if (layer === "reference")
        return world.oracle.data.context.map(({ kind, name }) => `${REFERENCE_LAYERS[kind]} ${name} `);
      if (layer === "compounds") return world.oracle.data.compounds.map(({ name }) => `compounds ${name} `);
      return world.oracle.data.areas
        .filter(({ level }) => layer === "areas" || level === "grid")
        .map(({ level, code }) => `${layer === "areas" ? level : "grids"} ${code} `);
    },
  );
};

export const TILES_OPERATIONS: readonly OperationMaker[] = [
  nearCases,
  nearCases,
  countedCases,
  countedCases,
  cameras,
  buildings,
  areas,
];
