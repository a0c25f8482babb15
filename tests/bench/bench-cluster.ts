import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { COMMAND_LINE } from "../../api/services/identity/administrator.ts";
import { createToken } from "../../api/services/identity/tokens.ts";
import type { Database } from "../../db/driver.ts";
import { openDatabase } from "../../db/open-database.ts";
import { createNativeDatabase, dropNativeDatabase } from "../helpers/database.ts";
import { startNativeServer } from "../helpers/native-postgres.ts";
import { startMapServer } from "./mapserver.ts";
import { installPeer } from "./peer-install.ts";
import { PEER_FUNCTIONS } from "./peers/question-sql.ts";
import { clusterCpuMs, type ServerProcess, startServerProcess } from "./server-process.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A PostgreSQL of the benchmark's own with one database that ours and its peers share. */
export interface BenchCluster {
  readonly database: Database;
  readonly url: string;
  /** Processor time of the whole cluster so far, ms. */
  cpuMs(): number;
  /** First row of a statement of the owner, outside the driver. */
  one(sql: string, values: readonly unknown[]): Promise<Record<string, unknown>>;
  /** Starts a server of `peers/` that runs on the project's own packages. */
  startOwn(name: string, file: string, env?: Readonly<Record<string, string>>): Promise<ServerProcess>;
  /** Starts an installed peer, or says why it is left out. */
  startPeer(name: string): Promise<ServerProcess | { readonly missing: string }>;
  /** Starts MapServer over a county, or says why it is left out. */
  startMapServer(county: string): Promise<ServerProcess | { readonly missing: string }>;
  /** A token of a role on a whole county, as text for the header `authorization`. */
  token(county: string, role: "dispatcher" | "admin"): Promise<string>;
  stop(): Promise<void>;
}

/** A database that servers of a benchmark share. */
export interface SharedDatabase {
  readonly database: Database;
  readonly url: string;
  /** `JINGWEI_DIR` of the database. */
  readonly dir: string;
  /** Gives the database back, and what runs it. */
  close(): Promise<void>;
}

/** An empty, migrated database on a PostgreSQL of its own; why there is none where PostgreSQL is not installed. */
export async function emptyDatabase(): Promise<SharedDatabase | { readonly missing: string }> {
  const server = await startNativeServer();
  if ("missing" in server) return server;
  const url = await createNativeDatabase(server.url);
  const dir = mkdtempSync(join(tmpdir(), "jingwei-bench-"));
  const { database } = await openDatabase({ url, dir });
  return {
    database,
    url,
    dir,
    close: async () => {
      await database.close();
      await dropNativeDatabase(server.url, url);
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL's codes for a function or type that is there already. */
const DUPLICATE = ["42723", "42710"];

/** Puts ours and its peers in front of a database. */
export async function benchCluster({ database, url, dir, close }: SharedDatabase): Promise<BenchCluster> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // As our own sessions have it: costs more than it brings on short statements, for the peers too.
  await client.query(`ALTER DATABASE "${new URL(url).pathname.slice(1)}" SET jit = off`);
  const backend = Number((await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid);
  const servers: ServerProcess[] = [];
  let prepared = false;
  const started = (process: ServerProcess): ServerProcess => {
    servers.push(process);
    return process;
  };
  return {
    database,
    url,
    cpuMs: () => clusterCpuMs(backend),
    one: async (sql, values) => (await client.query<Record<string, unknown>>(sql, [...values])).rows[0] ?? {},
    startOwn: async (name, file, env = {}) =>
      started(
        await startServerProcess(name, ["--import", "tsx", `tests/bench/peers/${file}`], {
          cwd: root,
          env: { BENCH_URL: url, BENCH_DIR: dir, ...env },
        }),
      ),
    startPeer: async (name) => {
      const installed = installPeer(name);
      if ("missing" in installed) return installed;
      for (const sql of prepared ? [] : PEER_FUNCTIONS)
        await client.query(sql).catch((error: { code?: string }) => {
          if (!DUPLICATE.includes(error.code ?? "")) throw error;
        });
      prepared = true;
      const file = name === "postgraphile4" ? "server.cjs" : "server.mjs";
      return started(await startServerProcess(name, [file], { cwd: installed.folder, env: { BENCH_URL: url } }));
    },
    startMapServer: async (county) => {
      const server = await startMapServer(url, county);
      return "missing" in server ? server : started(server);
    },
    token: async (county, role) => {
      const input = { name: "bench", role, areaCode: county, days: 1, reason: "bench" };
      return `Bearer ${(await createToken(database, COMMAND_LINE, input, Date.now())).secret}`;
    },
    stop: async () => {
      for (const process of servers) await process.stop();
      await client.end();
      await close();
    },
  };
}
