import type { LightMyRequestResponse } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authenticator } from "../../../api/auth/authenticate.ts";
import { ATTEMPT_MS } from "../../../api/auth/oidc.ts";
import { newOneTimeLink } from "../../../api/auth/one-time-link.ts";
import { hashPassword } from "../../../api/auth/password.ts";
import { loadConfig } from "../../../api/config.ts";
import { createServer } from "../../../api/server.ts";
import { newId } from "../../../api/services/new-id.ts";
import { addCounty } from "../../../db/import/county-admin.ts";
import { insertAccount, takeLogin } from "../../../db/repositories/account-repository.ts";
import { insertGrant } from "../../../db/repositories/grant-repository.ts";
import { TEST_SEALER } from "../../helpers/api.ts";
import { describeOnBothDatabases, type TestDatabase } from "../../helpers/database.ts";
import { type OpenIdProvider, startOpenIdProvider } from "../../helpers/openid-provider.ts";

const REDIRECT = "http://localhost/auth/oidc/callback";
const COUNTY = "990100";
const RATES = { perAddress: 1e9, perViewer: 1e9, perSignIn: 1e9 };
let nowMs = Date.now();

describeOnBothDatabases("Signing in by an OpenID provider", (open) => {
  let provider: OpenIdProvider;
  let database: TestDatabase["database"];
  let app: Awaited<ReturnType<typeof createServer>>;

  const serverFor = ({
    issuer,
    clientId,
    clientSecret,
  }: Pick<OpenIdProvider, "issuer" | "clientId" | "clientSecret">) =>
    createServer({
      database,
      config: loadConfig({ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret }),
      sealer: TEST_SEALER,
      rateLimits: RATES,
      now: () => nowMs,
      authenticate: authenticator(database, () => nowMs),
    });

  interface NewAccount {
    readonly password?: string;
    readonly mustChange?: boolean;
    readonly demo?: boolean;
  }
  /** An account of the county with the role of a leader. */
  async function account(
    login: string,
    { password, mustChange = false, demo = false }: NewAccount = {},
  ): Promise<string> {
    const id = newId(nowMs);
    const at = new Date(nowMs).toISOString();
    const passwordHash = password === undefined ? null : await hashPassword(password);
    await database.transaction({ kind: "accounts", county: COUNTY }, async (tx) => {
      expect(await takeLogin(tx, login, COUNTY, id)).toBe(true);
      await insertAccount(tx, {
        county: COUNTY,
        id,
        login,
        name: login,
        passwordHash,
        mustChangePassword: mustChange,
        demo,
        createdAt: at,
      });
      await insertGrant(tx, {
        county: COUNTY,
        id: newId(nowMs),
        accountId: id,
        role: "leader",
        areaCounty: COUNTY,
        areaId: null,
        grantedBy: "test",
        grantedAt: at,
      });
    });
    return id;
  }

  beforeAll(async () => {
    ({ database } = await open());
    await addCounty(database, { code: COUNTY, name: "试验县", timezone: "Asia/Shanghai" }, nowMs);
    provider = await startOpenIdProvider(REDIRECT);
    app = await serverFor(provider);
  });
  afterAll(async () => {
    await app.close();
    await provider.close();
  });

  const cookiesOf = (response: LightMyRequestResponse): Record<string, string> =>
    Object.fromEntries(response.cookies.map(({ name, value }) => [name, value]));
  interface Begun {
    readonly url: URL;
    readonly cookie: string;
  }
  const begin = async (to?: string): Promise<Begun> => {
    const response = await app.inject(`/auth/oidc${to === undefined ? "" : `?to=${encodeURIComponent(to)}`}`);
    expect(response.statusCode).toBe(303);
    expect(response.headers["cache-control"]).toBe("no-store");
    return { url: new URL(String(response.headers.location)), cookie: cookiesOf(response)["jw_oidc"] ?? "" };
  };
  /** Opens the address that the provider sent the browser to. */
  const back = (url: URL, cookie: string | undefined, accept = "application/json") =>
    app.inject({
      url: url.pathname + url.search,
      headers: { accept, ...(cookie === undefined ? {} : { cookie: `jw_oidc=${cookie}` }) },
    });
  const signIn = async (subject: string, to?: string) => {
    const { url, cookie } = await begin(to);
    return back(await provider.signIn(url.href, subject), cookie);
  };
  const refused = (response: LightMyRequestResponse): string => {
    expect(response.statusCode).toBe(401);
    expect(cookiesOf(response)["jw_session"]).toBeUndefined();
    return response.json().detail;
  };
  const meOf = async (response: LightMyRequestResponse) => {
    const session = await app.inject({
      url: "/auth/session",
      headers: { cookie: `jw_session=${cookiesOf(response)["jw_session"]}` },
    });
    return session.json().viewer;
  };
  const auditActions = async (county: string): Promise<string[]> =>
    (
      await database.transaction({ kind: "loader", county }, (tx) =>
        tx.rows<{ action: string }>("SELECT action FROM audit_log WHERE county = $1 ORDER BY id", [county]),
      )
    ).map(({ action }) => action);

  test("nothing is asked of the provider before somebody signs in, and the session page offers it", async () => {
    expect(provider.requests()).toBe(0);
    const { methods } = (await app.inject("/auth/session")).json();
    expect(methods.oidc).toEqual({ name: "127.0.0.1" });
    expect(provider.requests()).toBe(0);
  });

  test("the request carries a challenge, a state and a nonce, and the browser can read none of what it keeps", async () => {
    const { url, cookie } = await begin();
    expect(url.origin).toBe(provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: "code",
      client_id: "jingwei",
      redirect_uri: REDIRECT,
      code_challenge_method: "S256",
    });
    const kept = Buffer.from(cookie, "base64url").toString("latin1");
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(url.searchParams.get(name)?.length, name).toBeGreaterThan(20);
      expect(kept).not.toContain(url.searchParams.get(name) ?? "");
    }
    expect(kept).not.toContain("verifier");
  });

  test("an account that was made for the provider is linked at the first sign-in and then found by its subject", async () => {
    const id = await account("wang.fang");
    provider.people.set("subject-1", { preferred_username: "Wang.Fang" });
    const first = await signIn("subject-1", "/wall?county=990100");
    expect(first.statusCode).toBe(303);
    expect(first.headers.location).toBe("/wall?county=990100");
    expect(first.headers["cache-control"]).toBe("no-store");
    expect(await meOf(first)).toMatchObject({ id: `Account:${COUNTY}:${id}`, login: "wang.fang", role: "leader" });
    expect(cookiesOf(first)["jw_oidc"]).toBe("");
    // The name at the provider no longer matters.
    provider.people.set("subject-1", { preferred_username: "somebody-else" });
    expect(await meOf(await signIn("subject-1"))).toMatchObject({ login: "wang.fang" });
    // All at one instant of the test's clock: in no order.
    expect((await auditActions(COUNTY)).sort()).toEqual([
      "account.subject",
      "county.add",
      "session.open",
      "session.open",
    ]);
    // Another subject with the old name does not get the account.
    provider.people.set("subject-2", { preferred_username: "wang.fang" });
    expect(refused(await signIn("subject-2"))).toMatch(/no account here belongs/);
  });

  test("a confirmed mail address gives its local part as the login name, an unconfirmed one does not", async () => {
    await account("li.na");
    provider.people.set("subject-3", { email: "li.na@county.example", email_verified: false });
    expect(refused(await signIn("subject-3"))).toMatch(/no account here belongs/);
    provider.people.set("subject-3", { email: "li.na@county.example", email_verified: true });
    expect(await meOf(await signIn("subject-3"))).toMatchObject({ login: "li.na" });
  });

  test.each([
    ["has a password", "zhang.wei", { password: "correct horse battery" }],
    ["waits for its one-time link", "root-like", { mustChange: true }],
    ["belongs to the demonstration", "demo-leader", { demo: true }],
  ] as const)(
    "an account that %s is not taken by somebody with its name at the provider",
    async (_why, login, options) => {
      const id = await account(login, options);
      if (login === "root-like")
        await database.transaction({ kind: "accounts", county: COUNTY }, (tx) =>
          newOneTimeLink(tx, { county: COUNTY, id }, "first", nowMs),
        );
      provider.people.set(`thief of ${login}`, { preferred_username: login });
      expect(refused(await signIn(`thief of ${login}`))).toMatch(/no account here belongs/);
    },
  );

  test("an unknown subject is refused with a sentence, on a page for people, and the audit log has it", async () => {
    const { url, cookie } = await begin();
    const page = await back(await provider.signIn(url.href, "<b>stranger</b>"), cookie, "text/html");
    expect(page.statusCode).toBe(401);
    expect(page.headers["content-type"]).toMatch(/^text\/html/);
    expect(page.body).toContain("此身份未关联账号");
    expect(page.body).not.toContain("<b>");
    expect(cookiesOf(page)["jw_session"]).toBeUndefined();
    expect(await auditActions("000000")).toContain("account.subject.refuse");
  });

  test("a disabled account stays out", async () => {
    const id = await account("chen.jie");
    provider.people.set("subject-4", { preferred_username: "chen.jie" });
    expect((await signIn("subject-4")).statusCode).toBe(303);
    await database.transaction({ kind: "accounts", county: COUNTY }, (tx) =>
      tx.execute("UPDATE account SET disabled_at = $3 WHERE county = $1 AND id = $2", [
        COUNTY,
        id,
        new Date(nowMs).toISOString(),
      ]),
    );
    refused(await signIn("subject-4"));
  });

  test("a wrong state is refused", async () => {
    const { url, cookie } = await begin();
    const answer = await provider.signIn(url.href, "subject-1");
    answer.searchParams.set("state", "x".repeat(43));
    expect(refused(await back(answer, cookie))).toMatch(/not valid/);
  });

  test("an answer is refused in a browser that did not ask (login CSRF), without a cookie or with its own", async () => {
    const mine = await begin();
    const stolen = await provider.signIn(mine.url.href, "subject-1");
    refused(await back(stolen, undefined));
    refused(await back(stolen, (await begin()).cookie));
    refused(await back(stolen, "AAAA"));
    const changed = Buffer.from(mine.cookie, "base64url");
    changed[20] = (changed[20] ?? 0) ^ 1;
    refused(await back(stolen, changed.toString("base64url")));
  });

  test("a replayed code is refused", async () => {
    const { url, cookie } = await begin();
    const answer = await provider.signIn(url.href, "subject-1");
    expect((await back(answer, cookie)).statusCode).toBe(303);
    refused(await back(answer, cookie));
  });

  test("a wrong nonce is refused: the token was made for another request", async () => {
    const { url, cookie } = await begin();
    url.searchParams.set("nonce", "y".repeat(43));
    refused(await back(await provider.signIn(url.href, "subject-1"), cookie));
  });

  test("a code that was asked for with another challenge is refused (PKCE)", async () => {
    const { url, cookie } = await begin();
    url.searchParams.set("code_challenge", "z".repeat(43));
    refused(await back(await provider.signIn(url.href, "subject-1"), cookie));
  });

  test("an attempt that took longer than ten minutes is over", async () => {
    const { url, cookie } = await begin();
    const answer = await provider.signIn(url.href, "subject-1");
    const before = nowMs;
    nowMs += ATTEMPT_MS + 1;
    refused(await back(answer, cookie));
    nowMs = before;
  });

  test("what the provider refuses is said", async () => {
    const { url, cookie } = await begin();
    const answer = new URL(REDIRECT);
    answer.searchParams.set("error", "access_denied");
    answer.searchParams.set("state", url.searchParams.get("state") ?? "");
    answer.searchParams.set("iss", provider.issuer);
    expect(refused(await back(answer, cookie))).toMatch(/refused: access_denied/);
  });

  test.each([
    "//evil.example",
    "https://evil.example/wall",
    "/\\evil.example",
    "/auth/sign-out",
    "/wall\t",
    "javascript:alert(1)",
  ])("the way on is a page of this client, not %j", async (to) => {
    expect((await signIn("subject-1", to)).headers.location).toBe("/");
  });

  test("a provider that does not answer is said to be so, and asked again the next time", async () => {
    const gone = await startOpenIdProvider(REDIRECT);
    await gone.close();
    const other = await serverFor(gone);
    try {
      const response = await other.inject("/auth/oidc");
      expect(response.statusCode).toBe(502);
      expect(response.json()).toMatchObject({ path: "OIDC_ISSUER", detail: expect.stringMatching(/does not answer/) });
      const returned = await startOpenIdProvider(REDIRECT, Number(new URL(gone.issuer).port));
      expect((await other.inject("/auth/oidc")).statusCode).toBe(303);
      await returned.close();
    } finally {
      await other.close();
    }
  });

  test("there are no such routes where no provider is configured", async () => {
    const other = await createServer({
      database,
      config: loadConfig({}),
      sealer: TEST_SEALER,
      authenticate: async () => null,
    });
    expect((await other.inject("/auth/oidc")).statusCode).toBe(404);
    expect((await other.inject("/auth/oidc/callback")).statusCode).toBe(404);
    await other.close();
  });
});
