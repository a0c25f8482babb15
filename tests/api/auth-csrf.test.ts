import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { openEmbeddedTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { makeRootAdmin, PASSWORD, TestBrowser } from "../helpers/sign-in.ts";

describe("requests that a foreign page makes", () => {
  let test: TestDatabase;
  let api: TestApi;
  let root: TestBrowser;
  beforeAll(async () => {
    test = await openEmbeddedTestDatabase();
    api = await testApiOver(test.database, {
      datasets: [smallCounty()],
      classes: SMALL_CLASSES,
      now: SMALL_NOW,
      signIn: true,
    });
    await makeRootAdmin(test.database, "root", Date.parse(SMALL_NOW));
    root = await signedIn();
  });
  afterAll(async () => {
    await api.close();
    await test.dispose();
  });
  /** A browser that has just signed in, with its token. */
  const signedIn = async (): Promise<TestBrowser> => {
    const browser = new TestBrowser(api.app);
    expect((await browser.post("/auth/sign-in", { login: "root", password: PASSWORD })).statusCode).toBe(204);
    await browser.session();
    return browser;
  };

  const query = { query: `{ county(code: "${SMALL_COUNTY}") { name } }` };
  const forged: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
    "without the token": { "x-jingwei-csrf": undefined },
    "with an empty token": { "x-jingwei-csrf": "" },
    "with a token of the right length": { "x-jingwei-csrf": "A".repeat(43) },
    "from another origin": { origin: "https://evil.example" },
    "from another port of this host": { origin: "http://localhost:8081" },
    "from a host that begins like this one": { origin: "http://localhost.evil.example" },
    "from a sandboxed page": { origin: "null" },
    "that the browser calls cross-site": { "sec-fetch-site": "cross-site" },
    "of a neighbouring host": { "sec-fetch-site": "same-site" },
    "that does not say where it comes from": { origin: undefined, "sec-fetch-site": undefined },
  };
  for (const [name, headers] of Object.entries(forged))
    it.each([
      ["/graphql", query],
      ["/auth/visitor", { on: true }],
      ["/auth/sign-out", { everywhere: true }],
      ["/auth/password", { current: PASSWORD, next: "another long password" }],
      ["/auth/grant", { grant: "Grant" }],
    ])(`are refused ${name}: %s`, async (url, body) => {
      const answer = await root.post(url, body, headers);
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({ code: "FORBIDDEN", path: "x-jingwei-csrf" });
      expect(answer.headers["set-cookie"]).toBeUndefined();
    });

  it("change nothing: the session is as it was", async () => {
    expect((await root.session()).viewer).toMatchObject({ login: "root", visitor: false });
  });

  it("are refused with the token of another session", async () => {
    const other = await signedIn();
    expect(other.csrf).not.toBe(root.csrf);
    expect((await root.post("/graphql", query, { "x-jingwei-csrf": other.csrf ?? "" })).statusCode).toBe(403);
  });

  it("cannot sign somebody in as somebody else", async () => {
    const answer = await new TestBrowser(api.app).post(
      "/auth/sign-in",
      { login: "root", password: PASSWORD },
      { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    );
    expect(answer.statusCode).toBe(403);
    expect(answer.headers["set-cookie"]).toBeUndefined();
  });

  it("are let through from a page of this site", async () => {
    for (const headers of [{}, { origin: undefined }, { "sec-fetch-site": undefined }, { origin: "http://LOCALHOST" }])
      expect((await root.post("/graphql", query, headers)).statusCode).toBe(200);
  });

  it("are let through without a cookie: there is nothing to abuse", async () => {
    const nobody = new TestBrowser(api.app);
    const answer = await nobody.post("/graphql", { query: "{ server { version } }" }, { origin: undefined });
    expect(answer.statusCode).toBe(200);
  });

  it("do not need the token where an API token is sent, and the cookie then does not count", async () => {
    const answer = await root.post("/graphql", query, {
      "x-jingwei-csrf": undefined,
      authorization: `Bearer jw_${SMALL_COUNTY}_00000000-0000-7000-8000-000000000001_${"A".repeat(43)}`,
    });
    expect(answer.json()).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
  });

  it("over a network in the clear a cookie is nobody's, and signing in is refused with a sentence that says how", async () => {
    const [name = "", value = ""] = [...root.cookies][0] ?? [];
    const remoteAddress = "192.168.1.20";
    const session = await api.app.inject({ url: "/auth/session", remoteAddress, cookies: { [name]: value } });
    expect(session.json()).toMatchObject({ viewer: null, csrf: null, secure: false });
    expect(session.json().refusal).toMatch(/TLS/);
    expect(session.headers["set-cookie"]).toBeUndefined();
    for (const [url, payload] of [
      ["/auth/sign-in", { login: "root", password: PASSWORD }],
      ["/auth/demo", { login: "x" }],
    ] as const) {
      const answer = await api.app.inject({ method: "POST", url, remoteAddress, payload });
      expect(answer.statusCode, url).toBe(403);
      expect(answer.json().detail).toMatch(/TLS/);
    }
    expect((await api.app.inject({ url: "/auth/first?link=x", remoteAddress })).statusCode).toBe(403);
  });
});
