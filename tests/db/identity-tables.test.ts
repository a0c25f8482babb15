import { beforeAll, expect, it } from "vitest";
import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import type { Database, Scope } from "../../db/driver.ts";
import { insertAccount, takeLogin } from "../../db/repositories/account-repository.ts";
import { type GrantRow, insertGrant } from "../../db/repositories/grant-repository.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";

const A = "990001";
const B = "990002";
const NOW = "2026-01-15T02:00:00.000Z";
const id = (n: number): string => `0195f3a0-0000-7000-8000-00000000000${n}`;
const accountsOf = (county: string): Scope => ({ kind: "accounts", county });

describeOnBothDatabases("identity tables", (open) => {
  let database: Database;
  const addAccount = (scope: Scope, county: string, n: number): Promise<number> =>
    database.transaction(scope, (tx) =>
      insertAccount(tx, {
        county,
        id: id(n),
        login: `login${n}`,
        name: `account ${n}`,
        passwordHash: null,
        mustChangePassword: true,
        demo: false,
        createdAt: NOW,
      }),
    );
  const grant = (county: string, n: number, area: string, more: Partial<GrantRow> = {}): GrantRow => ({
    county,
    id: id(n),
    accountId: id(county === ROOT_COUNTY ? 3 : 1),
    role: "leader",
    areaCounty: area,
    areaId: null,
    grantedBy: "test",
    grantedAt: NOW,
    ...more,
  });
  beforeAll(async () => {
    ({ database } = await open());
    await addAccount({ kind: "auth" }, A, 1);
    await addAccount({ kind: "auth" }, B, 2);
    await addAccount({ kind: "auth" }, ROOT_COUNTY, 3);
  });

  it("show an administration the accounts of its own county only, even when it asks for others", async () => {
    const count = (scope: Scope, county: string) =>
      database.transaction(scope, async (tx) => {
        const rows = await tx.rows<{ n: number }>("SELECT count(*) AS n FROM account WHERE county = $1", [county]);
        return rows[0]?.n;
      });
    expect(await count(accountsOf(A), A)).toBe(1);
    expect(await count(accountsOf(A), B)).toBe(0);
    expect(await count(accountsOf(A), ROOT_COUNTY)).toBe(0);
    expect(await count({ kind: "auth" }, B)).toBe(1);
    await expect(addAccount(accountsOf(A), B, 4)).rejects.toThrow(/row-level security/);
  });

  it("are closed to everything that answers people", async () => {
    const seats: Scope[] = [
      { kind: "county", county: A },
      { kind: "viewer", county: A, role: "admin", area: A, account: id(1), visitor: false },
    ];
    for (const scope of seats)
      for (const table of ["account", "role_grant", "session", "one_time_link", "api_token", "kiosk_link"])
        await expect(
          database.transaction(scope, (tx) => tx.rows(`SELECT county FROM ${table} WHERE county = $1`, [A])),
          `${scope.kind} ${table}`,
        ).rejects.toThrow(/permission denied/);
    for (const table of ["account_login", "account_subject"])
      await expect(
        database.transaction({ kind: "county", county: A }, (tx) => tx.rows(`SELECT county FROM ${table}`)),
      ).rejects.toThrow(/permission denied/);
  });

  it("give signing in nothing of a county but who may sign in and what areas are called", async () => {
    for (const table of ["incident", "duty_staff", "duty_staff_contact", "building", "camera", "audit_log"])
      for (const scope of [{ kind: "auth" }, accountsOf(A)] as const)
        await expect(
          database.transaction(scope, (tx) => tx.rows(`SELECT county FROM ${table} WHERE county = $1`, [A])),
          `${scope.kind} ${table}`,
        ).rejects.toThrow(/permission denied/);
  });

  it("keep an account of a county in that county, whatever the application does", async () => {
    const add = (row: GrantRow) => database.transaction({ kind: "auth" }, (tx) => insertGrant(tx, row));
    await add(grant(A, 5, A));
    await expect(add(grant(A, 6, B))).rejects.toThrow();
    await expect(add(grant(A, 6, ROOT_COUNTY))).rejects.toThrow();
    await add(grant(ROOT_COUNTY, 6, B));
    await add(grant(ROOT_COUNTY, 7, ROOT_COUNTY));
    await expect(add(grant(ROOT_COUNTY, 8, ROOT_COUNTY, { areaId: id(9) }))).rejects.toThrow();
    await expect(add(grant(A, 8, A, { accountId: id(9) }))).rejects.toThrow();
  });

  it("give a login to one account in all counties", async () => {
    const take = (county: string, n: number) =>
      database.transaction(accountsOf(county), (tx) => takeLogin(tx, "zhang", county, id(n)));
    expect(await take(A, 1)).toBe(true);
    expect(await take(B, 2)).toBe(false);
  });
});
