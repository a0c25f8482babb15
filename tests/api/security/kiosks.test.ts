import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Database } from "../../../db/driver.ts";
import { SMALL_CLASSES } from "../../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../../helpers/api.ts";
import { describeOnBothDatabases } from "../../helpers/database.ts";
import { makeAccount, PASSWORD, TestBrowser } from "../../helpers/sign-in.ts";

const HOUR = 3_600_000;
const FIELDS =
  "id name areaCode areaName startPath pointDays visitor visitorUntil linkExpiresAt exchangedAt exchangedFrom seenAt revokedAt";
const CREATE = `mutation Create($name: String!, $areaCode: String!, $startPath: String, $pointDays: Int, $visitor: Boolean) {
  createKioskLink(name: $name, areaCode: $areaCode, startPath: $startPath, pointDays: $pointDays, visitor: $visitor) {
    path kiosk { ${FIELDS} }
  }
}`;
const REISSUE = `mutation Reissue($id: ID!) { reissueKioskLink(id: $id) { path kiosk { ${FIELDS} } } }`;
const VISITOR = `mutation Visitor($id: ID!, $hours: Int!) { setKioskVisitor(id: $id, hours: $hours) { ${FIELDS} } }`;
const REVOKE = `mutation Revoke($id: ID!) { revokeKioskLink(id: $id) { ${FIELDS} } }`;
const LIST = `query List($county: String!) { kioskLinks(county: $county) { ${FIELDS} } }`;

interface Issued {
  readonly path: string;
  readonly kiosk: { readonly id: string; readonly linkExpiresAt: string | null; readonly exchangedFrom: string | null };
}

