import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { ROLES } from "../../data/policy/roles.ts";
import type { Database, Scope } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { SEAT_ROLES_FILE, seatRolesSql } from "../../db/policy/generate.ts";
import { SEATS } from "../../db/policy/seat-policies.ts";
import { APPEND_ONLY, columnList, TABLE_RULES } from "../../db/policy/table-rules.ts";
import { seatRole } from "../../db/sql-text.ts";
import { TENANT_TABLES, type TenantTable } from "../../db/tenant-tables.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { type Row, seesColumn, seesRow, type ViewerScope, withEveryCase } from "../helpers/seat-oracle.ts";
import { smallDataset } from "../helpers/small-dataset.ts";

const A = "990001";
const B = "990002";
const NOW = "2026-01-15T00:00:00.000Z";
const HANDLER = "01941f29-7c00-7000-8000-00000000000a";
const OTHER = "01941f29-7c00-7000-8000-00000000000b";

const AREAS = [A, `${A}001`, `${A}002`, `${A}002002`, `${A}001001004`];
const viewer = (role: ViewerScope["role"], area: string, more: Partial<ViewerScope> = {}): ViewerScope => ({
  kind: "viewer",
  county: A,
  role,
  area,
  account: OTHER,
  visitor: false,
  ...more,
});
const VIEWERS: ViewerScope[] = [
  ...ROLES.flatMap((role) => AREAS.map((area) => viewer(role, area))),
  ...(["leader", "dispatcher", "grid_worker", "admin", "wall"] as const).map((role) =>
    viewer(role, `${A}001`, { account: HANDLER }),
  ),
  viewer("dispatcher", A, { visitor: true }),
  viewer("wall", `${A}002`, { visitor: true }),
  viewer("leader", A, { account: null }),
];
const nameOf = ({ role, area, account, visitor }: ViewerScope): string =>
  `${role} of ${area}${visitor ? " as a visitor" : ""}${account === HANDLER ? " who handles a case" : ""}`;

it("the migration is what the policy says", () => {
  expect(readFileSync(SEAT_ROLES_FILE, "utf8"), "run: npm run -s policy-sql").toBe(seatRolesSql());
});

it("every seat that a scope can ask for has a role", () => {
  const asked = VIEWERS.map((scope) => seatRole(scope));
  expect(new Set(asked)).toEqual(new Set(SEATS.map(({ name }) => name)));
});

