import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { HotCounties } from "../../api/hot/hot-counties.ts";
import { COMMAND_LINE } from "../../api/services/identity/administrator.ts";
import { createToken } from "../../api/services/identity/tokens.ts";
import { RowFilter } from "../../data/columns/select.ts";
import { fromLattice } from "../../data/model/geometry.ts";
import { pointsTile, rowsHeld } from "../../data/tiles/incident-tile.ts";
import { boxOfTile, type TileId } from "../../data/tiles/tile-math.ts";
import { cellsOfBox } from "../../db/repositories/cells.ts";
import { featuresOf } from "../helpers/read-tile.ts";
import { type Contender, compareServers, round3 } from "./compare-servers.ts";
import { type BenchCounty, benchCounty } from "./data/bench-county.ts";
import type { Figure } from "./figure.ts";
import { keepAlive, type LoadRequest, median, send } from "./http-load.ts";
import { startMapServer } from "./mapserver.ts";
import { clusterCpuMs, type ServerProcess, startServerProcess } from "./server-process.ts";

const INCIDENTS = 1_000_000;
/** Points of the near tile: what one sees of a town at the zoom of streets. */
const NEAR_POINTS = 3500;
const MOST_NEAR = 0.05;

/** Rounds, and requests of each in a round: enough that one collection of garbage or the first ones after a pause do not decide. */
const ROUNDS = 7;
const COUNTS: Readonly<Record<number, number>> = { 14: 60, 11: 3, 8: 2 };
/** Until the code of a tile is compiled: it runs once a tile, some thousand rows at a time. */
const WARM: Readonly<Record<number, number>> = { 14: 400, 11: 20, 8: 20 };

/** The tile of a zoom that holds about as many cases as wanted. */
async function tileWith(client: pg.Client, county: string, z: number, wanted: number): Promise<TileId> {
  const { rows } = await client.query<{ x: number; y: number }>(
    `SELECT q.x, q.y FROM (
       SELECT floor((ST_X(i.geom) + 180) / 360 * 2 ^ $2)::int AS x,
         floor((1 - asinh(tan(radians(ST_Y(i.geom)))) / pi()) / 2 * 2 ^ $2)::int AS y, count(*) AS n
       FROM incident i WHERE i.county = $1 GROUP BY 1, 2) q
     ORDER BY abs(q.n - $3) LIMIT 1`,
    [county, z, wanted],
  );
  const [found] = rows;
  if (!found) throw new Error("the county has no cases");
  return { z, x: found.x, y: found.y };
}

/** Waits until our server has the county in memory. */
async function untilHot(server: ServerProcess): Promise<void> {
  const agent = keepAlive(1);
  for (let tries = 0; tries < 600; tries++) {
    const { body } = await send(server.address, agent, { path: "/metrics" });
    if (/^jingwei_hot_rows\S* [1-9]/m.test(body.toString())) return void agent.destroy();
    await wait(500);
  }
  throw new Error("the cases did not get into memory within five minutes");
}

interface Question {
  readonly tile: TileId;
  readonly ours: (n: number) => LoadRequest;
  readonly cached: (n: number) => LoadRequest;
  readonly floor: (n: number) => LoadRequest;
  readonly peer: (n: number) => LoadRequest;
}

function question(tile: TileId, county: string, authorization: string, at: string): Question {
  const { z, x, y } = tile;
  const { west, south, east, north } = boxOfTile(tile);
  const cells = cellsOfBox([fromLattice(west), fromLattice(south), fromLattice(east), fromLattice(north)]);
  const path = `/tiles/incidents/${z}/${x}/${y}.mvt?county=${county}`;
  const headers = { authorization };
  let asked = 0;
  return {
    tile,
    // A bound that no case reaches, another one each time: no tile is taken from the cache.
    ours: () => ({
      path: `${path}&to=${encodeURIComponent(new Date(Date.UTC(2100, 0, 1) + 1000 * asked++).toISOString())}`,
      headers,
    }),
    cached: () => ({ path, headers }),
    peer: () => ({ path: `/${z}/${x}/${y}` }),
    floor: () => ({ path: `/${z}/${x}/${y}?county=${county}&at=${at}${cells ? `&cells=${cells.join(",")}` : ""}` }),
  };
}

