import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "../../db/driver.ts";
import type { TestDatabase } from "./database.ts";

/** Every row of every table as text, by table: what a logical dump holds. */
export async function dumpTables(database: Database): Promise<ReadonlyMap<string, string>> {
  return database.adminSession(async (client) => {
    const { rows } = await client.query(
      `SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind IN ('r', 'm')
       AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
    );
    const dump = new Map<string, string>();
    for (const { name } of rows) {
      const { rows: text } = await client.query(
        `SELECT coalesce(string_agg(t::text, E'\\n'), '') AS rows FROM ${name} t`,
      );
      dump.set(String(name), String(text[0]?.["rows"]));
    }
    return dump;
  });
}

/** What `pg_dump` writes of a native database; undefined for the embedded one. Throws where the program is missing. */
export function pgDump({ url }: Pick<TestDatabase, "url">): string | undefined {
  if (url === undefined) return undefined;
  const result = spawnSync("pg_dump", ["--dbname", url], { encoding: "utf8", maxBuffer: 1 << 30 });
  if (result.status !== 0) throw new Error(`pg_dump: ${result.error?.message ?? result.stderr}`);
  return result.stdout;
}

/** The files of an embedded database, by name: tables, indexes and the write-ahead log as they lie on disk. */
export async function databaseFiles({
  database,
}: Pick<TestDatabase, "database">): Promise<ReadonlyMap<string, Buffer>> {
  if (database.form !== "embedded") return new Map();
  const { location } = await database.describe();
  return new Map(
    readdirSync(location, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(location, name)).isFile())
      .map((name) => [name, readFileSync(join(location, name))]),
  );
}