describeOnBothDatabases("what the roles of the seats see", (open) => {
  let database: Database;
  /** Columns of each table by the catalogue. */
  const columns = new Map<string, string[]>();
  /** Every row of both counties, as the owner sees it. */
  const truth = new Map<TenantTable, Row[]>();

  beforeAll(async () => {
    database = (await open()).database;
    for (const county of [A, B])
      await loadCounty(database, withEveryCase(smallDataset({ county, incidents: 60 })), { now: NOW });
    await database.transaction({ kind: "loader", county: A }, async (tx) => {
      // One sensitive case has a handler, and its reporter left a contact.
      const [sealed] = await tx.rows<{ id: string }>(
        `UPDATE incident_sealed_place SET handler_id = $2 WHERE county = $1 AND incident_id = (
           SELECT min(p.incident_id::text)::uuid FROM incident_sealed_place p WHERE p.county = $1)
         RETURNING incident_id AS id`,
        [A, HANDLER],
      );
      for (const handler of [HANDLER, null])
        await tx.execute(
          `INSERT INTO reporter_contact (county, incident_id, handler_id, contact, created_at)
           SELECT $1, i.id, $2::uuid, '\\x00'::bytea, $4::timestamptz FROM incident i
           WHERE i.county = $1 AND (i.id = $3::uuid) = ($2::uuid IS NOT NULL) ORDER BY i.id LIMIT 1`,
          [A, handler, sealed?.id ?? "", NOW],
        );
      await tx.execute(
        `INSERT INTO contact_key (county, incident_id, id, handler_id, key, created_at)
         SELECT $1, c.incident_id, c.incident_id, c.handler_id, '\\x00'::bytea, c.created_at FROM reporter_contact c
         WHERE c.county = $1`,
        [A],
      );
      // Every second case has a picture; the sensitive one that has a handler too.
      await tx.execute("UPDATE incident SET handler_id = $3::uuid WHERE county = $1 AND id = $2::uuid", [
        A,
        sealed?.id ?? "",
        HANDLER,
      ]);
      await tx.execute(
        `INSERT INTO incident_photo (county, id, incident_id, handler_id, type, width, height, bytes, actor, created_at,
           scope_code, sensitive)
         SELECT $1, i.id, i.id, i.handler_id, 'image/jpeg', 16, 8, '\\x00'::bytea, 'grid_worker', $3::timestamptz,
                i.scope_code, i.sensitive
           FROM incident i WHERE i.county = $1 AND (i.sensitive OR i.ref % 2 = 0 OR i.id = $2::uuid)`,
        [A, sealed?.id ?? "", NOW],
      );
      // Every case waits for two areas of different towns to agree on its owner.
      for (const scope of [`${A}001001001`, `${A}002002003`])
        await tx.execute(
          `INSERT INTO incident_candidate (county, incident_id, scope_code, class_code, sensitive, state, geom, opened_at, version, candidates)
           SELECT $1, i.id, $2, i.class_code, i.sensitive, i.state, i.geom, i.opened_at, i.version, ARRAY[$2] FROM incident i
           WHERE i.county = $1`,
          [A, scope],
        );
      await tx.execute(
        "INSERT INTO import_batch (county, id, kind, file_name, report, at) VALUES ($1, $2, 'grids', 'f', '{}', $3)",
        [A, OTHER, NOW],
      );
      const found = await tx.rows<{ table: string; columns: string[] }>(
        `SELECT c.relname AS table, json_agg(a.attname ORDER BY a.attnum) AS columns
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.relname`,
      );
      for (const { table, columns: names } of found) columns.set(table, names);
    });
    await database.transaction({ kind: "reviewed", name: "content-versions" }, async (tx) => {
      for (const table of TENANT_TABLES) truth.set(table, await tx.rows<Row>(`SELECT * FROM ${table}`));
    });
  });

  it("has a rule for every column of every table", () => {
    for (const table of TENANT_TABLES) {
      const rule = TABLE_RULES[table];
      if ("closed" in rule) continue;
      const ruled = [rule.columns, ...Object.values(rule.moreColumns ?? {}), rule.hidden].flatMap(columnList);
      expect(ruled.sort(), table).toEqual([...(columns.get(table) ?? [])].sort());
    }
  });

  it("tests what tells rows apart", () => {
    const some = (table: TenantTable, test: (row: Row) => boolean) =>
      expect(truth.get(table)?.filter((row) => row["county"] === A && test(row)).length, table).toBeGreaterThan(0);
    some("incident", (row) => row["sensitive"] === true && row["scope_code"] !== null);
    some("incident", (row) => row["scope_code"] === null);
    for (const sensitive of [true, false])
      some("incident_candidate", (row) => row["scope_code"] === `${A}002002003` && row["sensitive"] === sensitive);
    some("camera", (row) => row["network"] === "tianwang");
    some("incident_sealed_place", (row) => row["handler_id"] === HANDLER);
    some("incident_sealed_place", (row) => row["handler_id"] === null);
    for (const table of ["reporter_contact", "contact_key"] as const)
      some(table, (row) => row["handler_id"] === HANDLER);
    some("incident_photo", (row) => row["sensitive"] === true && row["handler_id"] === HANDLER);
    some("incident_photo", (row) => row["sensitive"] === true && row["handler_id"] === null);
    some("incident_photo", (row) => row["sensitive"] === false);
    for (const code of [A, `${A}001`, `${A}002002`]) some("post", (row) => row["scope_code"] === code);
  });

  it.each(VIEWERS.map((scope) => [nameOf(scope), scope] as const))("%s: rows and columns", async (_name, scope) => {
    await database.transaction(scope, async (tx) => {
      for (const table of TENANT_TABLES) {
        const names = columns.get(table) ?? [];
        const [granted] = await tx.rows<{ columns: string[] | null }>(
          `SELECT json_agg(c.name ORDER BY c.n) FILTER (WHERE has_column_privilege($1, c.name, 'SELECT')) AS columns
           FROM unnest($2::text[]) WITH ORDINALITY AS c(name, n)`,
          [table, names],
        );
        const expected = names.filter((column) => seesColumn(scope, table, column));
        expect(granted?.columns ?? [], table).toEqual(expected);
        if (expected.length === 0) continue;
        // Without any condition: what the database itself lets through.
        const list = expected.map((column) => `x.${column}`).join(", ");
        const seen = (await tx.rows<Row>(`SELECT ${list} FROM ${table} x`)).map((row) => JSON.stringify(row));
        const due = (truth.get(table) ?? [])
          .filter((row) => seesRow(scope, table, row))
          .map((row) => JSON.stringify(Object.fromEntries(expected.map((column) => [column, row[column]]))));
        expect(seen.sort(), table).toEqual(due.sort());
      }
    });
  });

  it("adds up: what is seen differs between seats", () => {
    const count = (scope: ViewerScope, table: TenantTable) =>
      (truth.get(table) ?? []).filter((row) => seesRow(scope, table, row)).length;
    expect(count(viewer("wall", A), "incident")).toBeLessThan(count(viewer("leader", A), "incident"));
    expect(count(viewer("leader", `${A}001`), "incident")).toBeLessThan(count(viewer("leader", A), "incident"));
    expect(count(viewer("wall", A), "camera")).toBeLessThan(count(viewer("dispatcher", A), "camera"));
    expect(count(viewer("leader", `${A}001`, { account: HANDLER }), "incident_sealed_place")).toBe(1);
  });

  it("lets no seat write, change or empty anything but add to the audit log", async () => {
    const rights = await database.transaction({ kind: "reviewed", name: "content-versions" }, (tx) =>
      tx.rows<{ role: string; table: string; right: string }>(
        `SELECT r.rolname AS role, c.relname AS table, p.kind AS right
         FROM pg_roles r, pg_class c, unnest($1::text[]) AS p(kind)
         WHERE r.rolname = ANY($2::text[]) AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
           AND c.relname NOT IN ('geometry_columns', 'geography_columns')
           AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(r.oid, c.oid, 'USAGE')
             WHEN p.kind IN ('INSERT', 'UPDATE') THEN has_any_column_privilege(r.oid, c.oid, p.kind)
             ELSE has_table_privilege(r.oid, c.oid, p.kind) END`,
        [["INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES"], SEATS.map(({ name }) => name)],
      ),
    );
    const expected = SEATS.filter(({ role }) => role !== null).flatMap(({ name }) =>
      APPEND_ONLY.map((table) => ({ role: name, table, right: "INSERT" })),
    );
    const order = (list: typeof rights) => list.map((one) => JSON.stringify(one)).sort();
    expect(order(rights)).toEqual(order(expected));
  });

  describe("attempts", () => {
    const tries = (scope: Scope, sql: string, params: string[] = []) =>
      database.transaction(scope, (tx) => tx.execute(sql, params));
    const worker = viewer("grid_worker", `${A}001001004`);

    it.each([
      ["another partition", "SELECT id FROM incident_default"],
      ["every column at once", "SELECT * FROM camera WHERE county = $1"],
      ["a whole row", "SELECT row_to_json(c) FROM camera c WHERE county = $1"],
      ["an ungranted column in a condition", "SELECT id FROM camera WHERE county = $1 AND filing_no IS NULL"],
      ["an ungranted column to sort by", "SELECT id FROM camera WHERE county = $1 ORDER BY retention_days"],
      ["accounts", "SELECT password_hash FROM account WHERE county = $1"],
      ["hashes of reporters' codes", "SELECT code_hash FROM incident_report WHERE county = $1"],
      ["a change", "UPDATE incident SET title = 'x' WHERE county = $1"],
      ["a lock", "SELECT id FROM incident WHERE county = $1 FOR UPDATE"],
      ["taking the audit log away", "DELETE FROM audit_log WHERE county = $1"],
      ["a policy of one's own", "CREATE POLICY mine ON incident USING (true)"],
      ["switching the policies off", "ALTER TABLE incident DISABLE ROW LEVEL SECURITY"],
      ["a table of one's own", "CREATE TABLE mine (n int)"],
      ["a rule", "CREATE RULE r AS ON SELECT TO county_outline DO INSTEAD SELECT 1"],
      ["a file of the server", "COPY incident TO '/tmp/x'"],
    ])("refuse %s", async (_name, sql) => {
      await expect(tries(worker, sql, sql.includes("$1") ? [A] : [])).rejects.toMatchObject({ code: "FORBIDDEN" });
    });

    it("refuse an audit row of another county, and take one of the own", async () => {
      const insert = (county: string) =>
        tries(
          worker,
          `INSERT INTO audit_log (county, id, actor, action, entity, at, mac) VALUES ($1, $2, 'x', 'x', '{}', $3, 'x')`,
          [county, OTHER, NOW],
        );
      await expect(insert(B)).rejects.toMatchObject({ code: "FORBIDDEN" });
      expect(await insert(A)).toBe(1);
    });

    it("refuse several statements in one text, with and without parameters", async () => {
      for (const sql of ["SELECT 1; RESET ROLE", "RESET ROLE; SELECT * FROM account"])
        await expect(tries(worker, sql)).rejects.toThrow(/multiple commands|syntax/);
      const rows = database.transaction(worker, (tx) => tx.rows("SELECT 1 AS one) q; RESET ROLE; SELECT (1"));
      await expect(rows).rejects.toThrow(/multiple commands|syntax/);
    });

    it.each([
      ["an area of another county", { area: `${B}001` }],
      ["an area that is a piece of SQL", { area: `${A}'; RESET ROLE; --` }],
      ["a county that is a piece of SQL", { county: "990001' OR '1'='1" }],
      ["an account that is a piece of SQL", { account: "' OR true --" }],
    ])("refuse a scope with %s before anything is sent", async (_name, more) => {
      const spoilt = { ...worker, ...more } as ViewerScope;
      await expect(database.transaction(spoilt, (tx) => tx.rows("SELECT 1 AS one"))).rejects.toThrow();
    });

    it("see no row where a setting of the scope is missing or empty", async () => {
      for (const settings of [["county"], ["scope_to"], ["scope_from", "scope_to"]]) {
        const seen = await database.transaction(viewer("leader", `${A}001`), async (tx) => {
          for (const name of settings) await tx.execute(`SET LOCAL app.${name} = ''`);
          return tx.rows("SELECT id FROM incident WHERE county = $1", [A]);
        });
        expect(seen, settings.join(" and ")).toEqual([]);
      }
    });

    it("leave nothing behind for the next transaction", async () => {
      await database.transaction(viewer("leader", A), (tx) => tx.rows("SELECT 1 AS one"));
      const [state] = await database.transaction({ kind: "reference" }, (tx) =>
        tx.rows<{ county: string }>("SELECT current_setting('app.county', true) AS county"),
      );
      expect(state?.county).toBe("");
      const seen = await database.transaction(viewer("wall", `${A}002`), (tx) =>
        tx.rows<{ code: string }>("SELECT DISTINCT left(scope_code, 9) AS code FROM incident"),
      );
      expect(seen).toEqual([{ code: `${A}002` }]);
    });
  });
});
