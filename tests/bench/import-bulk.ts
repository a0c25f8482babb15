import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setInterval } from "node:timers";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { runGrids } from "../../api/services/importing/areas.ts";
import type { ImportJob } from "../../api/services/importing/import-job.ts";
import { runIncidents } from "../../api/services/importing/incidents.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { Database } from "../../db/driver.ts";
import { addCounty } from "../../db/import/county-admin.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { openDatabase } from "../../db/open-database.ts";
import { countCases } from "../../db/rollups/apply-delta.ts";
import { createNativeDatabase, dropNativeDatabase } from "../helpers/database.ts";
import { type NativeServer, startNativeServer } from "../helpers/native-postgres.ts";
import type { Figure } from "./figure.ts";
import { BENCH_COUNTY, benchGrids, writeBenchCases } from "./incident-csv.ts";
import { clusterCpuMs } from "./server-process.ts";

const NOW_MS = Date.parse("2026-01-15T00:00:00Z");
/** Growth of the process over idle, MB. */
const MEMORY_GOAL_MB = 300;
const COPY_GOAL = 1.1;
/** Tables that an import of cases fills, with what is there of them in the file. */
const CASE_TABLES = ["incident", "incident_event", "incident_clock"] as const;

const figure = (name: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => ({
  bench: "import",
  name,
  value,
  unit,
  ...more,
});

const job = (file: string, more: Partial<ImportJob> = {}): ImportJob => ({
  county: BENCH_COUNTY,
  files: [file],
  dryRun: false,
  nowMs: NOW_MS,
  actor: "bench",
  level: undefined,
  crs: undefined,
  map: {},
  onProgress: () => undefined,
  ...more,
});

/** A county with its grids and no case. */
async function prepare(database: Database, grids: string): Promise<void> {
  await loadReference(database, CLASS_CODES);
  await addCounty(database, { code: BENCH_COUNTY, name: "测县", timezone: "Asia/Shanghai" }, NOW_MS);
  await runGrids(database, job(grids, { map: { code: "code" } }));
}

interface Measured {
  readonly seconds: number;
  /** Processor time of this process and of the cluster, seconds. */
  readonly ownCpu: number;
  readonly clusterCpu: number;
  /** Growth of the resident memory at its peak, MB. */
  readonly growthMb: number;
}

async function measure(work: () => Promise<unknown>, clusterMs: () => number = () => 0): Promise<Measured> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const cluster = clusterMs();
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const own = process.cpuUsage(cpu);
  clearInterval(timer);
  return {
    seconds,
    ownCpu: (own.user + own.system) / 1e6,
    clusterCpu: (clusterMs() - cluster) / 1000,
    growthMb: Math.round((Math.max(peak, process.memoryUsage().rss) - before) / 2 ** 20),
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Cases of a made-up county: into both databases, against COPY of the same rows and against ogr2ogr. */
export async function* importingMany(): AsyncIterable<Figure> {
  const rows = process.env["BENCH_QUICK"] ? 100_000 : 1_000_000;
  const dir = mkdtempSync(join(tmpdir(), "jingwei-bench-"));
  const grids = join(dir, "grids.geojson");
  const cases = join(dir, "cases.csv");
  try {
    writeFileSync(grids, benchGrids());
    await writeBenchCases(cases, rows);
    yield figure("made-up cases", rows, "rows");
    yield figure("file", rounded(statSync(cases).size / 2 ** 20), "MB");
    const server = await startNativeServer();
    if ("missing" in server) yield figure(`native: left out, ${server.missing}`, 0, "");
    else {
      try {
        yield* native(server, dir, grids, cases, rows);
      } finally {
        await server.stop();
      }
    }
    yield* embedded(dir, grids, cases, rows);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function* embedded(dir: string, grids: string, cases: string, rows: number): AsyncIterable<Figure> {
  const { database } = await openDatabase({ dir: join(dir, "embedded") });
  try {
    await prepare(database, grids);
    const done = await measure(() => runIncidents(database, job(cases)));
    yield figure("embedded: rows per second", Math.round(rows / done.seconds), "1/s");
    yield figure("embedded: processor time", rounded(done.ownCpu), "s");
    yield memory("embedded", done);
  } finally {
    await database.close();
  }
}

const memory = (form: string, { growthMb }: Measured): Figure =>
  figure(`${form}: growth of the process over idle at its peak`, growthMb, "MB", {
    goal: `≤ ${MEMORY_GOAL_MB} MB`,
    ok: growthMb <= MEMORY_GOAL_MB,
  });

/** One database of the server, prepared or empty, with a session of its own. */
async function withDatabase<T>(
  server: NativeServer,
  dir: string,
  grids: string,
  work: (database: Database, client: pg.Client, url: string, cpu: () => number) => Promise<T>,
): Promise<T> {
  const url = await createNativeDatabase(server.url);
  const { database } = await openDatabase({ url, dir: join(dir, "native") });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await prepare(database, grids);
    const backend = Number((await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid);
    return await work(database, client, url, () => clusterCpuMs(backend));
  } finally {
    await client.end();
    await database.close();
    await dropNativeDatabase(server.url, url);
  }
}

const columnsOf = async (client: pg.Client, table: string): Promise<string> =>
  String(
    (
      await client.query<{ names: string }>(
        `SELECT string_agg(attname, ', ' ORDER BY attnum) AS names FROM pg_attribute
          WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
      )
    ).rows[0]?.names,
  );

const copyText = (client: pg.Client, sql: string): Promise<string> => text(client.query(copyTo(sql)));

async function* native(
  server: NativeServer,
  dir: string,
  grids: string,
  cases: string,
  rows: number,
): AsyncIterable<Figure> {
  const lists: Record<string, string> = {};
  const months: string[] = [];
  let organisations = "";
  const ours = await withDatabase(server, dir, grids, async (database, client, _url, cpu) => {
    const done = await measure(() => runIncidents(database, job(cases)), cpu);
    for (const table of CASE_TABLES) {
      lists[table] = await columnsOf(client, table);
      const stream = client.query(
        copyTo(
          `COPY (SELECT ${lists[table]} FROM ${table} ORDER BY ${table === "incident_clock" ? "incident_id" : "id"}) TO STDOUT`,
        ),
      );
      await pipeline(stream, createWriteStream(join(dir, table)));
    }
    organisations = await copyText(
      client,
      "COPY (SELECT county, id, kind, name, name_sort FROM organisation) TO STDOUT",
    );
    const found = await client.query<{ sql: string }>(
      `SELECT format('CREATE TABLE %I PARTITION OF %I %s', c.relname, p.relname, pg_get_expr(c.relpartbound, c.oid)) AS sql
         FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid JOIN pg_class p ON p.oid = inhparent
        WHERE p.relname IN ('incident', 'incident_event') AND c.relkind = 'r' AND c.relname NOT LIKE '%default' ORDER BY 1`,
    );
    months.push(...found.rows.map(({ sql }) => sql));
    return done;
  });
  yield figure("native: rows per second", Math.round(rows / ours.seconds), "1/s");
  yield figure("native: processor time of the importing process", rounded(ours.ownCpu), "s");
  yield figure("native: processor time of the database", rounded(ours.clusterCpu), "s");
  yield memory("native", ours);
  /** COPY of the rows that the import wrote, grids and all, by a client that only passes bytes on. */
  const copied = (checks: boolean): Promise<Measured> =>
    withDatabase(server, dir, grids, async (database, client, _url, cpu) => {
      for (const sql of months) await client.query(sql);
      await pipeline(
        Readable.from([organisations]),
        client.query(copyFrom("COPY organisation (county, id, kind, name, name_sort) FROM STDIN")),
      );
      return measure(
        () =>
          database.transaction({ kind: "loader", county: BENCH_COUNTY }, async (tx) => {
            await client.query("BEGIN");
            if (!checks) await client.query("SET LOCAL session_replication_role = replica");
            for (const table of CASE_TABLES)
              await pipeline(
                createReadStream(join(dir, table), { highWaterMark: 1 << 18 }),
                client.query(copyFrom(`COPY ${table} (${lists[table]}) FROM STDIN`)),
              );
            await client.query("COMMIT");
            // The same roll-ups, by the statement that every other load counts its cases with, and the one row for the feed.
            await countCases(tx, BENCH_COUNTY, "incident i WHERE i.county = $1");
            await tx.execute(
              `INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version)
               VALUES ($1, gen_random_uuid(), 'incident', 'BULK', '{}', 1, $1, $1, $2, 2)`,
              [BENCH_COUNTY, new Date(NOW_MS).toISOString()],
            );
          }),
        cpu,
      );
    });
  const checked = await copied(true);
  yield against(
    "native: COPY of the same rows into the same tables, roll-ups, feed",
    ours,
    checked,
    "COPY",
    `≤ ${COPY_GOAL}`,
    COPY_GOAL,
  );
  const unchecked = await copied(false);
  yield against("native: the same without row-wise checks of foreign keys", ours, unchecked, "COPY without checks");
  const bare = await withDatabase(server, dir, grids, async (_database, client, _url, cpu) => {
    await client.query("CREATE TABLE bare AS SELECT * FROM incident WITH NO DATA");
    return measure(
      () =>
        pipeline(
          createReadStream(join(dir, "incident"), { highWaterMark: 1 << 18 }),
          client.query(copyFrom(`COPY bare (${lists["incident"]}) FROM STDIN`)),
        ),
      cpu,
    );
  });
  yield against("native: COPY of the incidents alone into a table without indexes", ours, bare, "bare COPY");
  yield* ogr(server, dir, grids, cases, ours);
}

function against(name: string, ours: Measured, peer: Measured, peerName: string, goal?: string, most?: number): Figure {
  const ratio = rounded(ours.seconds / peer.seconds);
  return figure(`${name} (processor time of the database ${rounded(peer.clusterCpu)} s)`, rounded(peer.seconds), "s", {
    peer: peerName,
    ratio,
    ...(goal === undefined || most === undefined ? {} : { goal, ok: ratio <= most }),
  });
}

async function* ogr(
  server: NativeServer,
  dir: string,
  grids: string,
  cases: string,
  ours: Measured,
): AsyncIterable<Figure> {
  if (spawnSync("ogr2ogr", ["--version"]).status !== 0) {
    yield figure("ogr2ogr: left out, apt-get install gdal-bin", 0, "");
    return;
  }
  const done = await withDatabase(server, dir, grids, (_database, _client, url, cpu) =>
    measure(async () => {
      const { hostname, port, username, password, pathname } = new URL(url);
      const target = `PG:host=${hostname} port=${port} user=${username} password=${password} dbname=${pathname.slice(1)}`;
      const result = spawnSync(
        "ogr2ogr",
        [
          "-f",
          "PostgreSQL",
          target,
          cases,
          "-nln",
          "ogr_cases",
          "-a_srs",
          "EPSG:4326",
          "-oo",
          "X_POSSIBLE_NAMES=经度",
          "-oo",
          "Y_POSSIBLE_NAMES=纬度",
          "-oo",
          "AUTODETECT_TYPE=YES",
        ],
        { encoding: "utf8" },
      );
      if (result.status !== 0) throw new Error(`ogr2ogr: ${result.stderr}`);
    }, cpu),
  );
  yield against(
    "ogr2ogr of the file into a table of its own, as it does by itself",
    ours,
    done,
    "ogr2ogr",
    "faster",
    1,
  );
}
