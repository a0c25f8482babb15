import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Database, Scope } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { openDatabase } from "../../db/open-database.ts";
import { loginRights } from "../../db/repositories/login-rights-repository.ts";
import {
  createNativeDatabase,
  dropNativeDatabase,
  nativeMissing,
  nativeServer,
  openEmbeddedTestDatabase,
  stopOwnServer,
  withClient,
} from "../helpers/database.ts";
import { smallDataset } from "../helpers/small-dataset.ts";

const COUNTY = "990001";
const NOW = "2026-01-15T00:00:00.000Z";
const leader: Scope = {
  kind: "viewer",
  county: COUNTY,
  role: "leader",
  area: `${COUNTY}001`,
  account: null,
  visitor: false,
};

/** The three lines of the documentation, for a login of another name. */
function documentedLines(login: string, database: string): string[] {
  const text = readFileSync(fileURLToPath(new URL("../../docs/need-to-know.md", import.meta.url)), "utf8");
  const block = /```sql\n(CREATE ROLE jingwei_login[\s\S]*?)```/.exec(text)?.[1] ?? "";
  const lines = block.replaceAll("jingwei_login", login).replace("DATABASE jingwei ", `DATABASE ${database} `);
  return lines.trim().split("\n");
}

describe.skipIf(nativeMissing())("a login that owns nothing (native)", () => {
  const login = `jw_test_login_${process.pid}`;
  const dir = mkdtempSync(join(tmpdir(), "jingwei-login-"));
  let ownerUrl: string;
  let loginUrl: string;
  let database: Database;

  beforeAll(async () => {
    const server = await nativeServer();
    ownerUrl = await createNativeDatabase(server);
    // The owner makes schema and roles first, as the documentation says.
    await (await openDatabase({ url: ownerUrl, dir })).database.close();
    const name = new URL(ownerUrl).pathname.slice(1);
    const lines = documentedLines(login, name);
    expect(lines).toHaveLength(3);
    await withClient(ownerUrl, async (client) => {
      for (const line of lines) await client.query(line);
    });
    const url = new URL(ownerUrl);
    url.username = login;
    url.password = "…";
    loginUrl = url.toString();
    ({ database } = await openDatabase({ url: loginUrl, ownerUrl, dir }));
    await loadCounty(database, smallDataset({ county: COUNTY }), { now: NOW });
  }, 120_000);

  afterAll(async () => {
    await database.close();
    await dropNativeDatabase(await nativeServer(), ownerUrl);
    await withClient(await nativeServer(), (client) => client.query(`DROP ROLE IF EXISTS ${login}`));
    rmSync(dir, { recursive: true, force: true });
    await stopOwnServer();
  }, 60_000);

  it("is a member of every role that a transaction takes, and of nothing else", async () => {
    const roles = await withClient(ownerUrl, (client) =>
      client.query<{ role: string; member: boolean }>(
        `SELECT rolname AS role, pg_has_role($1, oid, 'MEMBER') AS member FROM pg_roles
         WHERE rolname <> $1 AND (rolname LIKE 'jingwei\\_%' OR pg_has_role($1, oid, 'MEMBER'))`,
        [login],
      ),
    );
    expect(roles.rows.length).toBeGreaterThan(17);
    expect(roles.rows.filter(({ role, member }) => !member || !role.startsWith("jingwei_"))).toEqual([]);
  });

  it("serves viewers and the system; loads and reviewed reads go to the owner", async () => {
    const seen = await database.transaction(leader, (tx) =>
      tx.rows<{ town: string }>("SELECT DISTINCT left(scope_code, 9) AS town FROM incident WHERE county = $1", [
        COUNTY,
      ]),
    );
    expect(seen).toEqual([{ town: `${COUNTY}001` }]);
    const reviewed = await database.transaction({ kind: "reviewed", name: "county-list" }, (tx) =>
      tx.rows("SELECT county FROM county_profile"),
    );
    expect(reviewed).toEqual([{ county: COUNTY }]);
  });

  it("reads no row without the role of a seat, nor with one but without a scope", async () => {
    await withClient(loginUrl, async (client) => {
      for (const table of ["incident", "county_profile", "account", "audit_log", "incident_sealed_place"])
        await expect(client.query(`SELECT * FROM ${table}`), table).rejects.toThrow(/permission denied/);
      await client.query("SET ROLE jingwei_leader_county");
      expect((await client.query("SELECT id FROM incident")).rows).toEqual([]);
    });
  });

  it.each([
    ["become the owner", (owner: string) => `SET ROLE ${owner}`],
    ["become the owner for the session", (owner: string) => `SET SESSION AUTHORIZATION ${owner}`],
    ["switch the policies off", () => "ALTER TABLE incident DISABLE ROW LEVEL SECURITY"],
    ["drop a policy", () => "DROP POLICY incident_seat_1 ON incident"],
    ["take a table", () => `ALTER TABLE incident OWNER TO ${login}`],
    ["give itself a right", () => `GRANT SELECT ON incident TO ${login}`],
    ["bypass the policies", () => `ALTER ROLE ${login} BYPASSRLS`],
    ["change what was written to the audit log", () => "UPDATE audit_log SET actor = 'x'"],
    ["keep the checks of keys off", () => "SET session_replication_role = replica"],
  ])("cannot %s, as itself or as any role it may take", async (_name, attempt) => {
    const owner = new URL(ownerUrl).username;
    await withClient(loginUrl, async (client) => {
      const roles = await client.query<{ role: string }>(
        "SELECT rolname AS role FROM pg_roles WHERE rolname LIKE 'jingwei\\_%' AND pg_has_role(session_user, oid, 'MEMBER')",
      );
      const sql = attempt(owner);
      // A session keeps the right of its login to change roles: SET SESSION AUTHORIZATION asks the login alone.
      for (const role of ["NONE", ...roles.rows.map((row) => row.role)]) {
        await client.query(`SET ROLE ${role}`);
        const tried = client.query(sql).then((result) => {
          // GRANT without a right to give is a warning in PostgreSQL: nothing may have been given.
          if (!sql.startsWith("GRANT")) throw new Error(`${role} could: ${sql} (${result.command})`);
        });
        if (sql.startsWith("GRANT")) await tried.catch(() => undefined);
        else await expect(tried, role).rejects.toThrow(/permission denied|must be (owner|able|superuser)|must have/);
      }
      await client.query("RESET ROLE");
      await expect(client.query("SELECT id FROM incident")).rejects.toThrow(/permission denied/);
    });
  });

  it("the doctor tells it from a login that owns the schema", async () => {
    expect(await database.transaction({ kind: "reference" }, loginRights)).toEqual({
      login,
      superuser: false,
      bypassesPolicies: false,
      createsRoles: false,
      ownsTables: false,
    });
    const { database: single } = await openDatabase({ url: ownerUrl, dir });
    expect(await single.transaction({ kind: "reference" }, loginRights)).toMatchObject({ ownsTables: true });
    await single.close();
  });
});