/** Both must give the same cases, or the same counts, before their cost is compared. */
async function requireEqual(ours: ServerProcess, floor: ServerProcess, { tile, cached, floor: asked }: Question) {
  const agent = keepAlive(2);
  const [a, b] = await Promise.all([send(ours.address, agent, cached(0)), send(floor.address, agent, asked(0))]);
  void agent.destroy();
  const [mine, theirs] = [featuresOf(a.body, "incidents"), featuresOf(b.body, "incidents")];
  const sum = (list: typeof mine, field: string): number =>
    list.reduce((total, { properties }) => total + Number(properties[field] ?? 0), 0);
  const facts = (list: typeof mine) =>
    tile.z < 12
      ? [sum(list, "count"), sum(list, "open"), sum(list, "late")]
      : list
          .map(({ id, properties }) => `${id} ${properties["class"]} ${"closed" in properties} ${properties["late"]}`)
          .sort();
  const closed = new Map(theirs.map(({ id, properties }) => [id, Number(properties["closed"] ?? 0)]));
  // The floor rounds to seconds; ours cuts them off, and says the next one of a case closed late within its deadline's.
  const apart = mine.filter(
    ({ id, properties }) => Math.abs(Number(properties["closed"] ?? 0) - (closed.get(id) ?? 0)) > 1,
  );
  if (JSON.stringify(facts(mine)) !== JSON.stringify(facts(theirs)) || apart.length > 0)
    throw new Error(`tile ${tile.z}/${tile.x}/${tile.y}: ${mine.length} features, the floor has ${theirs.length}`);
  return { features: mine.length, ours: a.body.length, floor: b.body.length };
}

/** MapServer must give the same cases; what it says of them is of other types. */
async function requireSameCases(ours: ServerProcess, peer: ServerProcess, { tile, cached, peer: asked }: Question) {
  const agent = keepAlive(2);
  const [a, b] = await Promise.all([send(ours.address, agent, cached(0)), send(peer.address, agent, asked(0))]);
  void agent.destroy();
  const [mine, theirs] = [a, b].map(({ body }) => featuresOf(body, "incidents").map(({ id }) => id ?? 0));
  if (mine?.toSorted().join() !== theirs?.toSorted().join())
    throw new Error(`tile ${tile.z}/${tile.x}/${tile.y}: ${mine?.length} cases, MapServer has ${theirs?.length}`);
}

/**
 * Processor time of finding a tile's cases in memory and writing the tile, without HTTP, rights and versions around it: what
 * the goal was set by (performance reference, section 4: typed arrays, written by hand). Median of rounds, ms.
 */
async function madeAlone(
  { database, county, now }: BenchCounty,
  tile: TileId,
): Promise<{ readonly kept: number; readonly edited: number; readonly fetched: number }> {
  const hot = new HotCounties(database, {
    bytes: 2e9,
    counties: [county],
    log: (_, message) => console.error(message),
  });
  const stop = hot.start();
  try {
    await hot.settled(county, "0.0", 0);
    await hot.idle();
    const [slot] = [...hot.loaded()];
    const held = slot?.county;
    if (!held) throw new Error("the cases are not in memory");
    const asOf = Math.floor(now / 1000);
    const make = (n: number): number => {
      const cases = held.tiles.of(tile);
      return pointsTile(cases, rowsHeld(cases, new RowFilter(cases, { to: 4e9 + n }, asOf)), tile, asOf).length;
    };
    const cost = (prepare: () => void): number => {
      const found: number[] = [];
      const count = COUNTS[tile.z] ?? 5;
      for (let n = 0; n < (WARM[tile.z] ?? 20); n++) {
        prepare();
        make(n);
      }
      for (let round = 0; round < ROUNDS; round++) {
        const before = process.cpuUsage();
        for (let n = 0; n < count; n++) {
          prepare();
          make(n);
        }
        const { user, system } = process.cpuUsage(before);
        found.push((user + system) / 1000 / count);
      }
      return median(found);
    };
    const cases = held.tiles.of(tile);
    const [ref, lon, lat] = [cases.ref[0] ?? 0, cases.lon[0] ?? 0, cases.lat[0] ?? 0];
    return {
      kept: cost(() => undefined),
      edited: cost(() => held.tiles.changed(ref, lon, lat)),
      fetched: cost(() => held.tiles.clear()),
    };
  } finally {
    await stop();
  }
}

