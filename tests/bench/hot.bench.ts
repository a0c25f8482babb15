import { setTimeout as pause } from "node:timers/promises";
import { HotCounties } from "../../api/hot/hot-counties.ts";
import { tableHash } from "../../api/hot/slab-book.ts";
import { gatherTable } from "../../data/columns/gather.ts";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import { selectRows } from "../../data/columns/select.ts";
import { Prng } from "../../data/demo/prng.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import type { Database } from "../../db/driver.ts";
import { incidentColumnTable } from "../../db/repositories/columns-repository.ts";
import { findCounty } from "../../db/repositories/county-repository.ts";
import { type CaseWorld, changeCases } from "../api/hot/changes.ts";
import { benchCounty } from "./data/bench-county.ts";
import type { Figure } from "./figure.ts";

/** Changes of the long form: one by one, each waited for; then in bulk, compared at the end. */
const SINGLE = 200;
const BULK = 9_800;

const figure = (name: string, value: number, unit: string, goal?: string, ok?: boolean): Figure => ({
  bench: "hot",
  name,
  value: Math.round(value * 100) / 100,
  unit,
  ...(goal === undefined ? {} : { goal }),
  ...(ok === undefined ? {} : { ok }),
});

const versionOf = async (database: Database, county: string): Promise<string> => {
  const row = await database.transaction({ kind: "county", county }, (tx) => findCounty(tx, county));
  return `${row?.contentVersion}.${row?.liveVersion}`;
};

/** What may be changed: some thousand newest cases, and the middle of each deepest area that they lie in. */
async function worldOf(database: Database, county: string): Promise<CaseWorld> {
  return database.transaction({ kind: "county", county }, async (tx) => {
    const cases = await tx.rows<{ id: string }>(
      "SELECT i.id FROM incident i WHERE i.county = $1 ORDER BY i.opened_at DESC LIMIT 20000",
      [county],
    );
    const areas = await tx.rows<{ code: string; lon: number; lat: number }>(
      `SELECT v.code, ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v
       WHERE v.county = $1 AND v.level = 'grid' ORDER BY v.code LIMIT 500`,
      [county],
    );
    return {
      county,
      ids: cases.map(({ id }) => id),
      places: areas.map(({ code, lon, lat }) => ({ code, point: [lon, lat] as LonLat })),
      classes: CLASS_CODES.slice(0, 20).map(({ code, sensitive }) => ({ code, sensitive })),
    };
  });
}

async function* measure(incidents: number, years: 1 | 10): AsyncIterable<Figure> {
  const bench = await benchCounty({ incidents, years });
  if ("missing" in bench) {
    yield figure(`left out: ${bench.missing}`, 0, "");
    return;
  }
  const { database, county, now } = bench;
  const size = `${incidents / 1e6}M`;
  let hot: HotCounties | undefined;
  let stop: (() => Promise<void>) | undefined;
  try {
    const errors: unknown[] = [];
    hot = new HotCounties(database, {
      bytes: 2e9,
      counties: [county],
      log: (fields, message) => errors.push([message, fields]),
    });
    const cpu = process.cpuUsage();
    const started = performance.now();
    stop = hot.start();
    await hot.settled(county, "0.0", 0);
    await hot.idle();
    const used = process.cpuUsage(cpu);
    yield figure(`${size}: load`, (performance.now() - started) / 1000, "s");
    yield figure(`${size}: processor time of this process for it`, (used.user + used.system) / 1e6, "s");
    const held = await hot.settled(county, await versionOf(database, county), 5000);
    const [slot] = [...hot.loaded()];
    if (!held || !slot?.county) throw new Error(`not in memory: ${JSON.stringify(errors)}`);
    const { columns } = slot.county;
    const perRow = columns.bytes / columns.count;
    yield figure(`${size}: memory per case`, perRow, "bytes", "<= 48", perRow <= 48);
    yield figure(`${size}: memory`, columns.bytes / 1e6, "MB");
    if (incidents > 1_000_000) return;

    const world = await worldOf(database, county);
    const prng = new Prng("bench hot");
    const delays: number[] = [];
    for (let n = 0; n < SINGLE; n++) {
      await changeCases(database, world, prng, 1, now - 1000 + n);
      const committed = performance.now();
      if (!(await hot.settled(county, await versionOf(database, county), 5000))) throw new Error("did not settle");
      delays.push(performance.now() - committed);
      await pause(5);
    }
    delays.sort((a, b) => a - b);
    yield figure("commit to answer from memory, median", delays[Math.floor(SINGLE / 2)] ?? 0, "ms");
    yield figure("commit to answer from memory, p95", delays[Math.floor(SINGLE * 0.95)] ?? 0, "ms");
    await changeCases(database, world, prng, BULK, now - 500);
    const after = await hot.settled(county, await versionOf(database, county), 60_000);
    if (!after) throw new Error("did not settle");
    const asOf = Math.floor(now / 1000);
    const reading = { county, asOf: new Date(asOf * 1000).toISOString(), now: new Date(now).toISOString() };
    const table = await database.transaction({ kind: "county", county }, (tx) =>
      incidentColumnTable(tx, reading, { inside: county }),
    );
    const rows = selectRows(after.columns, {}, asOf);
    const mine = gatherTable(after.columns, rows, { version: "", asOf });
    const same = after.dataVersion === table.version && tableHash(mine) === tableHash(table);
    yield figure(
      `cases equal to SQL's after ${SINGLE + BULK} changes`,
      incidentColumns(table).rows,
      "rows",
      "equal",
      same,
    );
  } finally {
    await stop?.();
    await bench.close();
  }
}

/** Cases in memory: how long they take to load, what they take, how fast they follow. `BENCH_FULL=1` adds 10 million. */
export async function* hot(): AsyncIterable<Figure> {
  yield* measure(1_000_000, 1);
  if (process.env["BENCH_FULL"]) yield* measure(10_000_000, 10);
}