describe("what the embedded driver sends", () => {
  it("is single statements inside a transaction with a role of its own, but for migrations and loads", async () => {
    const sent: { op: string; sql?: string; sqls?: readonly string[] }[] = [];
    const send = Worker.prototype.postMessage;
    const spy = vi.spyOn(Worker.prototype, "postMessage").mockImplementation(function (
      this: Worker,
      ...args: Parameters<typeof send>
    ) {
      sent.push(args[0]);
      return send.apply(this, args);
    });
    const test = await openEmbeddedTestDatabase();
    const { database } = test;
    try {
      await loadCounty(database, smallDataset({ county: COUNTY, incidents: 3 }), { now: NOW });
      const asOwner = sent.splice(0);
      expect(asOwner.some(({ op }) => op === "copy")).toBe(true);
      const scopes: Scope[] = [
        leader,
        { ...leader, area: COUNTY },
        { ...leader, visitor: true },
        { kind: "county", county: COUNTY },
        { kind: "auth" },
        { kind: "accounts", county: COUNTY },
        { kind: "reference" },
      ];
      for (const scope of scopes) {
        await database.transaction(scope, async (tx) => {
          const [row] = await tx.rows<{ role: string; login: string }>(
            "SELECT current_user AS role, session_user AS login",
          );
          expect(row?.role).toMatch(/^jingwei_/);
          expect(row?.role).not.toBe(row?.login);
        });
        const [open, statement, close] = sent.splice(0);
        expect(open?.sqls?.[0]).toBe("BEGIN");
        expect(open?.sqls?.[1]).toMatch(/^SET LOCAL ROLE jingwei_\w+$/);
        for (const sql of open?.sqls?.slice(2) ?? []) expect(sql).toMatch(/^SET LOCAL app\.\w+ = '[^']*'$/);
        expect(statement?.op).toBe("value");
        expect(close).toMatchObject({ op: "end", sql: "COMMIT" });
        // Several statements in one text are refused by the protocol, not by looking at the text.
        for (const sql of ["SELECT 1; SELECT 2", "RESET ROLE; SELECT 1"]) {
          const run = database.transaction(scope, (tx) => tx.execute(sql));
          await expect(run).rejects.toThrow(/multiple commands/);
        }
        expect(sent.splice(0).flatMap(({ op }) => (op === "admin" ? [op] : []))).toEqual([]);
      }
    } finally {
      spy.mockRestore();
      await test.dispose();
    }
  }, 60_000);
});