const figure = (name: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => ({
  bench: "tiles",
  name,
  value: round3(value),
  unit,
  ...more,
});

/** Tiles of a million cases from memory against ST_AsMVT by raw `pg`. */
export async function* tiles(): AsyncIterable<Figure> {
  const county = await benchCounty({ incidents: INCIDENTS, onProgress: (message) => console.error(message) });
  if ("missing" in county) {
    yield figure(`left out: ${county.missing}`, 0, "ratio");
    return;
  }
  const client = new pg.Client({ connectionString: county.url });
  await client.connect();
  const backend = Number((await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid);
  const env = { BENCH_URL: county.url, BENCH_DIR: county.dir };
  const start = (name: string, file: string) =>
    startServerProcess(name, ["--import", "tsx", `tests/bench/peers/${file}`], { env });
  const servers: ServerProcess[] = [];
  try {
    const ours = await start("ours", "own-server.ts");
    servers.push(ours);
    const floor = await start("floor", "tiles-server.ts");
    servers.push(floor);
    const mapserver = await startMapServer(county.url, county.county);
    if ("missing" in mapserver) yield figure(`left out: ${mapserver.missing}`, 0, "ratio");
    const peer = "missing" in mapserver ? undefined : mapserver;
    if (peer) servers.push(peer);
    const input = { name: "bench", role: "dispatcher" as const, areaCode: county.county, days: 1, reason: "bench" };
    const token = `Bearer ${(await createToken(county.database, COMMAND_LINE, input, Date.now())).secret}`;
    await untilHot(ours);
    const at = new Date(county.now).toISOString();
    for (const [z, wanted] of [
      [14, NEAR_POINTS],
      [11, INCIDENTS],
      [8, INCIDENTS],
    ] as const) {
      const asked = question(await tileWith(client, county.county, z, wanted), county.county, token, at);
      const { features, ...bytes } = await requireEqual(ours, floor, asked);
      if (peer && z === 14) await requireSameCases(ours, peer, asked);
      const contenders: Contender[] = [
        { name: "floor", server: floor, request: asked.floor },
        // It has points at every zoom: a tile of a county's million is no question to compare.
        ...(peer && z === 14 ? [{ name: "MapServer by FastCGI", server: peer, request: asked.peer }] : []),
        { name: "ours, made anew", server: ours, request: asked.ours },
        { name: "ours, kept", server: ours, request: asked.cached },
      ];
      const cluster = { cpuMs: () => clusterCpuMs(backend) };
      const measured = await compareServers(cluster, contenders, {
        rounds: ROUNDS,
        count: COUNTS[z] ?? 5,
        warm: WARM[z] ?? 20,
      });
      for (const { name, cpuMs, serverMs, ratio, p50Ms } of measured) {
        const goal = z === 14 && name.startsWith("ours") ? { goal: `<= ${MOST_NEAR}`, ok: ratio <= MOST_NEAR } : {};
        yield figure(
          `z${z}, ${features} features, ${name}: processor time (server ${round3(serverMs)}, p50 ${round3(p50Ms)} ms)`,
          cpuMs,
          "ms",
          name === "floor" ? {} : { peer: "ST_AsMVT by pg", ratio: round3(ratio), ...goal },
        );
      }
      if (z === 14) {
        const { kept, edited, fetched } = await madeAlone(county, asked.tile);
        const floorMs = measured[0]?.cpuMs ?? Number.NaN;
        for (const [name, ms] of [
          ["filtering and writing the tile alone, its cases asked for lately", kept],
          ["the same after an edit in it", edited],
          ["the same asked for the first time, its cases fetched among a million", fetched],
        ] as const)
          yield figure(`z${z}: ${name}`, ms, "ms", {
            peer: "ST_AsMVT by pg",
            ratio: round3(ms / floorMs),
            goal: `<= ${MOST_NEAR}`,
            ok: ms / floorMs <= MOST_NEAR,
          });
      }
      yield figure(`z${z}: bytes of a tile (ST_AsMVT: ${bytes.floor})`, bytes.ours, "B");
    }
  } finally {
    for (const server of servers) await server.stop();
    await client.end();
    await county.close();
  }
}
