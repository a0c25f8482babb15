import { afterAll, beforeAll, expect, it } from "vitest";
import { demoLogin, ensureDemoAccounts } from "../../api/auth/demo-accounts.ts";
import { firstAdminLink } from "../../api/auth/first-admin.ts";
import { ROLES, ROOT_COUNTY } from "../../data/policy/roles.ts";
import type { Database, StatementEvent } from "../../db/driver.ts";
import { addCounty } from "../../db/import/county-admin.ts";
import { removeCounty } from "../../db/load/remove-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { makeAccount, makeRootAdmin, PASSWORD, TestBrowser } from "../helpers/sign-in.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

const HOUR = 3_600_000;

describeOnBothDatabases("the first administrator and the demonstration", (open) => {
  let api: TestApi;
  let database: Database;
  const seen: StatementEvent[] = [];
  let nowMs = Date.parse(SMALL_NOW);
  const browser = () => new TestBrowser(api.app);
  const link = async (): Promise<string> => {
    const path = await firstAdminLink(database, nowMs);
    expect(path).toMatch(/^\/auth\/first\?link=000000\./);
    return path ?? "";
  };
  const follow = async (path: string): Promise<readonly [TestBrowser, number]> => {
    const one = browser();
    const { statusCode, headers } = await one.get(path);
    if (statusCode === 303) expect(headers["location"]).toBe("/account?first");
    return [one, statusCode];
  };

  beforeAll(async () => {
    ({ database } = await open());
    api = await testApiOver(database, {
      datasets: [smallCounty()],
      classes: SMALL_CLASSES,
      now: SMALL_NOW,
      clock: () => nowMs,
      signIn: true,
    });
    const taken = database.onStatement;
    database.onStatement = (event) => {
      seen.push(event);
      taken?.(event);
    };
  });
  afterAll(() => api.close());

  it("a start makes one administrator and a link; the next start a fresh one, which ends the first", async () => {
    const first = await link();
    const second = await link();
    expect(second).not.toBe(first);
    expect((await follow(first))[1]).toBe(401);
    const [admin, status] = await follow(second);
    expect(status).toBe(303);
    expect((await admin.session()).viewer).toMatchObject({
      login: "admin",
      role: "admin",
      county: ROOT_COUNTY,
      areaCode: ROOT_COUNTY,
      areaName: "全部区县",
      mustChangePassword: true,
      resources: [],
    });
    const count = await database.transaction({ kind: "accounts", county: ROOT_COUNTY }, (tx) =>
      tx.rows<{ n: number }>("SELECT count(*) AS n FROM account WHERE county = $1", [ROOT_COUNTY]),
    );
    expect(count).toEqual([{ n: 1 }]);
  });

  it("a link works once, not after a day, and not for two at the same moment", async () => {
    const used = await link();
    expect((await follow(used))[1]).toBe(303);
    expect((await follow(used))[1]).toBe(401);
    const late = await link();
    nowMs += 24 * HOUR;
    expect((await follow(late))[1]).toBe(401);
    const raced = await link();
    const both = await Promise.all([follow(raced), follow(raced), follow(raced)]);
    expect(both.map(([, status]) => status).sort()).toEqual([303, 401, 401]);
    for (const wrong of ["", "?link=", "?link=x", "?link=a&link=b", `?link=000000.${"0".repeat(36)}.x`])
      expect((await follow(`/auth/first${wrong}`))[1]).toBe(401);
  });

  it("is not used up by a program that looks where it leads", async () => {
    const path = await link();
    expect((await api.app.inject({ method: "HEAD", url: path })).statusCode).toBe(404);
    expect((await follow(path))[1]).toBe(303);
  });

  it("setting the password needs no other one, opens everything and ends links for good", async () => {
    const [admin] = await follow(await link());
    const unused = await link();
    await admin.session();
    expect((await admin.post("/auth/password", { next: "admin admin admin" })).statusCode).toBe(400);
    expect(await admin.change("password", { next: PASSWORD })).toBe(204);
    expect((await admin.session()).viewer).toMatchObject({ mustChangePassword: false, login: "admin" });
    expect((await admin.session()).viewer?.actions).toContain("manage");
    expect((await follow(unused))[1]).toBe(401);
    expect(await firstAdminLink(database, nowMs)).toBeUndefined();
    // From now on it is changed with the old one.
    expect(await admin.change("password", { next: "another long password" })).toBe(401);
    expect((await browser().post("/auth/sign-in", { login: "admin", password: PASSWORD })).statusCode).toBe(204);
  });

  it("another start at the same moment makes no second administrator", async () => {
    const { database: fresh } = await open();
    const links = await Promise.all([firstAdminLink(fresh, nowMs), firstAdminLink(fresh, nowMs)]);
    expect(links.filter((one) => one !== undefined).length).toBeGreaterThan(0);
    const admins = await fresh.transaction({ kind: "accounts", county: ROOT_COUNTY }, (tx) =>
      tx.rows<{ login: string }>("SELECT login FROM account WHERE county = $1", [ROOT_COUNTY]),
    );
    expect(admins).toEqual([{ login: "admin" }]);
  });

  it("a start makes an account for each seat of a demo county, once", async () => {
    const made = await ensureDemoAccounts(database, nowMs);
    expect(made.sort()).toEqual(ROLES.map((role) => demoLogin(SMALL_COUNTY, role)).sort());
    expect(await ensureDemoAccounts(database, nowMs)).toEqual([]);
    nowMs += HOUR;
    const { methods } = await browser().session();
    expect(methods.demo.map(({ role }) => role).sort()).toEqual([...ROLES].sort());
    expect(methods.demo.find(({ role }) => role === "leader")).toEqual({
      seat: "desk",
      login: `${SMALL_COUNTY}-leader`,
      name: "东关街道分管领导（演示）",
      role: "leader",
      areaName: "东关街道",
    });
  });

  it("each opens its seat with one click and says that it is a demonstration", async () => {
    for (const role of ROLES) {
      const one = browser();
      expect((await one.post("/auth/demo", { login: demoLogin(SMALL_COUNTY, role) })).statusCode).toBe(204);
      const { viewer } = await one.session();
      expect(viewer).toMatchObject({ role, county: SMALL_COUNTY, demo: true, mustChangePassword: false });
      const code = viewer?.areaCode ?? "";
      expect(code.length).toBe(role === "leader" ? 9 : role === "grid_worker" ? 15 : 6);
      // The grid worker's grid has cases that are open.
      if (role !== "grid_worker") continue;
      const open = `{ incidents(filter: { inside: "${code}", open: true }) { totalCount } }`;
      const { data, errors } = await one.graphql<{ incidents: { totalCount: number } }>(open);
      expect(errors).toBeUndefined();
      expect(data?.incidents.totalCount).toBeGreaterThan(0);
    }
  });

  it("leaves visitor mode without a password, and has none to change", async () => {
    const one = browser();
    await one.post("/auth/demo", { login: demoLogin(SMALL_COUNTY, "wall") });
    await one.session();
    expect(await one.change("visitor", { on: true })).toBe(204);
    expect((await one.session()).viewer?.visitor).toBe(true);
    expect(await one.change("visitor", { on: false })).toBe(204);
    expect((await one.session()).viewer?.visitor).toBe(false);
    expect(await one.change("password", { current: "", next: "another long password" })).toBe(403);
  });

  it("opens no other account without a password", async () => {
    await makeAccount(database, SMALL_COUNTY, "real", [["leader", SMALL_CODES.town]], nowMs);
    await makeRootAdmin(database, "second-root", nowMs);
    // Flagged as a demonstration, in a county that is none.
    await addCounty(database, { code: "990199", name: "真实县", timezone: "Asia/Shanghai" }, nowMs);
    await makeAccount(database, "990199", "990199-leader", [["leader", "990199"]], nowMs, {
      demo: true,
      passwordHash: null,
    });
    for (const login of ["real", "second-root", "990199-leader", "no-such-login"]) {
      const answer = await browser().post("/auth/demo", { login });
      expect(answer.statusCode, login).toBe(403);
      expect(answer.headers["set-cookie"]).toBeUndefined();
      expect((await browser().post("/auth/sign-in", { login, password: "" })).statusCode).toBe(400);
    }
    const demo = demoLogin(SMALL_COUNTY, "admin");
    expect((await browser().post("/auth/sign-in", { login: demo, password: PASSWORD })).statusCode).toBe(401);
    nowMs += HOUR;
    expect((await browser().session()).methods.demo.map(({ login }) => login)).not.toContain("990199-leader");
  });

  it("goes with its county: accounts, sessions, logins and what others were granted there", async () => {
    const leader = browser();
    await leader.post("/auth/demo", { login: demoLogin(SMALL_COUNTY, "leader") });
    expect((await leader.session()).viewer?.demo).toBe(true);
    await makeAccount(database, ROOT_COUNTY, "visitor-from-above", [["leader", SMALL_COUNTY]], nowMs);
    const above = browser();
    await above.post("/auth/sign-in", { login: "visitor-from-above", password: PASSWORD });
    expect((await above.session()).viewer?.areaName).toBe("测试县");
    await removeCounty(database, SMALL_COUNTY, new Date(nowMs).toISOString());
    nowMs += HOUR;
    expect((await leader.session()).viewer).toBeNull();
    expect((await above.session()).viewer).toMatchObject({ role: null, grants: [] });
    expect((await browser().session()).methods.demo).toEqual([]);
    expect((await browser().post("/auth/demo", { login: demoLogin(SMALL_COUNTY, "leader") })).statusCode).toBe(403);
    const left = await database.transaction({ kind: "auth" }, (tx) =>
      tx.rows("SELECT login FROM account_login WHERE county = $1", [SMALL_COUNTY]),
    );
    expect(left).toEqual([]);
  });

  it("sends only statements that keep the data rules", () => {
    expect(seen.length).toBeGreaterThan(100);
    expect([...new Set(seen.flatMap(lintEvent))]).toEqual([]);
  });
});
