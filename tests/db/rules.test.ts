import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../db/driver.ts";
import { MIGRATIONS_DIR, MIGRATIONS_TABLE } from "../../db/migrate.ts";
import { DIRECTORY_TABLES, REFERENCE_TABLES, TENANT_TABLES } from "../../db/tenant-tables.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { lintEvent, lintMigration, lintStatement } from "../helpers/sql-rules.ts";

/** Roles that are not bound to one county. */
const EVERY_COUNTY = new Set(["jingwei_auth", "jingwei_sealer"]);

/** Tables with a column `county` that are not told apart by it: unique over all counties (data rule 1). */
const NOT_DIRECTORY = `t.relname NOT IN (${DIRECTORY_TABLES.map((table) => `'${table}'`).join(", ")})`;

const files = readdirSync(MIGRATIONS_DIR).filter((name) => name.endsWith(".sql"));
const read = (name: string): string => readFileSync(join(MIGRATIONS_DIR, name), "utf8");

describe("data rules in the text of the migrations", () => {
  it("sees the migrations", () => {
    expect(files.length).toBeGreaterThanOrEqual(9);
  });

  it.each(files)("%s keeps them", (name) => {
    expect(lintMigration(read(name))).toEqual([]);
  });

  const areas = read("0003_county_and_areas.sql");
  const keys = read("0008_foreign_keys.sql");
  it.each([
    ["a key without the county first", areas.replace("PRIMARY KEY (county, id)", "PRIMARY KEY (id, county)"), "rule 1"],
    ["an exclusion without the county first", areas.replace("gist (county WITH =, code", "gist (code"), "rule 1"],
    ["a county without its check", areas.replace(" CHECK (county ~ '^[0-9]{6}$')", ""), "rule 1"],
    ["a county in another collation", areas.replace('county text COLLATE "C" NOT', "county text NOT"), "rule 1"],
    ["a table in no list", areas.replace("CREATE TABLE compound", "CREATE TABLE compound_of_mine"), "rule 1"],
    [
      "a default time",
      areas.replace("updated_at timestamptz NOT NULL", "updated_at timestamptz DEFAULT now()"),
      "rule 5",
    ],
    ["no way down", areas.split("-- Down Migration")[0] ?? "", "rule 9"],
    ["a foreign key without the county", keys.replace("(county, area_id)", "(area_id, county)"), "rule 1"],
    ["SET NULL", keys.replace("ON DELETE CASCADE", "ON DELETE SET NULL"), "rule 1"],
    [
      "two actions in a statement",
      keys.replace("REFERENCES county_profile (county);", "REFERENCES county_profile (county), ADD COLUMN x int;"),
      "rule 9",
    ],
    [
      "a trigger",
      `${"-- Up Migration\nCREATE TRIGGER t AFTER INSERT ON area FOR EACH ROW EXECUTE FUNCTION f();"}`,
      "rule 5",
    ],
    [
      "a policy that reads a table",
      "-- Up Migration\nCREATE POLICY p ON area USING (county IN (SELECT county FROM county_profile));",
      "rule 7",
    ],
  ])("%s is found", (_name, sql, rule) => {
    expect(lintMigration(sql).join("\n")).toContain(rule);
  });
});

