import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import type { Database, StatementEvent } from "../../db/driver.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { makeAccount, makeRootAdmin, PASSWORD, TestBrowser } from "../helpers/sign-in.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

const ACCOUNT =
  "id login name county version disabledAt mustChangePassword openSessions grants { id role areaCode areaName grantedBy }";
const CREATE = `mutation ($county: String!, $login: String!, $name: String!) {
  createAccount(county: $county, login: $login, name: $name, reason: "test") { firstPassword account { ${ACCOUNT} } } }`;
const GRANT = `mutation ($account: ID!, $role: Role!, $areaCode: String!) {
  grantRole(account: $account, role: $role, areaCode: $areaCode, reason: "test") { ${ACCOUNT} } }`;
const REVOKE = `mutation ($id: ID!) { revokeGrant(id: $id, reason: "test") { ${ACCOUNT} } }`;
const DISABLE = `mutation ($id: ID!, $disabled: Boolean!, $version: Int!) {
  disableAccount(id: $id, disabled: $disabled, version: $version, reason: "test") { ${ACCOUNT} } }`;
const RESET = `mutation ($id: ID!, $version: Int!) {
  resetPassword(id: $id, version: $version, reason: "test") { firstPassword account { ${ACCOUNT} } } }`;
const LIST = `query ($county: String!, $text: String, $first: Int, $after: String) {
  accounts(county: $county, text: $text, first: $first, after: $after) {
    totalCount nodes { ${ACCOUNT} } pageInfo { endCursor hasNextPage } } }`;

interface Account {
  readonly id: string;
  readonly login: string;
  readonly version: number;
  readonly disabledAt: string | null;
  readonly openSessions: number;
  readonly mustChangePassword: boolean;
  readonly grants: readonly {
    readonly id: string;
    readonly role: string;
    readonly areaCode: string;
    readonly areaName: string;
  }[];
}
interface WithPassword {
  readonly firstPassword: string;
  readonly account: Account;
}

