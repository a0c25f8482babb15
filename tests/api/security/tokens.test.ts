import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Role } from "../../../data/policy/roles.ts";
import type { Database } from "../../../db/driver.ts";
import { SMALL_CLASSES } from "../../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../../helpers/api.ts";
import { describeOnBothDatabases } from "../../helpers/database.ts";
import { makeAccount, makeRootAdmin, PASSWORD, TestBrowser } from "../../helpers/sign-in.ts";

const DAY = 86_400_000;
const CREATE = `mutation Create($name: String!, $role: Role!, $areaCode: String!, $days: Int!, $reason: String) {
  createApiToken(name: $name, role: $role, areaCode: $areaCode, days: $days, reason: $reason) {
    secret token { id name role areaCode areaName createdBy createdAt expiresAt revokedAt usedAt }
  }
}`;
const LIST = "query List($county: String!) { apiTokens(county: $county) { id name areaCode revokedAt usedAt } }";
const REVOKE = "mutation Revoke($id: ID!) { revokeApiToken(id: $id) { id revokedAt } }";
const COUNTY_NAME = `{ county(code: "${SMALL_COUNTY}") { name } }`;

interface Made {
  readonly createApiToken: { readonly secret: string; readonly token: { readonly id: string } };
}

describeOnBothDatabases("API tokens", (open) => {
  let api: TestApi;
  let database: Database;
  let nowMs = Date.parse(SMALL_NOW);
  let root: TestBrowser;
  let county: TestBrowser;
  let town: TestBrowser;

  const signedIn = async (login: string): Promise<TestBrowser> => {
    const browser = new TestBrowser(api.app);
    expect(await browser.change("sign-in", { login, password: PASSWORD })).toBe(204);
    return browser;
  };
  const asked: Record<"name" | "role" | "areaCode" | "reason", string> & { days: number } = {
    name: "大屏导出",
    role: "LEADER",
    areaCode: SMALL_CODES.town,
    days: 30,
    reason: "接口对接",
  };
  const make = async (by: TestBrowser, more: Partial<typeof asked> = {}): Promise<Made["createApiToken"]> => {
    const { data, errors } = await by.graphql<Made>(CREATE, { ...asked, ...more });
    expect(errors).toBeUndefined();
    if (!data) throw new Error("no answer");
    return data.createApiToken;
  };
  const codeOf = async (by: TestBrowser, query: string, variables: object): Promise<unknown> =>
    (await by.graphql(query, variables)).errors?.[0]?.extensions["code"];
  /** Who a bearer token is. */
  const bear = async (secret: string, headers: Record<string, string> = {}) =>
    (await api.app.inject({ url: "/auth/session", headers: { authorization: `Bearer ${secret}`, ...headers } })).json()
      .viewer as { role: Role; resources: string[] } | null;
  const audit = () =>
    database.transaction({ kind: "loader", county: SMALL_COUNTY }, (tx) =>
      tx.rows<{ action: string; actor: string; entity: string; reason: string | null }>(
        "SELECT action, actor, entity::text AS entity, reason FROM audit_log WHERE county = $1 AND action LIKE 'token.%' ORDER BY at, id",
        [SMALL_COUNTY],
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
    await makeRootAdmin(database, "root", nowMs);
    await makeAccount(database, SMALL_COUNTY, "county-admin", [["admin", SMALL_COUNTY]], nowMs);
    await makeAccount(database, SMALL_COUNTY, "town-admin", [["admin", SMALL_CODES.town]], nowMs);
    await makeAccount(database, SMALL_COUNTY, "leader", [["leader", SMALL_COUNTY]], nowMs);
  });
  beforeEach(async () => {
    nowMs += DAY;
    [root, county, town] = [await signedIn("root"), await signedIn("county-admin"), await signedIn("town-admin")];
  });
  afterAll(() => api.close());

  test("a token acts as its role on its area, is shown once, and only its hash is kept", async () => {
    const { secret, token } = await make(town);
    expect(secret).toMatch(/^jw_990100_[0-9a-f-]{36}_[\w-]{43}$/);
    expect(token).toMatchObject({ role: "LEADER", areaCode: SMALL_CODES.town, areaName: "东关街道", usedAt: null });
    expect(await bear(secret)).toMatchObject({
      kind: "token",
      id: token.id,
      role: "leader",
      areaCode: SMALL_CODES.town,
    });
    const kept = await database.transaction({ kind: "loader", county: SMALL_COUNTY }, (tx) =>
      tx.rows<{ row: string }>("SELECT to_json(t)::text AS row FROM api_token t WHERE t.county = $1", [SMALL_COUNTY]),
    );
    expect(kept.map(({ row }) => row).join()).not.toContain(secret.slice(-43));
    const [used] =
      (await town.graphql<{ apiTokens: { usedAt: string }[] }>(LIST, { county: SMALL_COUNTY })).data?.apiTokens ?? [];
    expect(used?.usedAt).toBe(new Date(nowMs).toISOString());
    expect(await audit()).toMatchObject([{ action: "token.create", reason: "接口对接" }]);
    expect((await audit())[0]?.entity).not.toContain(secret.slice(-43));
  });

  test("a forged, changed, foreign or malformed token is nobody", async () => {
    const { secret } = await make(county);
    const [prefix, code, id = "", value = ""] = secret.split("_");
    const flipped = value.startsWith("A") ? `B${value.slice(1)}` : `A${value.slice(1)}`;
    for (const forged of [
      `${prefix}_${code}_${id}_${flipped}`,
      `${prefix}_140226_${id}_${value}`,
      `${prefix}_000000_${id}_${value}`,
      `${prefix}_${code}_${id.replace(/.$/, id.endsWith("0") ? "1" : "0")}_${value}`,
      `${secret}x`,
      secret.slice(0, -1),
      secret.toUpperCase(),
      "",
      "null",
      "' OR 1=1 --",
      `${code}.${id}.${value}`,
    ])
      expect(await bear(forged), forged).toBeNull();
    expect(await bear(secret)).not.toBeNull();
    // A cookie beside a token that proves nothing does not count either.
    const cookie = [...county.cookies].map(([name, text]) => `${name}=${text}`).join("; ");
    expect(await bear("jw_forged", { cookie })).toBeNull();
  });

  test("an expired token is nobody from that instant on", async () => {
    const { secret } = await make(town, { days: 1 });
    nowMs += DAY - 1;
    expect(await bear(secret)).not.toBeNull();
    nowMs += 1;
    expect(await bear(secret)).toBeNull();
    const headers = { authorization: `Bearer ${secret}` };
    const response = await api.app.inject({
      method: "POST",
      url: "/graphql",
      headers,
      payload: { query: COUNTY_NAME },
    });
    expect(response.json().errors[0].extensions.code).toBe("UNAUTHENTICATED");
  });

  test("a revoked token is nobody at once, and revoking it again changes nothing", async () => {
    const { secret, token } = await make(town);
    expect(await bear(secret)).not.toBeNull();
    const first = await county.graphql<{ revokeApiToken: { revokedAt: string } }>(REVOKE, { id: token.id });
    expect(first.data?.revokeApiToken.revokedAt).toBeTruthy();
    expect(await bear(secret)).toBeNull();
    nowMs += 1000;
    expect((await county.graphql(REVOKE, { id: token.id })).data).toEqual(
      first.data && { revokeApiToken: { id: token.id, ...first.data.revokeApiToken } },
    );
    expect(
      (await audit()).filter(({ action, entity }) => action === "token.revoke" && entity.includes(token.id)),
    ).toHaveLength(1);
  });

  test("an administrator hands out tokens inside the own area only", async () => {
    for (const areaCode of [SMALL_COUNTY, "990100002", "140226", "000000"])
      expect(await codeOf(town, CREATE, { ...asked, areaCode }), areaCode).toBe("FORBIDDEN");
    expect(await codeOf(county, CREATE, { ...asked, areaCode: "000000" })).toBe("FORBIDDEN");
    expect(await codeOf(county, CREATE, { ...asked, areaCode: "990100999" })).toBe("NOT_FOUND");
    expect((await make(town, { areaCode: SMALL_CODES.gridA })).secret).toBeTruthy();
    expect((await make(county, { areaCode: SMALL_COUNTY })).secret).toBeTruthy();
    expect((await make(root, { areaCode: "000000" })).secret).toMatch(/^jw_000000_/);
  });

  test("nobody hands out an auditor's token, and only the server's administrator an administrator's", async () => {
    for (const by of [town, county, root])
      expect(await codeOf(by, CREATE, { ...asked, role: "AUDITOR" })).toBe("FORBIDDEN");
    for (const by of [town, county]) expect(await codeOf(by, CREATE, { ...asked, role: "ADMIN" })).toBe("FORBIDDEN");
    const { secret } = await make(root, { role: "ADMIN" });
    // A token makes no tokens: it would never end.
    const response = await api.app.inject({
      method: "POST",
      url: "/graphql",
      headers: { authorization: `Bearer ${secret}` },
      payload: { query: CREATE, variables: asked },
    });
    expect(response.json().errors[0].extensions.code).toBe("FORBIDDEN");
  });

  test("a leader, a visitor and nobody hand out none and see none", async () => {
    const leader = await signedIn("leader");
    expect(await codeOf(leader, CREATE, asked)).toBe("FORBIDDEN");
    expect(await codeOf(leader, LIST, { county: SMALL_COUNTY })).toBe("FORBIDDEN");
    expect(await county.change("visitor", { on: true })).toBe(204);
    expect(await codeOf(county, CREATE, asked)).toBe("FORBIDDEN");
    const nobody = new TestBrowser(api.app);
    expect(await codeOf(nobody, CREATE, asked)).toBe("UNAUTHENTICATED");
  });

  test("what lies outside the own area is neither listed nor revoked", async () => {
    const { token } = await make(county, { areaCode: SMALL_COUNTY });
    const listed = async (by: TestBrowser) =>
      ((await by.graphql<{ apiTokens: { id: string }[] }>(LIST, { county: SMALL_COUNTY })).data?.apiTokens ?? []).map(
        ({ id }) => id,
      );
    expect(await listed(county)).toContain(token.id);
    expect(await listed(town)).not.toContain(token.id);
    expect(await codeOf(town, REVOKE, { id: token.id })).toBe("NOT_FOUND");
    expect(await codeOf(town, REVOKE, { id: token.id.replace("990100", "140226") })).toBe("NOT_FOUND");
    expect(await codeOf(county, LIST, { county: "140226" })).toBe("FORBIDDEN");
    expect(await codeOf(county, LIST, { county: "000000" })).toBe("FORBIDDEN");
  });

  test.each([
    ["a name of nothing", { name: " " }],
    ["a name of two lines", { name: "a\nb" }],
    ["a name with a phone number", { name: "张三 13800138000" }],
    ["no days", { days: 0 }],
    ["more than a year", { days: 367 }],
    ["no area code", { areaCode: "town" }],
  ])("refuses %s", async (_what, more) => {
    expect(await codeOf(county, CREATE, { ...asked, ...more })).toBe("BAD_USER_INPUT");
  });

  test("every role acts in its bounds through a token", async () => {
    for (const role of ["WALL", "LEADER", "DISPATCHER", "PLANNER", "GRID_WORKER"] as const) {
      const { secret } = await make(county, { role });
      const viewer = await bear(secret);
      expect(viewer?.role).toBe(role.toLowerCase());
      expect(viewer?.resources).not.toContain("account");
      expect(viewer?.resources.includes("staff_contact")).toBe(!["WALL", "PLANNER"].includes(role));
    }
  });
});