describe("data rules in statements", () => {
  it.each([
    "SELECT * FROM area_version WHERE county = $1 AND code = $2",
    "SELECT v.name FROM area_version AS v JOIN area a ON a.county = $1 AND a.id = v.area_id WHERE v.county = $1",
    "SELECT x FROM (SELECT id AS x FROM incident WHERE county = $1) q",
    "SELECT * FROM public.incident i WHERE $1 = i.county",
    "WITH g AS (SELECT id FROM area WHERE county = $1) SELECT count(*) FROM g",
    "SELECT 1 FROM incident i WHERE i.county = $1 AND EXISTS (SELECT FROM incident_event e WHERE e.county = $1 AND e.incident_id = i.id)",
    "SELECT id FROM area WHERE county = $1 UNION ALL SELECT id FROM post WHERE county = $1",
    "INSERT INTO outbox (county, id) VALUES ($1, $2) ON CONFLICT (county, id) DO UPDATE SET version = excluded.version",
    "UPDATE incident SET state = $2 WHERE county = $1 AND id = $3",
    "DELETE FROM post_area WHERE county = $1",
    "SELECT now(), name FROM class_code",
    "SELECT 'FROM area' AS text",
    "SELECT id FROM incident WHERE county = $1 FOR UPDATE",
    "SELECT p.name FROM post p, post_area a WHERE p.county = $1 AND a.county = $1 AND a.post_id = p.id",
  ])("keeps them: %s", (sql) => {
    expect(lintStatement(sql)).toEqual([]);
  });

  it.each([
    ["SELECT * FROM area_version WHERE code = $1", "rule 2: area_version"],
    ["SELECT * FROM area_version WHERE county = '140226'", "rule 2: area_version"],
    ["SELECT v.name FROM area_version v JOIN area a ON a.id = v.area_id WHERE v.county = $1", "rule 2: area (a)"],
    ["SELECT * FROM area a, post p WHERE a.county = $1", "rule 2: post (p)"],
    [
      "SELECT 1 FROM incident WHERE county = $1 AND EXISTS (SELECT FROM incident_event e WHERE e.id = $2)",
      "rule 2: incident_event",
    ],
    ["SELECT id FROM area WHERE county = $1 UNION SELECT id FROM post", "rule 2: post"],
    ["INSERT INTO outbox (id) VALUES ($1)", "rule 2: outbox"],
    ["DELETE FROM area", "rule 2: area"],
    ["UPDATE incident SET closed_at = now() WHERE county = $1", "rule 5: now"],
    ["UPDATE incident SET county = $2 WHERE county = $1", "rule 1"],
    ["INSERT INTO audit_log (county, id) VALUES ($1, gen_random_uuid())", "rule 5: gen_random_uuid"],
    ["SELECT set_config('app.county', $1, true)", "rule 7"],
  ])("breaks them: %s", (sql, breach) => {
    expect(lintStatement(sql).join("\n")).toContain(breach);
  });
});

describe("data rules in captured statements", () => {
  const sql = "SELECT count(*) FROM county_profile";
  it("let a reviewed read cross counties, and nothing else", () => {
    expect(lintEvent({ sql, scope: { kind: "reviewed", name: "county-list" }, ms: 0 })).toEqual([]);
    expect(lintEvent({ sql, scope: { kind: "loader", county: "990001" }, ms: 0 })).toHaveLength(1);
    const setting = "SELECT set_config('a', 'b', true)";
    expect(lintEvent({ sql: setting, scope: { kind: "reviewed", name: "county-list" }, ms: 0 })).toHaveLength(1);
  });
});

/** Directories over all counties have a key of their own; what else has a county is a tenant's table. */