describeOnBothDatabases("administration of accounts", (open) => {
  let api: TestApi;
  let database: Database;
  const seen: StatementEvent[] = [];
  let nowMs = Date.parse(SMALL_NOW);
  let root: TestBrowser;
  let county: TestBrowser;
  let town: TestBrowser;
  const ids: Record<string, string> = {};
  const signIn = async (login: string, password = PASSWORD): Promise<TestBrowser> => {
    const one = new TestBrowser(api.app);
    const answer = await one.post("/auth/sign-in", { login, password });
    expect(answer.statusCode, answer.body).toBe(204);
    await one.session();
    return one;
  };
  /** The one field of an answer without errors. */
  const ask = async <Field>(browser: TestBrowser, query: string, variables: object): Promise<Field> => {
    const { data, errors } = await browser.graphql<Record<string, Field>>(query, variables);
    expect(errors).toBeUndefined();
    return Object.values(data ?? {})[0] as Field;
  };
  const refusal = async (browser: TestBrowser, query: string, variables: object): Promise<unknown> => {
    const { errors } = await browser.graphql(query, variables);
    return errors?.[0]?.extensions["code"];
  };
  const make = (browser: TestBrowser, login: string, home = SMALL_COUNTY): Promise<WithPassword> =>
    ask(browser, CREATE, { county: home, login, name: login });
  const one = async (login: string, home = SMALL_COUNTY): Promise<Account> => {
    const { nodes } = await ask<{ nodes: Account[] }>(root, LIST, { county: home, text: login });
    const found = nodes.find((account) => account.login === login);
    if (!found) throw new Error(`there is no account ${login}`);
    return found;
  };
  const audits = (home: string) =>
    database.transaction({ kind: "loader", county: home }, (tx) =>
      tx.rows<{ action: string; actor: string; entity: string; reason: string | null }>(
        "SELECT action, actor, entity::text AS entity, reason FROM audit_log WHERE county = $1 ORDER BY at, id",
        [home],
      ),
    );

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
    const make = async (login: string, grants: Parameters<typeof makeAccount>[3]) => {
      ids[login] = (await makeAccount(database, SMALL_COUNTY, login, grants, nowMs)).id;
    };
    ids["root"] = (await makeRootAdmin(database, "root", nowMs)).id;
    await make("county-admin", [["admin", SMALL_COUNTY]]);
    await make("village-admin", [["admin", SMALL_CODES.village]]);
    await make("watcher", [["auditor", SMALL_COUNTY]]);
    await make("lin", [["leader", SMALL_CODES.town]]);
    await make("village-worker", [["grid_worker", SMALL_CODES.gridV]]);
    root = await signIn("root");
    county = await signIn("county-admin");
    town = await signIn("village-admin");
  });
  afterAll(() => api.close());

  it("is for administrators who are signed in as people", async () => {
    const variables = { county: SMALL_COUNTY };
    expect(await refusal(new TestBrowser(api.app), LIST, variables)).toBe("UNAUTHENTICATED");
    expect(await refusal(await signIn("lin"), LIST, variables)).toBe("FORBIDDEN");
    expect(await refusal(await signIn("watcher"), LIST, variables)).toBe("FORBIDDEN");
    const visiting = await signIn("county-admin");
    await visiting.change("visitor", { on: true });
    expect(await refusal(visiting, LIST, variables)).toBe("FORBIDDEN");
    expect(await refusal(visiting, CREATE, { ...variables, login: "x1", name: "x" })).toBe("FORBIDDEN");
  });

  it("lists what lies in the own area, page by page, with grants and sessions", async () => {
    const of = async (browser: TestBrowser, more: object = {}) => {
      const { nodes, totalCount } = await ask<{ nodes: Account[]; totalCount: number }>(browser, LIST, {
        county: SMALL_COUNTY,
        ...more,
      });
      expect(totalCount).toBe(nodes.length);
      return nodes.map(({ login }) => login);
    };
    const all = ["county-admin", "lin", "village-admin", "village-worker", "watcher"];
    expect(await of(root)).toEqual(all);
    expect(await of(county)).toEqual(all);
    expect(await of(town)).toEqual(["village-admin", "village-worker"]);
    expect(await of(town, { text: "LIN" })).toEqual([]);
    expect(await of(county, { text: "village" })).toEqual(["village-admin", "village-worker"]);
    expect(await refusal(county, LIST, { county: ROOT_COUNTY })).toBe("FORBIDDEN");
    expect(await refusal(county, LIST, { county: "990199" })).toBe("FORBIDDEN");
    const first = await ask<{
      nodes: Account[];
      pageInfo: { endCursor: string; hasNextPage: boolean };
      totalCount: number;
    }>(county, LIST, { county: SMALL_COUNTY, first: 3 });
    expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
    const next = await ask<{ nodes: Account[] }>(county, LIST, {
      county: SMALL_COUNTY,
      first: 3,
      after: first.pageInfo.endCursor,
    });
    expect([...first.nodes, ...next.nodes].map(({ login }) => login)).toEqual(all);
    expect(first.nodes[0]?.openSessions).toBeGreaterThan(0);
    expect(first.nodes[0]).toMatchObject({
      grants: [{ role: "ADMIN", areaCode: SMALL_COUNTY, areaName: "测试县" }],
    });
  });

  it("sends no more statements for many accounts than for few", async () => {
    const count = async (first: number): Promise<number> => {
      api.takeStatements();
      await ask(root, LIST, { county: SMALL_COUNTY, first });
      return api.takeStatements().filter(({ sql }) => !sql.includes(" session s JOIN")).length;
    };
    const ofFew = await count(3);
    expect(ofFew).toBeGreaterThan(2);
    expect(await count(100)).toBeLessThanOrEqual(ofFew);
  });

  it("makes an account whose first password is shown once and must be changed", async () => {
    const { firstPassword, account } = await make(county, "New.Person");
    expect(account).toMatchObject({
      login: "new.person",
      mustChangePassword: true,
      grants: [],
      openSessions: 0,
      version: 1,
    });
    expect(firstPassword).toMatch(/^[a-zA-Z2-9]{4}(-[a-zA-Z2-9]{4}){3}$/);
    const person = await signIn("new.person", firstPassword);
    expect((await person.session()).viewer).toMatchObject({ mustChangePassword: true, role: null });
    expect(await refusal(county, CREATE, { county: SMALL_COUNTY, login: "new.person", name: "x" })).toBe("CONFLICT");
    expect(await refusal(root, CREATE, { county: ROOT_COUNTY, login: "lin", name: "x" })).toBe("CONFLICT");
    for (const login of ["", "a", "-ab", "a b", "李四", "a".repeat(65)])
      expect(await refusal(county, CREATE, { county: SMALL_COUNTY, login, name: "x" }), login).toBe("BAD_USER_INPUT");
    expect(await refusal(county, CREATE, { county: SMALL_COUNTY, login: "phone", name: "张三 13812345678" })).toBe(
      "BAD_USER_INPUT",
    );
    expect(await refusal(county, CREATE, { county: ROOT_COUNTY, login: "climber", name: "x" })).toBe("FORBIDDEN");
    expect(await refusal(root, CREATE, { county: "990188", login: "nowhere", name: "x" })).toBe("NOT_FOUND");
    const rows = await audits(SMALL_COUNTY);
    const entry = rows.find(({ action, entity }) => action === "account.create" && entity.includes("new.person"));
    expect(entry).toMatchObject({ actor: ids["county-admin"], reason: "test" });
    expect(rows.filter(({ entity }) => entity.includes(firstPassword))).toEqual([]);
  });

  it("grants roles inside the own area only", async () => {
    const { account } = await make(county, "worker");
    const grant = (browser: TestBrowser, role: string, areaCode: string) =>
      refusal(browser, GRANT, { account: account.id, role, areaCode });
    expect(await grant(town, "GRID_WORKER", SMALL_CODES.gridA)).toBe("FORBIDDEN");
    expect(await grant(town, "LEADER", SMALL_COUNTY)).toBe("FORBIDDEN");
    expect(await grant(county, "ADMIN", ROOT_COUNTY)).toBe("FORBIDDEN");
    expect(await grant(county, "LEADER", "140623001")).toBe("FORBIDDEN");
    expect(await grant(county, "LEADER", `${SMALL_COUNTY}999`)).toBe("NOT_FOUND");
    expect(await grant(root, "LEADER", ROOT_COUNTY)).toBe("BAD_USER_INPUT");
    const given = await ask<Account>(town, GRANT, {
      account: account.id,
      role: "GRID_WORKER",
      areaCode: SMALL_CODES.gridV,
    });
    expect(given.grants).toMatchObject([
      { role: "GRID_WORKER", areaCode: SMALL_CODES.gridV, areaName: "南河网格", grantedBy: "village-admin of 990100" },
    ]);
    expect(await grant(town, "GRID_WORKER", SMALL_CODES.gridV)).toBe("CONFLICT");
    // An account that works elsewhere too is none of the village's.
    expect(await refusal(town, GRANT, { account: ids["lin"], role: "LEADER", areaCode: SMALL_CODES.gridV })).toBe(
      "NOT_FOUND",
    );
  });

  it("lets nobody make themselves auditor, and nobody be administrator and auditor at once", async () => {
    const grant = (browser: TestBrowser, login: string, role: string, areaCode = SMALL_COUNTY) =>
      refusal(browser, GRANT, { account: ids[login], role, areaCode });
    expect(await grant(county, "county-admin", "AUDITOR")).toBe("FORBIDDEN");
    expect(await grant(root, "root", "AUDITOR", ROOT_COUNTY)).toBe("FORBIDDEN");
    expect(await grant(root, "root", "AUDITOR")).toBe("FORBIDDEN");
    expect(await grant(root, "county-admin", "AUDITOR")).toBe("FORBIDDEN");
    expect(await grant(root, "watcher", "ADMIN")).toBe("FORBIDDEN");
    expect(await grant(town, "village-admin", "AUDITOR", SMALL_CODES.village)).toBe("FORBIDDEN");
    // Somebody else may become auditor.
    expect(await grant(county, "lin", "AUDITOR", SMALL_CODES.town)).toBeUndefined();
    const auditor = (await one("lin")).grants.find(({ role }) => role === "AUDITOR");
    expect(await refusal(root, REVOKE, { id: auditor?.id })).toBeUndefined();
  });

  it("leaves auditors to administrators of the server", async () => {
    const { id, version, grants } = await one("watcher");
    expect(await refusal(county, RESET, { id, version })).toBe("FORBIDDEN");
    expect(await refusal(county, DISABLE, { id, version, disabled: true })).toBe("FORBIDDEN");
    expect(await refusal(county, REVOKE, { id: grants[0]?.id })).toBe("FORBIDDEN");
    expect(await refusal(root, RESET, { id, version })).toBeUndefined();
  });

  it("takes a grant back at once: its sessions end, others go on", async () => {
    const { account, firstPassword } = await make(county, "two-posts");
    for (const areaCode of [SMALL_CODES.gridA, SMALL_CODES.gridB]) {
      nowMs += 1_000;
      await ask(county, GRANT, { account: account.id, role: "GRID_WORKER", areaCode });
    }
    const here = await signIn("two-posts", firstPassword);
    expect(await here.change("password", { current: firstPassword, next: PASSWORD })).toBe(204);
    const there = await signIn("two-posts");
    const { grants } = await one("two-posts");
    const [a, b] = [SMALL_CODES.gridA, SMALL_CODES.gridB].map(
      (code) => grants.find(({ areaCode }) => areaCode === code)?.id,
    );
    expect(await there.change("grant", { grant: b })).toBe(204);
    expect((await here.session()).viewer?.areaCode).toBe(SMALL_CODES.gridA);
    expect(await refusal(town, REVOKE, { id: a })).toBe("NOT_FOUND");
    expect((await ask<Account>(county, REVOKE, { id: a })).grants.map(({ id }) => id)).toEqual([b]);
    expect((await here.session()).viewer).toBeNull();
    expect((await there.session()).viewer?.areaCode).toBe(SMALL_CODES.gridB);
    expect(await refusal(county, REVOKE, { id: a })).toBe("NOT_FOUND");
    expect((await there.post("/auth/grant", { grant: a })).statusCode).toBe(404);
  });

  it("disables and enables an account; sessions end at once", async () => {
    const { account, firstPassword } = await make(county, "leaver");
    const leaver = await signIn("leaver", firstPassword);
    expect(await refusal(county, DISABLE, { id: account.id, disabled: true, version: 99 })).toBe("CONFLICT");
    expect(await refusal(county, DISABLE, { id: ids["county-admin"], disabled: true, version: 1 })).toBe("CONFLICT");
    expect(await refusal(town, DISABLE, { id: ids["lin"], disabled: true, version: 1 })).toBe("NOT_FOUND");
    const disabled = await ask<Account>(county, DISABLE, { id: account.id, disabled: true, version: 1 });
    expect(disabled.disabledAt).not.toBeNull();
    expect((await leaver.session()).viewer).toBeNull();
    const again = await leaver.post("/auth/sign-in", { login: "leaver", password: firstPassword });
    expect(again.statusCode).toBe(401);
    await ask(county, DISABLE, { id: account.id, disabled: false, version: disabled.version });
    await signIn("leaver", firstPassword);
  });

  it("resets a password: sessions end, the lock is lifted, the new one must be changed", async () => {
    const { account, firstPassword } = await make(county, "forgetful");
    const old = await signIn("forgetful", firstPassword);
    for (let n = 0; n < 5; n++)
      await new TestBrowser(api.app).post("/auth/sign-in", { login: "forgetful", password: "wrong" });
    expect(await refusal(county, RESET, { id: account.id, version: 7 })).toBe("CONFLICT");
    const { firstPassword: next } = await ask<WithPassword>(county, RESET, { id: account.id, version: 1 });
    expect((await old.session()).viewer).toBeNull();
    expect((await old.post("/auth/sign-in", { login: "forgetful", password: firstPassword })).statusCode).toBe(401);
    expect((await (await signIn("forgetful", next)).session()).viewer?.mustChangePassword).toBe(true);
    expect(await refusal(county, RESET, { id: ids["county-admin"], version: 1 })).toBe("CONFLICT");
  });

  it("never leaves the server without an administrator who can sign in", async () => {
    const { version, grants } = await one("root", ROOT_COUNTY);
    expect(await refusal(root, REVOKE, { id: grants[0]?.id })).toBe("CONFLICT");
    const { account } = await make(root, "root-two", ROOT_COUNTY);
    await ask(root, GRANT, { account: account.id, role: "ADMIN", areaCode: ROOT_COUNTY });
    const second = await one("root-two", ROOT_COUNTY);
    const other = await signIn("root");
    // Two at once that each would leave the other as the last one.
    await makeRootAdmin(database, "root-three", nowMs);
    const three = await signIn("root-three");
    await ask(root, DISABLE, { id: second.id, disabled: true, version: second.version });
    const last = await one("root-three", ROOT_COUNTY);
    const codes = await Promise.all([
      refusal(three, DISABLE, { id: ids["root"], disabled: true, version }),
      refusal(other, DISABLE, { id: last.id, disabled: true, version: last.version }),
    ]);
    expect(codes.filter((code) => code === undefined)).toHaveLength(1);
    const left = codes[0] === undefined ? three : root;
    expect((await left.session()).viewer?.login).toBe(codes[0] === undefined ? "root-three" : "root");
  });

  it("shows one's own sessions", async () => {
    const lin = await signIn("lin");
    nowMs += 120_000;
    const again = await signIn("lin");
    const { data } = await again.graphql<{ mySessions: { agent: string; current: boolean; address: string }[] }>(
      "{ mySessions { id agent address current createdAt seenAt } }",
    );
    expect(data?.mySessions.filter(({ current }) => current)).toHaveLength(1);
    expect(data?.mySessions[0]).toMatchObject({ agent: "Chrome 141 · Windows", address: "127.0.0.1", current: true });
    await again.change("sign-out", { everywhere: true });
    expect((await lin.session()).viewer).toBeNull();
  });

  it("says everything in the audit log, and no secret", async () => {
    const rows = [...(await audits(SMALL_COUNTY)), ...(await audits(ROOT_COUNTY))];
    const actions = new Set(rows.map(({ action }) => action));
    for (const action of [
      ...["account.create", "account.disable", "account.enable", "account.reset", "account.password", "account.lock"],
      ...["grant.create", "grant.revoke", "session.open", "session.grant", "session.visitor", "session.close"],
    ])
      expect([...actions], action).toContain(action);
    expect(rows.filter(({ entity }) => /\$argon2|jw_|[A-Za-z0-9_-]{43}/.test(entity))).toEqual([]);
  });

  it("sends only statements that keep the data rules", () => {
    expect(seen.length).toBeGreaterThan(100);
    expect([...new Set(seen.flatMap(lintEvent))]).toEqual([]);
  });
});
