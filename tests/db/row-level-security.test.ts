import { beforeAll, describe, expect, it } from "vitest";
import type { Database, Scope } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { TENANT_TABLES } from "../../db/tenant-tables.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { smallDataset } from "../helpers/small-dataset.ts";

const A = "990001";
const B = "990002";
const NOW = "2026-01-15T00:00:00.000Z";
const county = (code: string): Scope => ({ kind: "county", county: code });

describeOnBothDatabases("row-level security", (open) => {
  let database: Database;
  beforeAll(async () => {
    database = (await open()).database;
    for (const code of [A, B]) await loadCounty(database, smallDataset({ county: code, incidents: 5 }), { now: NOW });
  });

  /** Counties seen in every tenant table, without a predicate: what the database itself lets through. */
  const visible = (scope: Scope): Promise<{ table: string; counties: string[] }[]> =>
    database.transaction(scope, async (tx) => {
      const seen: { table: string; counties: string[] }[] = [];
      for (const table of TENANT_TABLES) {
        // What a role has no right on at all is refused before any row is looked at; seat-roles.test.ts holds the rights.
        const [right] = await tx.rows<{ may: boolean }>("SELECT has_column_privilege($1, 'county', 'SELECT') AS may", [
          table,
        ]);
        if (!right?.may) continue;
        const rows = await tx.rows<{ county: string }>(`SELECT DISTINCT county FROM ${table} ORDER BY county`);
        seen.push({ table, counties: rows.map((row) => row.county) });
      }
      return seen;
    });

  it("shows a county its own rows only", async () => {
    const seen = await visible(county(A));
    for (const { table, counties } of seen) expect([[], [A]], table).toContainEqual(counties);
    // Most tables of a loaded county hold rows: the test would see those of another county.
    expect(seen.filter(({ counties }) => counties.length === 1).length).toBeGreaterThan(18);
  });

  it("shows nothing without a county", async () => {
    for (const { table, counties } of await visible({ kind: "reference" })) expect(counties, table).toEqual([]);
  });

  it("forgets the county with the transaction", async () => {
    await visible(county(A));
    for (const { table, counties } of await visible({ kind: "reference" })) expect(counties, table).toEqual([]);
  });

  it("shows a reviewed read both, and lets it write nothing", async () => {
    const reviewed: Scope = { kind: "reviewed", name: "county-list" };
    const seen = await visible(reviewed);
    expect(seen.find(({ table }) => table === "county_profile")?.counties).toEqual([A, B]);
    const write = database.transaction(reviewed, (tx) => tx.execute("DELETE FROM outbox"));
    await expect(write).rejects.toThrow(/read-only/);
  });

  describe("writing into another county", () => {
    const audit = (code: string) => [code, "01941f29-7c00-7000-8000-000000000001", NOW];
    const insert =
      "INSERT INTO audit_log (county, id, actor, action, entity, at, mac) VALUES ($1, $2, 'test', 'test', '{}', $3, '')";

    it("is refused", async () => {
      const refused = database.transaction(county(A), (tx) => tx.execute(insert, audit(B)));
      await expect(refused).rejects.toMatchObject({ code: "FORBIDDEN", kind: "USER" });
    });

    it("does not reach its rows by UPDATE or DELETE", async () => {
      const touched = await database.transaction(county(A), async (tx) => [
        await tx.execute("UPDATE organisation SET name = 'x' WHERE county = $1", [B]),
        await tx.execute("DELETE FROM organisation_role WHERE county = $1", [B]),
      ]);
      expect(touched).toEqual([0, 0]);
    });

    it("cannot move a row there", async () => {
      const moved = database.transaction(county(A), (tx) => tx.execute("UPDATE import_batch SET county = $1", [B]));
      await expect(moved).rejects.toMatchObject({ code: "FORBIDDEN" });
    });
  });

  it("keeps the role out of partitions, roles and the reference tables' rows", async () => {
    const run = (sql: string) => database.transaction(county(A), (tx) => tx.execute(sql));
    await expect(run("SELECT * FROM incident_default")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(run("DELETE FROM class_code")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(run("UPDATE incident_event SET note = 'x'")).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(run("CREATE TABLE mine (n int)")).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("takes no county that is not six digits", async () => {
    const run = database.transaction(county("990001'; DROP TABLE area; --"), (tx) => tx.rows("SELECT 1 AS one"));
    await expect(run).rejects.toMatchObject({ kind: "USER", at: "county" });
  });
});