describeOnBothDatabases("data rules in the catalogue", (open) => {
  let database: Database;
  const rows = <T>(sql: string): Promise<T[]> =>
    database.adminSession(async (client) => (await client.query(sql)).rows as T[]);
  beforeAll(async () => {
    database = (await open()).database;
  });

  it("has exactly the listed tables", async () => {
    const tables = await rows<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
    );
    const expected = [...TENANT_TABLES, ...REFERENCE_TABLES, ...DIRECTORY_TABLES, MIGRATIONS_TABLE, "spatial_ref_sys"];
    expect(tables.map(({ name }) => name)).toEqual(expected.sort());
  });

  it("has the county first in every key, unique or exclusion constraint and index", async () => {
    const found = await rows<{ index: string; first: string }>(
      `SELECT i.indexrelid::regclass::text AS index, a.attname AS first
       FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace
       JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
       WHERE (i.indisunique OR i.indisexclusion) AND ${NOT_DIRECTORY}
       AND EXISTS (SELECT FROM pg_attribute c WHERE c.attrelid = t.oid AND c.attname = 'county')`,
    );
    expect(found.length).toBeGreaterThan(TENANT_TABLES.length);
    expect(found.filter(({ first }) => first !== "county")).toEqual([]);
  });

  it("has the county first on both sides of every foreign key, with RESTRICT or CASCADE only", async () => {
    const found = await rows<{ name: string; child: string; parent: string; action: string }>(
      `SELECT con.conname AS name, c.attname AS child, p.attname AS parent, con.confdeltype::text || con.confupdtype::text AS action
       FROM pg_constraint con
       JOIN pg_attribute c ON c.attrelid = con.conrelid AND c.attnum = con.conkey[1]
       JOIN pg_attribute p ON p.attrelid = con.confrelid AND p.attnum = con.confkey[1]
       WHERE con.contype = 'f' AND con.connamespace = 'public'::regnamespace`,
    );
    expect(found.length).toBeGreaterThan(15);
    expect(found.filter((key) => key.child !== "county" || key.parent !== "county")).toEqual([]);
    expect(found.filter(({ action }) => !/^[arc]{2}$/.test(action))).toEqual([]);
  });

  it("has the county in collation C, checked and not null, in every tenant table", async () => {
    const found = await rows<{ table: string; good: boolean }>(
      `SELECT t.relname AS table, a.attnotnull AND co.collname = 'C' AND EXISTS (
         SELECT FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'c'
         AND pg_get_constraintdef(k.oid) LIKE '%county ~ ''^[0-9]{6}$''%') AS good
       FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'county'
       JOIN pg_collation co ON co.oid = a.attcollation
       WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND t.relnamespace = 'public'::regnamespace
       AND ${NOT_DIRECTORY}`,
    );
    expect(found.map(({ table }) => table).sort()).toEqual([...TENANT_TABLES].sort());
    expect(found.filter(({ good }) => !good)).toEqual([]);
  });

  it("has row-level security on in every tenant table, by own columns and settings only", async () => {
    const open = await rows<{ name: string }>(
      `SELECT t.relname AS name FROM pg_class t
       WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND NOT t.relrowsecurity
       AND t.relnamespace = 'public'::regnamespace AND ${NOT_DIRECTORY}
       AND EXISTS (SELECT FROM pg_attribute c WHERE c.attrelid = t.oid AND c.attname = 'county')`,
    );
    expect(open).toEqual([]);
    const policies = await rows<{ table: string; roles: string[]; text: string }>(
      `SELECT tablename AS table, roles::text[] AS roles, coalesce(qual, '') || coalesce(with_check, '') AS text
       FROM pg_policies WHERE schemaname = 'public'`,
    );
    expect([...new Set(policies.map(({ table }) => table))].sort()).toEqual([...TENANT_TABLES].sort());
    const own = "(county = current_setting('app.county'::text, true))";
    const unbound = policies.filter(({ roles, text }) => {
      // Sign-in and the sealing of audit rows work in every county; their roles read little else.
      if (roles.every((role) => EVERY_COUNTY.has(role))) return text.replaceAll("true", "") !== "";
      return !text.startsWith(own) && !text.startsWith(`(${own} AND`);
    });
    expect(unbound).toEqual([]);
    const sharedWithPublic = policies.filter(({ roles }) => roles.includes("public"));
    expect(sharedWithPublic).toEqual([]);
  });

  it("has no trigger of ours and no function of ours", async () => {
    const triggers = await rows("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal");
    expect(triggers).toEqual([]);
    const functions = await rows(
      `SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`,
    );
    expect(functions).toEqual([]);
  });

  it("gives the application's roles nothing to own and no way around the policies", async () => {
    const roles = await rows<{ name: string }>(
      `SELECT rolname AS name, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb FROM pg_roles
       WHERE rolname LIKE 'jingwei\\_%' ORDER BY rolname`,
    );
    expect(roles.length).toBeGreaterThan(17);
    for (const role of roles)
      expect(role).toEqual({
        name: role.name,
        rolsuper: false,
        rolbypassrls: false,
        rolcanlogin: false,
        rolcreaterole: false,
        rolcreatedb: false,
      });
    const owned = await rows(
      "SELECT relname FROM pg_class WHERE relowner IN (SELECT oid FROM pg_roles WHERE rolname LIKE 'jingwei\\_%')",
    );
    expect(owned).toEqual([]);
    // None of them is a member of another role, whose rights it would have as well.
    const members = await rows(
      "SELECT roleid::regrole::text AS of FROM pg_auth_members WHERE member::regrole::text LIKE 'jingwei\\_%'",
    );
    expect(members).toEqual([]);
  });
});
