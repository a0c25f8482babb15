import { isDeepStrictEqual } from "node:util";
import { generate } from "../../data/demo/generate.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import type { Database, Scope, Transaction } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { openDatabase } from "../../db/open-database.ts";
import { areaCounts } from "../../db/repositories/area-counts-repository.ts";
import { areasByCode } from "../../db/repositories/area-repository.ts";
import { listCameras } from "../../db/repositories/camera-repository.ts";
import { incidentColumnTable } from "../../db/repositories/columns-repository.ts";
import { dutyPostsInside } from "../../db/repositories/duty-repository.ts";
import type { IncidentReading } from "../../db/repositories/incident-filter.ts";
import { incidentSummaries, listIncidents } from "../../db/repositories/incident-repository.ts";
import { locateInCounty } from "../../db/repositories/locate-repository.ts";
import { searchCounty } from "../../db/repositories/search-repository.ts";
import { heatCells, incidentStats } from "../../db/repositories/stats-repository.ts";
import { createNativeDatabase, dropNativeDatabase, openEmbeddedTestDatabase } from "../helpers/database.ts";
import { startNativeServer } from "../helpers/native-postgres.ts";
import type { Figure } from "./figure.ts";

const NOW = "2026-01-15T00:00:00.000Z";
/** Rounds; each runs every query as the owner and as the seat, one after the other. */
const ROUNDS = 15;
const GOAL = 1.15;

type Query = readonly [name: string, run: (tx: Transaction) => Promise<unknown>];

/** What screens ask for, inside one area. */
function queries(county: string, area: string, centre: readonly [lon: number, lat: number]): Query[] {
  const reading: IncidentReading = { county, asOf: NOW, now: NOW };
  const [lon, lat] = centre;
  const bbox: Bbox = [lon - 0.02, lat - 0.02, lon + 0.02, lat + 0.02];
  const inside = area;
  return [
    ["an area", (tx) => areasByCode(tx, county, [area], NOW)],
    ["locate", (tx) => locateInCounty(tx, county, lon, lat, NOW)],
    ["search", (tx) => searchCounty(tx, county, "wang", NOW, 20)],
    ["newest cases", (tx) => listIncidents(tx, reading, { inside }, "newest", undefined, 50)],
    ["cases in a box", (tx) => listIncidents(tx, reading, { inside, bbox }, "newest", undefined, 50)],
    ["cameras in a box", (tx) => listCameras(tx, county, { inside, bbox }, undefined, 50)],
    ["statistics", (tx) => incidentStats(tx, reading, { inside }, ["area", "major"], "Asia/Shanghai", 1000)],
    ["summary of an area", (tx) => incidentSummaries(tx, county, [area], NOW)],
    ["counts of an area", (tx) => areaCounts(tx, county, [area], NOW)],
    ["duty inside an area", (tx) => dutyPostsInside(tx, county, [area], NOW)],
    ["heat", (tx) => heatCells(tx, reading, { inside }, 500, { lon, lat })],
    ["all cases as columns", (tx) => incidentColumnTable(tx, reading, { inside: county })],
  ];
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function timed(database: Database, scope: Scope, run: Query[1]): Promise<[ms: number, answer: unknown]> {
  const started = process.hrtime.bigint();
  const answer = await database.transaction(scope, run);
  return [Number(process.hrtime.bigint() - started) / 1e6, answer];
}

/** Ratio of each query as a seat to the same query as the owner, whose tables have no row-level security for it. */
async function* ratios(database: Database, seat: Extract<Scope, { kind: "viewer" }>, label: string, all: Query[]) {
  const owner: Scope = { kind: "loader", county: seat.county };
  const found: number[] = [];
  for (const [name, run] of all) {
    const times: [number[], number[]] = [[], []];
    for (let round = -2; round < ROUNDS; round++) {
      const [plain, ownerAnswer] = await timed(database, owner, run);
      const [cut, seatAnswer] = await timed(database, seat, run);
      // The first rounds warm both up, and show that both do the same work.
      if (round < 0 && seat.area === seat.county && !isDeepStrictEqual(ownerAnswer, seatAnswer))
        throw new Error(`${label}: ${name} answers the seat something else`);
      if (round < 0) continue;
      times[0].push(plain);
      times[1].push(cut);
    }
    const [plain, cut] = times.map(median) as [number, number];
    found.push(cut / plain);
    const ratio = Math.round((cut / plain) * 100) / 100;
    yield figure(`${label}: ${name} (${plain.toFixed(2)} → ${cut.toFixed(2)} ms)`, ratio);
  }
  const mean = Math.exp(found.reduce((sum, ratio) => sum + Math.log(ratio), 0) / found.length);
  const value = Math.round(mean * 1000) / 1000;
  yield {
    ...figure(`${label}: geometric mean of ${found.length} queries`, value),
    goal: `≤ ${GOAL}`,
    ok: value <= GOAL,
  };
}

const figure = (name: string, value: number): Figure => ({ bench: "policy", name, value, unit: "ratio" });

async function* measure(database: Database): AsyncIterable<Figure> {
  const dataset = generate(DEMO_PROFILES.zuoyun, "jingwei", NOW);
  await loadReference(database, CLASS_CODES);
  await loadCounty(database, dataset, { now: NOW });
  const { county } = dataset.profile;
  const town = dataset.areas.find(({ level }) => level === "town");
  const whole = dataset.areas.find(({ level }) => level === "county");
  if (!town || !whole) throw new Error("the demo county has no town");
  const seat = (area: string) =>
    ({ kind: "viewer", county, role: "dispatcher", area, account: null, visitor: false }) as const;
  yield {
    bench: "policy",
    name: `${database.form}: cases of the demo county`,
    value: dataset.incidents.length,
    unit: "rows",
  };
  yield* ratios(database, seat(county), `${database.form}, whole county`, queries(county, county, town.label));
  // What reads the whole county in its statement is cut for a town: only statements about the town do equal work.
  const own = queries(county, town.code, town.label).filter(([name]) => !/columns|search|summary|counts/.test(name));
  yield* ratios(database, seat(town.code), `${database.form}, one town`, own);
}

/** What row-level security costs: the same queries as the owner and as a seat, alternating, on both databases. */
export async function* policy(): AsyncIterable<Figure> {
  const server = await startNativeServer();
  if ("missing" in server) {
    yield { bench: "policy", name: `native is left out: ${server.missing}`, value: 0, unit: "ratio" };
  } else {
    const url = await createNativeDatabase(server.url);
    const { database } = await openDatabase({ url, dir: "node_modules/.cache/jingwei/bench-policy" });
    try {
      yield* measure(database);
    } finally {
      await database.close();
      await dropNativeDatabase(server.url, url);
      await server.stop();
    }
  }
  const embedded = await openEmbeddedTestDatabase();
  try {
    yield* measure(embedded.database);
  } finally {
    await embedded.dispose();
  }
}