describeOnBothDatabases("kiosk links", (open) => {
  let api: TestApi;
  let database: Database;
  let nowMs = Date.parse(SMALL_NOW);
  let county: TestBrowser;
  let village: TestBrowser;

  const signedIn = async (login: string): Promise<TestBrowser> => {
    const browser = new TestBrowser(api.app);
    expect(await browser.change("sign-in", { login, password: PASSWORD })).toBe(204);
    return browser;
  };
  const make = async (more: object = {}): Promise<Issued> => {
    const { data, errors } = await county.graphql<{ createKioskLink: Issued }>(CREATE, {
      name: "东关大屏",
      areaCode: SMALL_CODES.town,
      ...more,
    });
    expect(errors).toBeUndefined();
    if (!data) throw new Error("no answer");
    return data.createKioskLink;
  };
  /** A device that opened a link. */
  const wallWith = async (path: string): Promise<TestBrowser> => {
    const wall = new TestBrowser(api.app);
    expect((await wall.get(path)).statusCode).toBe(303);
    await wall.session();
    return wall;
  };
  const meOf = async (browser: TestBrowser) => (await browser.session()).viewer;
  const codeOf = async (by: TestBrowser, query: string, variables: object): Promise<unknown> =>
    (await by.graphql(query, variables)).errors?.[0]?.extensions["code"];
  const actions = async (id: string): Promise<string[]> =>
    (
      await database.transaction({ kind: "loader", county: SMALL_COUNTY }, (tx) =>
        tx.rows<{ action: string }>(
          "SELECT action FROM audit_log WHERE county = $1 AND entity::json->>'id' = $2 ORDER BY at, id",
          [SMALL_COUNTY, id],
        ),
      )
    ).map(({ action }) => action);

  beforeAll(async () => {
    ({ database } = await open());
    api = await testApiOver(database, {
      datasets: [smallCounty()],
      classes: SMALL_CLASSES,
      now: SMALL_NOW,
      clock: () => nowMs,
      signIn: true,
    });
    await makeAccount(database, SMALL_COUNTY, "county-admin", [["admin", SMALL_COUNTY]], nowMs);
    await makeAccount(database, SMALL_COUNTY, "village-admin", [["admin", SMALL_CODES.village]], nowMs);
  });
  beforeEach(async () => {
    nowMs += 25 * HOUR;
    [county, village] = [await signedIn("county-admin"), await signedIn("village-admin")];
  });
  afterAll(() => api.close());

  test("a link becomes the device's cookie, and nothing secret stays in the address bar", async () => {
    const { path, kiosk } = await make({ startPath: "/wall?county=990100" });
    const wall = new TestBrowser(api.app);
    const response = await wall.get(path);
    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toBe("/wall?county=990100");
    expect(response.headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
    const [cookie] = response.cookies;
    expect(cookie).toMatchObject({ name: "jw_kiosk", httpOnly: true, sameSite: "Lax", path: "/" });
    // What the link carried is worth nothing as a cookie.
    expect(cookie?.value).not.toContain(path.split(".").at(-1));
    expect(await meOf(wall)).toMatchObject({
      kind: "kiosk",
      id: kiosk.id,
      role: "wall",
      areaCode: SMALL_CODES.town,
      visitor: false,
      pointDays: 30,
    });
    // Both at one instant of the test's clock: in no order.
    expect((await actions(kiosk.id)).sort()).toEqual(["kiosk.create", "kiosk.exchange"]);
    const listed = (await county.graphql<{ kioskLinks: Issued["kiosk"][] }>(LIST, { county: SMALL_COUNTY })).data
      ?.kioskLinks;
    expect(listed?.find(({ id }) => id === kiosk.id)).toMatchObject({
      linkExpiresAt: null,
      exchangedFrom: "127.0.0.1",
    });
  });

  test("a link works once: a photo of the wall or of the link is no credential", async () => {
    const { path } = await make();
    const wall = await wallWith(path);
    const second = await new TestBrowser(api.app).get(path);
    expect(second.statusCode).toBe(401);
    expect(second.json().detail).toMatch(/wrong, used or over/);
    expect(second.cookies).toEqual([]);
    expect(await meOf(wall)).not.toBeNull();
  });

  test("of two devices at once only one gets the wall", async () => {
    const { path } = await make();
    const answers = await Promise.all(Array.from({ length: 6 }, () => new TestBrowser(api.app).get(path)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 401, 401, 401, 401, 401]);
  });

  test("a link that was changed, cut, sent by HEAD or is a day old opens nothing", async () => {
    const { path } = await make();
    const other = path.endsWith("A") ? "B" : "A";
    for (const wrong of [
      `${path.slice(0, -1)}${other}`,
      path.slice(0, -1),
      path.replace("990100", "140226"),
      "/auth/kiosk",
      "/auth/kiosk?link=a&link=b",
    ])
      expect((await new TestBrowser(api.app).get(wrong)).statusCode, wrong).toBe(401);
    expect((await api.app.inject({ method: "HEAD", url: path })).statusCode).toBe(404);
    nowMs += 24 * HOUR;
    expect((await new TestBrowser(api.app).get(path)).statusCode).toBe(401);
  });

  test("a wall that runs keeps its cookie: each look at the session renews it", async () => {
    const wall = await wallWith((await make()).path);
    const before = wall.cookies.get("jw_kiosk");
    const [cookie] = (await wall.get("/auth/session")).cookies;
    expect(cookie).toMatchObject({ name: "jw_kiosk", value: before, maxAge: 400 * 86_400 });
  });

  test("people read a refusal on a page", async () => {
    const response = await api.app.inject({ url: "/auth/kiosk?link=<script>", headers: { accept: "text/html" } });
    expect(response.statusCode).toBe(401);
    expect(response.body).toContain("链接无效");
    expect(response.body).not.toContain("<script>");
  });

  test("re-issuing leaves the wall running until the new link is taken; then the old device is nobody", async () => {
    const { path, kiosk } = await make();
    const old = await wallWith(path);
    const { data } = await county.graphql<{ reissueKioskLink: Issued }>(REISSUE, { id: kiosk.id });
    expect(await meOf(old)).not.toBeNull();
    const next = await wallWith(data?.reissueKioskLink.path ?? "");
    expect(await meOf(next)).toMatchObject({ id: kiosk.id });
    expect(await meOf(old)).toBeNull();
    // A link that was replaced before it was taken is dead too.
    const first = (await county.graphql<{ reissueKioskLink: Issued }>(REISSUE, { id: kiosk.id })).data
      ?.reissueKioskLink;
    await county.graphql(REISSUE, { id: kiosk.id });
    expect((await new TestBrowser(api.app).get(first?.path ?? "")).statusCode).toBe(401);
    expect(await meOf(next)).not.toBeNull();
  });

  test("revoking signs the wall out at once and kills its open link", async () => {
    const { path, kiosk } = await make();
    const wall = await wallWith(path);
    const open = (await county.graphql<{ reissueKioskLink: Issued }>(REISSUE, { id: kiosk.id })).data?.reissueKioskLink;
    expect((await county.graphql(REVOKE, { id: kiosk.id })).errors).toBeUndefined();
    expect(await meOf(wall)).toBeNull();
    expect((await new TestBrowser(api.app).get(open?.path ?? "")).statusCode).toBe(401);
    expect(await codeOf(county, REISSUE, { id: kiosk.id })).toBe("CONFLICT");
    await county.graphql(REVOKE, { id: kiosk.id });
    expect((await actions(kiosk.id)).filter((action) => action === "kiosk.revoke")).toHaveLength(1);
  });

  test("a forged or changed device cookie is nobody", async () => {
    const wall = await wallWith((await make()).path);
    const value = wall.cookies.get("jw_kiosk") ?? "";
    for (const forged of [
      value.replace("990100", "140226"),
      value.slice(0, -1),
      `${value.slice(0, -1)}${value.endsWith("A") ? "B" : "A"}`,
      "",
    ]) {
      const thief = wall.copy();
      thief.cookies.set("jw_kiosk", forged);
      expect((await thief.session()).viewer, forged).toBeNull();
    }
    // A wall's secret is no session.
    const other = new TestBrowser(api.app);
    other.cookies.set("jw_session", value);
    expect((await other.session()).viewer).toBeNull();
  });

  test("visitor mode of a wall ends by itself and can be ended", async () => {
    const { path, kiosk } = await make();
    const wall = await wallWith(path);
    await county.graphql(VISITOR, { id: kiosk.id, hours: 2 });
    expect(await meOf(wall)).toMatchObject({ visitor: true });
    nowMs += 2 * HOUR;
    expect(await meOf(wall)).toMatchObject({ visitor: false });
    await county.graphql(VISITOR, { id: kiosk.id, hours: 5 });
    await county.graphql(VISITOR, { id: kiosk.id, hours: 0 });
    expect(await meOf(wall)).toMatchObject({ visitor: false });
    expect(await meOf(await wallWith((await make({ visitor: true })).path))).toMatchObject({ visitor: true });
    expect(await codeOf(county, VISITOR, { id: kiosk.id, hours: 745 })).toBe("BAD_USER_INPUT");
  });

  test("a wall only reads: no mutation, no switch of grants, not even of its own report", async () => {
    const wall = await wallWith((await make()).path);
    for (const [query, variables] of [
      [CREATE, { name: "x", areaCode: SMALL_CODES.town }],
      [`mutation { withdrawMyReport(orderNo: "1", code: "2") { orderNo } }`, {}],
    ] as const) {
      const { status, errors } = await wall.graphql(query, variables);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(["FORBIDDEN", "BAD_USER_INPUT"]).toContain(errors?.[0]?.extensions["code"]);
    }
    expect((await wall.graphql(CREATE, { name: "x", areaCode: SMALL_CODES.town })).errors?.[0]?.message).toBe(
      "a wall only reads",
    );
    for (const [route, payload] of [
      ["grant", { grant: "Grant:990100:00000000-0000-7000-8000-000000000001" }],
      ["visitor", { on: true }],
      ["password", { current: "x", next: "a new good sentence" }],
    ] as const)
      expect((await wall.post(`/auth/${route}`, payload)).statusCode, route).toBeGreaterThanOrEqual(400);
  });

  test.each([
    "https://evil.example/wall",
    "//evil.example",
    "/\\evil.example/wall",
    "wall",
    "/nothing",
    "/wall\n",
    "/auth/kiosk",
    `/wall?x=${"y".repeat(600)}`,
  ])("a start path leads to the client's pages only, not to %j", async (startPath) => {
    expect(await codeOf(county, CREATE, { name: "x", areaCode: SMALL_CODES.town, startPath })).toBe("BAD_USER_INPUT");
  });

  test("an administrator of one village neither makes, sees nor touches a wall of another", async () => {
    const { kiosk } = await make({ areaCode: SMALL_CODES.community });
    expect(await codeOf(village, CREATE, { name: "x", areaCode: SMALL_CODES.community })).toBe("FORBIDDEN");
    expect((await village.graphql<{ kioskLinks: unknown[] }>(LIST, { county: SMALL_COUNTY })).data?.kioskLinks).toEqual(
      [],
    );
    for (const query of [REISSUE, REVOKE]) expect(await codeOf(village, query, { id: kiosk.id })).toBe("NOT_FOUND");
    expect(await codeOf(village, VISITOR, { id: kiosk.id, hours: 0 })).toBe("NOT_FOUND");
    expect(await codeOf(county, CREATE, { name: "x", areaCode: "000000" })).toBe("FORBIDDEN");
  });
});
