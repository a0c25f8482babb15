import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, describe, inject } from "vitest";
import type { Database } from "../../db/driver.ts";
import { migrationsHash } from "../../db/migrate.ts";
import { openDatabase } from "../../db/open-database.ts";
import { type NativeServer, type NoNativeServer, startNativeServer } from "./native-postgres.ts";

/** Snapshots of empty embedded databases, shared by all test files and runs; keyed by the migrations. */
export const TEST_CACHE_DIR = fileURLToPath(new URL("../../node_modules/.cache/jingwei", import.meta.url));

export interface TestDatabase {
  readonly database: Database;
  /** Set for the native form. */
  readonly url: string | undefined;
  /** Closes and removes it. */
  dispose(): Promise<void>;
}

/** A fresh, migrated, empty embedded database in a folder of its own; about two seconds. */
export async function openEmbeddedTestDatabase(options: { readonly durable?: boolean } = {}): Promise<TestDatabase> {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-test-"));
  try {
    const { database } = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR, durable: options.durable ?? false });
    return {
      database,
      url: undefined,
      dispose: async () => {
        await database.close();
        rmSync(dir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

/** Runs statements on a server's database, outside the driver. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const databaseUrl = (server: string, name: string): string => {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
};

let counter = 0;
const freshName = (): string => `jingwei_test_${process.pid}_${Date.now().toString(36)}_${counter++}`;

/** Makes an empty database on a server; `template` copies another one. */
export async function createNativeDatabase(server: string, template?: string): Promise<string> {
  const name = freshName();
  await withClient(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template ?? "template0"}`));
  return databaseUrl(server, name);
}

export async function dropNativeDatabase(server: string, url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await withClient(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
}

/** A database with all migrations that others are copied from; made once per server and set of migrations. */
async function migratedTemplate(server: string): Promise<string> {
  const name = `jingwei_template_${await migrationsHash()}`;
  await withClient(server, async (client) => {
    await client.query("SELECT pg_advisory_lock(hashtext($1))", [name]);
    const found = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (found.rowCount) return;
    const draft = await createNativeDatabase(server);
    const dir = mkdtempSync(join(tmpdir(), "jingwei-test-"));
    const { database } = await openDatabase({ url: draft, dir });
    await database.close();
    rmSync(dir, { recursive: true, force: true });
    await client.query(`ALTER DATABASE ${new URL(draft).pathname.slice(1)} RENAME TO ${name}`);
  });
  return name;
}

/** A fresh, migrated, empty database on a server. */
export async function openNativeTestDatabase(server: string): Promise<TestDatabase> {
  const url = await createNativeDatabase(server, await migratedTemplate(server));
  const dir = mkdtempSync(join(tmpdir(), "jingwei-test-"));
  const { database } = await openDatabase({ url, dir });
  return {
    database,
    url,
    dispose: async () => {
      await database.close();
      await dropNativeDatabase(server, url);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

let ownServer: Promise<NativeServer | NoNativeServer> | undefined;

/** The server of this run: provided by the global setup, or one of this file's own where that is not wired. */
export async function nativeServer(): Promise<string> {
  const provided = inject("nativeUrl");
  if (provided) return provided;
  ownServer ??= startNativeServer();
  const server = await ownServer;
  if ("missing" in server) throw new Error(server.missing);
  return server.url;
}

/** Stops a server that this file started for itself. */
export async function stopOwnServer(): Promise<void> {
  const server = await ownServer;
  ownServer = undefined;
  if (server && !("missing" in server)) await server.stop();
}

/** Why the native tests cannot run here; undefined when they can. */
export const nativeMissing = (): string | undefined => inject("nativeMissing") || undefined;

/** Opens a fresh database; it is closed and removed after the last test of the block. */
export type OpenTestDatabase = () => Promise<TestDatabase>;

/**
 * The same tests on both databases (data rule 13): embedded always, native PostGIS where a server is given or installed.
 * Where it is missing, the block is skipped with what to install in its name, and counted.
 */
export function describeOnBothDatabases(
  name: string,
  body: (open: OpenTestDatabase, form: Database["form"]) => void,
): void {
  const block = (form: Database["form"], start: () => Promise<TestDatabase>, last?: () => Promise<void>) => () => {
    const opened: TestDatabase[] = [];
    afterAll(async () => {
      for (const test of opened) await test.dispose();
      await last?.();
    });
    body(async () => {
      const test = await start();
      opened.push(test);
      return test;
    }, form);
  };
  describe(`${name} (embedded)`, block("embedded", openEmbeddedTestDatabase));
  const missing = nativeMissing();
  const start = async (): Promise<TestDatabase> => openNativeTestDatabase(await nativeServer());
  if (missing) describe.skip(`${name} (native; ${missing})`, block("native", start));
  else describe(`${name} (native)`, block("native", start, stopOwnServer));
}
