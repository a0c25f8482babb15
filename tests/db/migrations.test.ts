import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Database } from "../../db/driver.ts";
import { MIGRATIONS_DIR, migrate, migrationState } from "../../db/migrate.ts";
import { openDatabase } from "../../db/open-database.ts";
import {
  createNativeDatabase,
  describeOnBothDatabases,
  dropNativeDatabase,
  nativeMissing,
  nativeServer,
  stopOwnServer,
} from "../helpers/database.ts";

const shippedNames = readdirSync(MIGRATIONS_DIR)
  .filter((name) => name.endsWith(".sql"))
  .map((name) => name.slice(0, -4))
  .sort();

/** The schema as text: columns, constraints, indexes, policies and rights. */
const describeSchema = (database: Database): Promise<unknown> =>
  database.adminSession(async (client) => {
    const read = async (sql: string) => (await client.query(sql)).rows;
    return {
      columns: await read(`SELECT table_name, column_name, udt_name, is_nullable, collation_name
        FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`),
      constraints: await read(`SELECT conrelid::regclass::text AS t, conname, pg_get_constraintdef(oid) AS def
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`),
      indexes: await read("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"),
      policies: await read("SELECT tablename, policyname, qual, with_check FROM pg_policies ORDER BY 1, 2"),
      rights: await read(`SELECT table_name, privilege_type FROM information_schema.role_table_grants
        WHERE grantee = 'jingwei_app' ORDER BY 1, 2`),
    };
  });

describeOnBothDatabases("migrations", (open) => {
  it("are all applied, and none a second time", async () => {
    const { database } = await open();
    expect(await migrate(database)).toEqual([]);
    expect(await migrationState(database)).toEqual({ shipped: shippedNames, applied: shippedNames });
  });

  it("go down to nothing and up to the same schema", async () => {
    const { database } = await open();
    const before = await describeSchema(database);
    const down = await migrate(database, { direction: "down", count: shippedNames.length });
    expect(down).toEqual([...shippedNames].reverse());
    const left = await database.adminSession(
      async (client) =>
        (await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).rows,
    );
    expect(left).toEqual([{ tablename: "schema_migration" }]);
    expect(await migrate(database)).toEqual(shippedNames);
    expect(await describeSchema(database)).toEqual(before);
  });

  it("run all or none, and leave the database usable", async () => {
    const { database } = await open();
    const dir = mkdtempSync(join(tmpdir(), "jingwei-migrations-"));
    for (const name of readdirSync(MIGRATIONS_DIR).filter((file) => file.endsWith(".sql"))) {
      copyFileSync(join(MIGRATIONS_DIR, name), join(dir, name));
    }
    writeFileSync(join(dir, "9001_good.sql"), "-- Up Migration\nCREATE TABLE extra (n int);\n-- Down Migration\n");
    writeFileSync(join(dir, "9002_bad.sql"), "-- Up Migration\nCREATE TABLE extra (n int);\n-- Down Migration\n");
    await expect(migrate(database, { dir })).rejects.toThrow(/already exists/);
    expect((await migrationState(database)).applied).toEqual(shippedNames);
    rmSync(join(dir, "9002_bad.sql"));
    expect(await migrate(database, { dir })).toEqual(["9001_good"]);
    // An older version must not run on a newer database: it would not know the newer tables.
    writeFileSync(join(dir, "0000_early.sql"), "-- Up Migration\nSELECT 1;\n-- Down Migration\n");
    await expect(migrate(database, { dir })).rejects.toMatchObject({ kind: "USER", at: "db/migrations" });
    rmSync(dir, { recursive: true, force: true });
  });
});

describe.skipIf(nativeMissing())("migrations from several processes at once (native)", () => {
  afterAll(stopOwnServer);

  it("are run by one of them; the others wait and find them done", async () => {
    const server = await nativeServer();
    const url = await createNativeDatabase(server);
    const dir = mkdtempSync(join(tmpdir(), "jingwei-test-"));
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url, dir })));
    expect(opened.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(opened.flatMap(({ migrated }) => migrated)).toEqual(shippedNames);
    for (const { database } of opened) await database.close();
    // All sign with the one key that the first of them made.
    expect(new Set(opened.map(({ database }) => database.audit?.key.id)).size).toBe(1);
    await dropNativeDatabase(server, url);
    rmSync(dir, { recursive: true, force: true });
  });
});
