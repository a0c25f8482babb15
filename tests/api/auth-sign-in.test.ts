import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import type { Database, StatementEvent } from "../../db/driver.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { makeAccount, makeRootAdmin, PASSWORD, TestBrowser } from "../helpers/sign-in.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const COUNTY_QUERY = `{ county(code: "${SMALL_COUNTY}") { name } me { login role areaCode } }`;

describeOnBothDatabases("signing in", (open) => {
  let api: TestApi;
  let database: Database;
  const seen: StatementEvent[] = [];
  let nowMs = Date.parse(SMALL_NOW);
  const browser = () => new TestBrowser(api.app);
  /** A browser that has just signed in. */
  const signedIn = async (login: string, password = PASSWORD): Promise<TestBrowser> => {
    const one = browser();
    expect((await one.post("/auth/sign-in", { login, password })).statusCode).toBe(204);
    await one.session();
    return one;
  };
  const auditActions = async (county: string): Promise<string[]> => {
    const rows = await database.transaction({ kind: "loader", county }, (tx) =>
      tx.rows<{ action: string }>("SELECT action FROM audit_log WHERE county = $1 ORDER BY at, id", [county]),
    );
    return rows.map(({ action }) => action);
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
    await makeRootAdmin(database, "root", nowMs);
    await makeAccount(database, SMALL_COUNTY, "lin", [["leader", SMALL_CODES.town]], nowMs);
    await makeAccount(database, SMALL_COUNTY, "locked-one", [["leader", SMALL_CODES.town]], nowMs);
  });
  afterAll(() => api.close());
  beforeEach(() => {
    nowMs += 24 * HOUR;
  });

  it("gives nobody anything but the way in", async () => {
    const nobody = browser();
    expect(await nobody.session()).toMatchObject({ viewer: null, csrf: null, refusal: null, secure: false });
    expect((await nobody.graphql("{ me { login } }")).data).toEqual({ me: null });
    for (const layer of ["incidents", "cameras", "buildings", "areas", "context", "footprints", "compounds"]) {
      const answer = await nobody.get(`/columns/${layer}?county=${SMALL_COUNTY}`);
      expect(answer.statusCode, layer).toBe(401);
      expect(answer.json()).toMatchObject({ code: "UNAUTHENTICATED" });
    }
    for (const [route, body] of [
      ["password", { next: "a long new password" }],
      ["grant", { grant: "Grant" }],
      ["visitor", { on: true }],
    ] as const)
      expect((await nobody.post(`/auth/${route}`, body)).statusCode, route).toBe(401);
  });

  it("takes as long for a login that does not exist as for one that does", async () => {
    await makeAccount(database, SMALL_COUNTY, "timed", [], nowMs);
    const times: Record<string, number[]> = { timed: [], "not-timed": [] };
    for (let n = 0; n < 4; n++)
      for (const login of Object.keys(times)) {
        const started = performance.now();
        await browser().post("/auth/sign-in", { login, password: "wrong" });
        times[login]?.push(performance.now() - started);
      }
    const least = (login: string): number => Math.min(...(times[login] ?? []));
    // Without the work of a hash it would be a few percent; the rest is room for a busy machine.
    expect(least("not-timed")).toBeGreaterThan(least("timed") * 0.4);
  });

  it("answers who somebody is, and opens what the grant opens", async () => {
    const lin = await signedIn("lin");
    const { viewer } = await lin.session();
    expect(viewer).toMatchObject({
      login: "lin",
      role: "leader",
      county: SMALL_COUNTY,
      areaCode: SMALL_CODES.town,
      areaName: "东关街道",
      visitor: false,
      mustChangePassword: false,
    });
    expect(viewer?.resources).toContain("incident_text");
    expect(viewer?.resources).not.toContain("audit");
    expect(viewer?.actions).toEqual(["report", "move", "supervise", "approve", "export"]);
    expect((await lin.graphql(COUNTY_QUERY)).data).toEqual({
      county: { name: "测试县" },
      me: { login: "lin", role: "LEADER", areaCode: SMALL_CODES.town },
    });
    expect(await auditActions(SMALL_COUNTY)).toContain("session.open");
  });

  it("keeps a cookie that scripts and other sites cannot use, and no secret in the database", async () => {
    const one = browser();
    const answer = await one.post("/auth/sign-in", { login: "lin", password: PASSWORD });
    expect(answer.headers["set-cookie"]).toMatch(/^jw_session=\S+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    const [cookie = ""] = one.cookies.values();
    const secret = cookie.split(".")[2] ?? "";
    expect(Buffer.from(secret, "base64url")).toHaveLength(32);
    const kept = await database.transaction({ kind: "loader", county: SMALL_COUNTY }, (tx) =>
      tx.rows<{ text: string }>("SELECT row_to_json(s)::text AS text FROM session s WHERE s.county = $1", [
        SMALL_COUNTY,
      ]),
    );
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter(({ text }) => text.includes(secret))).toEqual([]);
  });

  it("says the same to a wrong password, an unknown login and a disabled account", async () => {
    await makeAccount(database, SMALL_COUNTY, "gone", [["leader", SMALL_CODES.town]], nowMs);
    await database.transaction({ kind: "loader", county: SMALL_COUNTY }, (tx) =>
      tx.execute("UPDATE account SET disabled_at = $2 WHERE county = $1 AND login = 'gone'", [SMALL_COUNTY, SMALL_NOW]),
    );
    const answers = await Promise.all([
      browser().post("/auth/sign-in", { login: "lin", password: "wrong" }),
      browser().post("/auth/sign-in", { login: "nobody-of-that-name", password: "wrong" }),
      browser().post("/auth/sign-in", { login: "gone", password: PASSWORD }),
    ]);
    const [first, ...others] = answers.map(({ statusCode, body, headers }) => ({
      statusCode,
      body,
      cookie: headers["set-cookie"],
    }));
    expect(first).toMatchObject({ statusCode: 401, cookie: undefined });
    for (const other of others) expect(other).toEqual(first);
  });

  it.each([["locked-one"], ["nobody-at-all"]])(
    "locks %s after five wrong passwords, for a minute that doubles to an hour",
    async (login) => {
      const attempt = async (password = "wrong") => {
        const { statusCode, headers } = await browser().post("/auth/sign-in", { login, password });
        return [statusCode, headers["retry-after"]] as const;
      };
      for (let n = 0; n < 5; n++) expect(await attempt()).toEqual([401, undefined]);
      // While locked even the right password is not looked at, and the lock does not grow.
      expect(await attempt(PASSWORD)).toEqual([429, "60"]);
      nowMs += MINUTE - SECOND;
      expect(await attempt()).toEqual([429, "1"]);
      const locks: number[] = [];
      for (let n = 0; n < 8; n++) {
        nowMs += 2 * HOUR;
        expect((await attempt())[0]).toBe(401);
        locks.push(Number((await attempt())[1]) / 60);
      }
      expect(locks).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
      nowMs += HOUR;
      if (login !== "locked-one") return;
      expect((await attempt(PASSWORD))[0]).toBe(204);
      // A right password starts the count anew.
      for (let n = 0; n < 4; n++) expect((await attempt())[0]).toBe(401);
      expect((await attempt(PASSWORD))[0]).toBe(204);
      expect(await auditActions(SMALL_COUNTY)).toContain("account.lock");
    },
  );

  it("looks at five passwords at most, however many come at the same moment", async () => {
    await makeAccount(database, SMALL_COUNTY, "burst", [], nowMs);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => browser().post("/auth/sign-in", { login: "burst", password: `guess ${n}` })),
    );
    const of = (status: number) => answers.filter(({ statusCode }) => statusCode === status).length;
    expect({ wrong: of(401), locked: of(429) }).toEqual({ wrong: 5, locked: 7 });
  });

  it("opens a session of its own at every sign-in and ends the one before (fixation)", async () => {
    const one = browser();
    const planted = `${SMALL_COUNTY}.00000000-0000-7000-8000-000000000009.${"A".repeat(43)}`;
    one.cookies.set("jw_session", planted);
    expect((await one.post("/auth/sign-in", { login: "lin", password: PASSWORD })).statusCode).toBe(204);
    const first = one.cookies.get("jw_session");
    expect(first).not.toBe(planted);
    await one.session();
    const old = one.copy();
    expect((await one.post("/auth/sign-in", { login: "lin", password: PASSWORD })).statusCode).toBe(204);
    expect(one.cookies.get("jw_session")).not.toBe(first);
    expect((await one.session()).viewer?.login).toBe("lin");
    expect((await old.session()).viewer).toBeNull();
    // What opens nothing is taken out of the browser.
    expect(old.cookies.size).toBe(0);
  });

  it("does not end a session whose id alone is known", async () => {
    const lin = await signedIn("lin");
    const [county, id] = (lin.cookies.get("jw_session") ?? "").split(".");
    const other = browser();
    other.cookies.set("jw_session", `${county}.${id}.${"B".repeat(43)}`);
    expect((await other.post("/auth/sign-in", { login: "root", password: PASSWORD })).statusCode).toBe(204);
    expect((await lin.session()).viewer?.login).toBe("lin");
  });

  it("ends a session after twelve hours without a request, and after a week in any case", async () => {
    const idle = await signedIn("lin");
    const busy = await signedIn("lin");
    nowMs += 12 * HOUR - MINUTE;
    expect((await busy.session()).viewer?.login).toBe("lin");
    nowMs += 2 * MINUTE;
    expect((await idle.session()).viewer).toBeNull();
    expect((await busy.session()).viewer?.login).toBe("lin");
    for (let hours = 12; hours < 167; hours += 11) {
      nowMs += 11 * HOUR;
      if (hours + 11 < 167) expect((await busy.session()).viewer?.login, `${hours}`).toBe("lin");
    }
    expect((await busy.session()).viewer).toBeNull();
  });

  it("signs out here, or everywhere", async () => {
    const desk = await signedIn("lin");
    const phone = await signedIn("lin");
    const home = await signedIn("lin");
    const stolen = desk.copy();
    expect(await desk.change("sign-out", {})).toBe(204);
    expect(desk.cookies.size).toBe(0);
    expect((await stolen.session()).viewer).toBeNull();
    expect((await phone.session()).viewer?.login).toBe("lin");
    expect(await phone.change("sign-out", { everywhere: true })).toBe(204);
    expect((await home.session()).viewer).toBeNull();
    expect((await browser().post("/auth/sign-out", {})).statusCode).toBe(204);
  });

  it("lets nobody with a first password do anything before it is changed", async () => {
    await makeAccount(database, SMALL_COUNTY, "fresh", [["leader", SMALL_CODES.town]], nowMs, {
      mustChangePassword: true,
    });
    const fresh = await signedIn("fresh");
    expect((await fresh.session()).viewer).toMatchObject({
      login: "fresh",
      mustChangePassword: true,
      resources: [],
      actions: [],
    });
    expect((await fresh.get(`/columns/areas?county=${SMALL_COUNTY}`)).statusCode).toBe(401);
    expect((await fresh.graphql("{ me { mustChangePassword } }")).data).toEqual({ me: { mustChangePassword: true } });
    const refuse = async (body: object) => {
      const answer = await fresh.post("/auth/password", body);
      expect(answer.statusCode, answer.body).toBeGreaterThanOrEqual(400);
      return answer.json() as { path: string };
    };
    expect(await refuse({ current: "wrong", next: "a new long password" })).toMatchObject({ path: "password" });
    for (const next of ["short", "fresh-fresh", "password123", "abababababab", "abcdefghijkl", PASSWORD])
      expect(await refuse({ current: PASSWORD, next }), next).toMatchObject({ path: "next" });
    const other = await signedIn("fresh");
    const before = fresh.cookies.get("jw_session");
    expect(await fresh.change("password", { current: PASSWORD, next: "四个不相干的词语 table" })).toBe(204);
    expect(fresh.cookies.get("jw_session")).not.toBe(before);
    expect((await fresh.session()).viewer).toMatchObject({ mustChangePassword: false, areaCode: SMALL_CODES.town });
    expect((await fresh.get(`/columns/areas?county=${SMALL_COUNTY}`)).statusCode).toBe(200);
    expect((await other.session()).viewer).toBeNull();
    expect((await browser().post("/auth/sign-in", { login: "fresh", password: PASSWORD })).statusCode).toBe(401);
    await signedIn("fresh", "四个不相干的词语 table");
  });

  it("signs in an account without a grant, which then sees nothing", async () => {
    await makeAccount(database, SMALL_COUNTY, "bare", [], nowMs);
    const bare = await signedIn("bare");
    expect((await bare.session()).viewer).toMatchObject({ login: "bare", role: null, areaCode: null, resources: [] });
    expect((await bare.get(`/columns/areas?county=${SMALL_COUNTY}`)).statusCode).toBe(401);
  });

  it("acts under one grant at a time and switches between its own", async () => {
    const { grants } = await makeAccount(
      database,
      SMALL_COUNTY,
      "two",
      [
        ["leader", SMALL_CODES.town],
        ["grid_worker", SMALL_CODES.gridA],
      ],
      nowMs,
    );
    const strange = await makeAccount(database, SMALL_COUNTY, "strange", [["admin", SMALL_COUNTY]], nowMs);
    const two = await signedIn("two");
    expect((await two.session()).viewer).toMatchObject({ role: "leader", areaCode: SMALL_CODES.town });
    expect(await two.change("grant", { grant: grants[1] })).toBe(204);
    expect((await two.session()).viewer).toMatchObject({ role: "grid_worker", areaCode: SMALL_CODES.gridA });
    for (const grant of [strange.grants[0], `Grant:${ROOT_COUNTY}:00000000-0000-7000-8000-000000000001`, "Grant"])
      expect((await two.post("/auth/grant", { grant })).statusCode).toBe(404);
    expect((await two.session()).viewer).toMatchObject({ role: "grid_worker" });
  });

  it("shows aggregates only in visitor mode, which is left with the password", async () => {
    const lin = await signedIn("lin");
    expect(await lin.change("visitor", { on: true })).toBe(204);
    expect((await lin.session()).viewer).toMatchObject({ visitor: true, resources: ["map", "statistic"], actions: [] });
    expect(await lin.change("visitor", { on: false, password: "wrong" })).toBe(401);
    expect(await lin.change("visitor", { on: false })).toBe(401);
    expect((await lin.session()).viewer?.visitor).toBe(true);
    expect(await lin.change("visitor", { on: false, password: PASSWORD })).toBe(204);
    expect((await lin.session()).viewer?.visitor).toBe(false);
  });

  it("writes when a session was seen once a minute at most", async () => {
    const lin = await signedIn("lin");
    const touches = async () => {
      api.takeStatements();
      await lin.session();
      return api.takeStatements().filter(({ sql }) => sql.startsWith("UPDATE session")).length;
    };
    nowMs += 30 * SECOND;
    expect(await touches()).toBe(0);
    nowMs += 31 * SECOND;
    expect(await touches()).toBe(1);
    nowMs += 30 * SECOND;
    expect(await touches()).toBe(0);
  });

  it("sends only statements that keep the data rules", () => {
    expect(seen.length).toBeGreaterThan(100);
    expect([...new Set(seen.flatMap(lintEvent))]).toEqual([]);
  });
});
