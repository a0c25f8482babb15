import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runner } from "node-pg-migrate";
import type { ClientBase } from "pg";
import { userError } from "../data/model/errors.ts";
import type { AdminClient, Database } from "./driver.ts";

/** Folder of the migrations that this version ships. */
export const MIGRATIONS_DIR = fileURLToPath(new URL("./migrations", import.meta.url));
/** Table of the applied migrations, in schema public. */
export const MIGRATIONS_TABLE = "schema_migration";
/** Advisory lock that one migrating process holds at a time: the bytes of "jwmg". */
const LOCK_KEY = 0x6a776d67;

export interface MigrateOptions {
  readonly direction?: "up" | "down";
  /** How many to run; all of them upwards, one downwards when absent. */
  readonly count?: number;
  readonly dir?: string;
  readonly onProgress?: (message: string) => void;
}

/** The one part of a `pg` client that the runner uses, over either form. */
const asClient = (client: AdminClient): ClientBase =>
  ({
    query: (statement: string | { readonly text: string; readonly values?: readonly string[] }, values?: string[]) => {
      const text = typeof statement === "string" ? statement : statement.text;
      return client.query(text, values ?? (typeof statement === "string" ? undefined : statement.values));
    },
  }) as unknown as ClientBase;

/**
 * Brings the schema up to date (or down), all pending migrations in one transaction. Safe to run twice and from two
 * processes: on a server one process holds an advisory lock and the others wait; the embedded form is open in one
 * process only.
 *
 * @returns names of the migrations that were run
 */
export async function migrate(database: Database, options: MigrateOptions = {}): Promise<string[]> {
  return database.adminSession(async (client) => {
    if (database.form === "native") await client.query("SELECT pg_advisory_lock($1)", [LOCK_KEY]);
    try {
      return await runMigrations(client, options);
    } finally {
      if (database.form === "native") await client.query("SELECT pg_advisory_unlock($1)", [LOCK_KEY]);
    }
  });
}

/** The same within the transaction of a session, which alone ends it: of a restore, where all comes to be or nothing. */
export function migrateWithin(client: AdminClient, options: MigrateOptions = {}): Promise<string[]> {
  const isBoundary = /^\s*(BEGIN|COMMIT)\s*;?\s*$/i;
  const query: AdminClient["query"] = async (sql, params) =>
    isBoundary.test(sql) ? { rows: [] } : client.query(sql, params);
  return runMigrations({ ...client, query }, options);
}

async function runMigrations(client: AdminClient, options: MigrateOptions): Promise<string[]> {
  const { direction = "up", dir = MIGRATIONS_DIR, onProgress } = options;
  const quiet = (): void => undefined;
  try {
    const done = await runner({
      dbClient: asClient(client),
      dir,
      direction,
      migrationsTable: MIGRATIONS_TABLE,
      schema: "public",
      checkOrder: true,
      singleTransaction: true,
      noLock: true,
      // The folder also holds a README.
      ignorePattern: "(\\..*|.*\\.md)",
      ...(options.count === undefined ? {} : { count: options.count }),
      logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    for (const { name } of done) onProgress?.(`${direction === "up" ? "applied" : "removed"} ${name}`);
    return done.map(({ name }) => name);
  } catch (error) {
    throw asMigrationError(error);
  }
}

function asMigrationError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/preceding already run|have been deleted/.test(message)) {
    return userError(`This database was made by another version of Jingwei: ${message}`, {
      at: "db/migrations",
      hint: "Start the version that made it, or use another database.",
      cause: error,
    });
  }
  return error;
}

/** Hash of the migrations' names and texts: the key of a snapshot. The salt counts changes of how databases are made. */
export async function migrationsHash(dir: string = MIGRATIONS_DIR, salt = ""): Promise<string> {
  const hash = createHash("sha256").update(salt);
  const names = (await readdir(dir)).filter((name) => name.endsWith(".sql")).sort();
  for (const name of names) hash.update(`\0${name}\0`).update(await readFile(join(dir, name)));
  return hash.digest("hex").slice(0, 16);
}

/** Migrations that this version ships and those that the database has; `/readyz` compares them. */
export async function migrationState(
  database: Database,
  dir: string = MIGRATIONS_DIR,
): Promise<{ readonly shipped: readonly string[]; readonly applied: readonly string[] }> {
  const shipped = (await readdir(dir))
    .filter((name) => name.endsWith(".sql"))
    .map((name) => name.slice(0, -4))
    .sort();
  const applied = await database.adminSession(async (client) => {
    const table = await client.query("SELECT to_regclass($1) IS NOT NULL AS present", [`public.${MIGRATIONS_TABLE}`]);
    if (!table.rows[0]?.["present"]) return [];
    return (await client.query(`SELECT name FROM ${MIGRATIONS_TABLE} ORDER BY id`)).rows.map((row) =>
      String(row["name"]),
    );
  });
  return { shipped, applied };
}
