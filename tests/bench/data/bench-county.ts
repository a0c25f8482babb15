import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CLASS_CODES } from "../../../data/model/class-codes.ts";
import type { Database } from "../../../db/driver.ts";
import { loadCounty } from "../../../db/load/load-county.ts";
import { loadReference } from "../../../db/load/load-reference.ts";
import { ensureIncidentPartitions } from "../../../db/load/partitions.ts";
import { migrationsHash } from "../../../db/migrate.ts";
import { openDatabase } from "../../../db/open-database.ts";
import { rebuildRollups } from "../../../db/rollups/rebuild.ts";
import { withClient } from "../../helpers/database.ts";
import { startKeptServer } from "../../helpers/native-postgres.ts";
import { BENCH_NOW, benchDataset } from "./bench-dataset.ts";
import { BENCH_COUNTY, benchGeography } from "./bench-geography.ts";
import { BENCH_INCIDENT_COLUMNS, benchIncidentRows } from "./bench-incidents.ts";

export interface BenchCountyOptions {
  readonly incidents: number;
  /** Length of the history, 1 unless said otherwise. */
  readonly years?: 1 | 10;
  readonly seed?: string;
  readonly onProgress?: (message: string) => void;
}

/** A loaded county of the benchmarks. */
export interface BenchCounty {
  readonly county: string;
  readonly database: Database;
  readonly url: string;
  /** Folder of Jingwei for this database (`JINGWEI_DIR`): the keys that its audit log is signed with. */
  readonly dir: string;
  /** Epoch ms that the data end at. */
  readonly now: number;
  /** Seconds that generating and loading took; undefined where it was kept from an earlier run. */
  readonly loadSeconds: number | undefined;
  /** Closes the connections, and stops the server where this call started it. The data stay. */
  close(): Promise<void>;
}

const here = fileURLToPath(new URL(".", import.meta.url));

/** Where databases of benchmarks are kept: of this checkout alone. */
function benchFolder(): string {
  const given = process.env["JINGWEI_BENCH_DIR"];
  const name = createHash("sha256").update(here).digest("hex").slice(0, 8);
  return given ?? join(tmpdir(), `jingwei-bench-${name}`);
}

/** What the data depend on: the schema and the generator. */
async function fingerprint(): Promise<string> {
  const hash = createHash("sha256").update(await migrationsHash());
  for (const file of readdirSync(here).sort()) if (file.endsWith(".ts")) hash.update(readFileSync(join(here, file)));
  return hash.digest("hex").slice(0, 10);
}

const SERVER_SETTINGS = {
  shared_buffers: "2GB",
  maintenance_work_mem: "512MB",
  work_mem: "64MB",
  max_wal_size: "8GB",
  wal_level: "minimal",
  max_wal_senders: "0",
  synchronous_commit: "off",
  jit: "off",
  max_connections: "60",
};

/**
 * The county of the benchmarks with so many cases, from the database of an earlier run where there is one. Equal options
 * give equal rows. Two processes may ask at once: one loads, the other waits.
 *
 * @returns what is missing on this machine, where PostgreSQL with PostGIS is not installed
 */
export async function benchCounty(options: BenchCountyOptions): Promise<BenchCounty | { readonly missing: string }> {
  const { incidents, years = 1, seed = "1", onProgress = () => undefined } = options;
  const folder = benchFolder();
  mkdirSync(folder, { recursive: true });
  const server = await startKeptServer(join(folder, "server"), SERVER_SETTINGS);
  if ("missing" in server) return server;
  const kind = `bench_${incidents}_${years}y_${seed}_`;
  const name = kind + (await fingerprint());
  const dir = join(folder, "files", name);
  mkdirSync(dir, { recursive: true });
  const target = new URL(server.url);
  target.pathname = `/${name}`;
  const url = target.toString();
  const open = async (): Promise<Database> => (await openDatabase({ url, dir })).database;
  try {
    const loadSeconds = await withClient(server.url, async (client) => {
      await client.query("SELECT pg_advisory_lock(hashtext($1))", [kind]);
      const kept = await client.query<{ datname: string }>(
        "SELECT datname FROM pg_database WHERE starts_with(datname, $1)",
        [kind],
      );
      if (kept.rows.some(({ datname }) => datname === name)) return undefined;
      for (const { datname } of kept.rows) await client.query(`DROP DATABASE "${datname}" WITH (FORCE)`);
      // Loaded under another name: a run that was ended halfway leaves nothing that looks finished.
      const draft = `${kind}draft`;
      await client.query(`CREATE DATABASE "${draft}" TEMPLATE template0`);
      const started = performance.now();
      target.pathname = `/${draft}`;
      const { database } = await openDatabase({ url: target.toString(), dir });
      try {
        const addIndexes = await dropIndexes(target.toString());
        await fill(database, incidents, years, seed, onProgress);
        onProgress("indexes");
        await addIndexes();
        onProgress("roll-ups");
        await database.transaction({ kind: "loader", county: BENCH_COUNTY }, (tx) => rebuildRollups(tx, BENCH_COUNTY));
      } finally {
        await database.close();
      }
      await withClient(target.toString(), (vacuum) => vacuum.query("VACUUM (ANALYZE)"));
      await client.query(`ALTER DATABASE "${draft}" RENAME TO "${name}"`);
      return (performance.now() - started) / 1000;
    });
    const database = await open();
    return {
      county: BENCH_COUNTY,
      database,
      url,
      dir,
      now: Date.parse(BENCH_NOW),
      loadSeconds,
      close: async () => {
        await database.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Takes the indexes of cases away but for the primary key's: built afterwards they cost a third. @returns what adds them */
async function dropIndexes(url: string): Promise<() => Promise<void>> {
  const definitions = await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string; definition: string }>(
      `SELECT c.relname AS name, pg_get_indexdef(c.oid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE i.indrelid = 'incident'::regclass AND NOT i.indisprimary`,
    );
    for (const { name } of rows) await client.query(`DROP INDEX "${name}"`);
    // An index of the parent alone (ON ONLY) would never be used.
    return rows.map(({ definition }) => definition.replace(" ON ONLY ", " ON "));
  });
  return () =>
    withClient(url, async (client) => {
      for (const definition of definitions) await client.query(definition);
    });
}

/** Loads the county, then its cases by COPY. */
async function fill(
  database: Database,
  incidents: number,
  years: number,
  seed: string,
  onProgress: (message: string) => void,
): Promise<void> {
  const now = Date.parse(BENCH_NOW);
  await loadReference(database, CLASS_CODES);
  await loadCounty(database, benchDataset(), { now: BENCH_NOW });
  await ensureIncidentPartitions(database, BENCH_COUNTY, now - years * 366 * 86_400_000, now);
  const { grids } = benchGeography();
  const all = benchIncidentRows({ incidents, years, seed, grids, now });
  let done = 0;
  function* counted() {
    for (const row of all) {
      if (++done % 500_000 === 0) onProgress(`${done} cases`);
      yield row;
    }
  }
  const copied = await database.transaction({ kind: "loader", county: BENCH_COUNTY }, (tx) =>
    tx.copyIn("incident", BENCH_INCIDENT_COLUMNS, counted()),
  );
  if (copied !== incidents) throw new Error(`${copied} of ${incidents} cases were copied`);
}
