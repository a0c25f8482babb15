import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "./driver.ts";
import { MIGRATIONS_DIR } from "./migrate.ts";

/** An index that the schema has by its migrations. */
export interface ExpectedIndex {
  readonly name: string;
  /** The statement that makes it. */
  readonly statement: string;
}

const STATEMENT =
  /^(?:CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?(?<made>\w+)[^;]*|DROP INDEX (?:IF EXISTS )?(?<gone>\w+)[^;]*|ALTER INDEX (?<from>\w+) RENAME TO (?<to>\w+)[^;]*|DROP TABLE (?:IF EXISTS )?(?<table>\w+)[^;]*);/gm;

/**
 * Indexes that are there when all migrations were applied, with the statements that make them. Those of keys and constraints
 * are the table's own and not among them.
 */
export async function expectedIndexes(dir: string = MIGRATIONS_DIR): Promise<ExpectedIndex[]> {
  const found = new Map<string, string>();
  for (const file of (await readdir(dir)).filter((name) => name.endsWith(".sql")).sort()) {
    const [up = ""] = (await readFile(join(dir, file), "utf8")).split(/^-- Down Migration/m);
    for (const { 0: statement, groups = {} } of up.matchAll(STATEMENT)) {
      const { made, gone, from, to, table } = groups;
      if (made) found.set(made, statement);
      if (gone) found.delete(gone);
      if (from && to) {
        found.set(to, (found.get(from) ?? "").replace(from, to));
        found.delete(from);
      }
      if (table)
        for (const [name, text] of found) if (new RegExp(`\\bON (ONLY )?${table}\\b`).test(text)) found.delete(name);
    }
  }
  return [...found].map(([name, statement]) => ({ name, statement }));
}

/** Indexes that should be there and are not, or that a build which ended early left invalid. */
export async function missingIndexes(
  database: Database,
): Promise<{ readonly expected: number; readonly missing: readonly ExpectedIndex[] }> {
  const expected = await expectedIndexes();
  const there = await database.adminSession((client) =>
    client.query(
      `SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indisvalid AND c.relnamespace = 'public'::regnamespace`,
    ),
  );
  const names = new Set(there.rows.map(({ name }) => String(name)));
  return { expected: expected.length, missing: expected.filter(({ name }) => !names.has(name)) };
}

/** Makes indexes anew that are missing or invalid. @returns their names */
export async function mendIndexes(database: Database): Promise<string[]> {
  const { missing } = await missingIndexes(database);
  await database.adminSession(async (client) => {
    for (const { name, statement } of missing) {
      await client.query(`DROP INDEX IF EXISTS ${name}`);
      await client.query(statement);
    }
  });
  return missing.map(({ name }) => name);
}

/** A table that is read from end to end more often than by its indexes. */
export interface ScannedTable {
  readonly table: string;
  readonly rows: number;
  /** Reads from end to end, and by an index, since the counters began. */
  readonly whole: number;
  readonly indexed: number;
}

/** Rows from which on a table is not to be read from end to end. */
const LARGE_ROWS = 100_000;
const OFTEN = 1_000;

/** Large tables that are read from end to end often; counters of the database's own. */
export async function scannedTables(database: Database): Promise<ScannedTable[]> {
  const { rows } = await database.adminSession((client) =>
    client.query(
      `SELECT relname AS table, n_live_tup::float8 AS rows, seq_scan::float8 AS whole, coalesce(idx_scan, 0)::float8 AS indexed
         FROM pg_stat_user_tables
        WHERE schemaname = 'public' AND n_live_tup > $1 AND seq_scan > $2 AND seq_scan > coalesce(idx_scan, 0)
        ORDER BY seq_tup_read DESC LIMIT 5`,
      [LARGE_ROWS, OFTEN],
    ),
  );
  return rows.map(({ table, rows: count, whole, indexed }) => ({
    ...{ table: String(table), rows: Number(count), whole: Number(whole), indexed: Number(indexed) },
  }));
}

/** When any county's row was written last, by the clock of whoever wrote it, epoch ms; undefined in an empty database. */
export async function newestWrite(database: Database): Promise<number | undefined> {
  const { rows } = await database.adminSession((client) =>
    client.query(
      `SELECT extract(epoch FROM greatest((SELECT max(updated_at) FROM county_profile), (SELECT max(at) FROM import_batch)))::float8
              * 1000 AS ms`,
    ),
  );
  const ms = rows[0]?.["ms"];
  return ms === null || ms === undefined ? undefined : Number(ms);
}
