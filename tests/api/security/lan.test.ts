import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SMALL_CLASSES } from "../../fixtures/small-classes.ts";
import { SMALL_NOW } from "../../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../../helpers/api.ts";
import { openEmbeddedTestDatabase, TEST_CACHE_DIR, type TestDatabase } from "../../helpers/database.ts";
import { makeRootAdmin, PASSWORD } from "../../helpers/sign-in.ts";

const DATA = { datasets: [], classes: SMALL_CLASSES, now: SMALL_NOW, signIn: true };
const BODY = { login: "root", password: PASSWORD };

describe("a connection that others can read", () => {
  let opened: TestDatabase;
  let plain: TestApi;
  let proxied: TestApi;
  let named: TestApi;
  beforeAll(async () => {
    opened = await openEmbeddedTestDatabase();
    plain = await testApiOver(opened.database, DATA);
    proxied = await testApiOver(opened.database, { ...DATA, environment: { TRUST_PROXY: "1" } });
    named = await testApiOver(opened.database, { ...DATA, environment: { TRUST_PROXY: "10.0.0.9" } });
    await makeRootAdmin(opened.database, "root", Date.parse(SMALL_NOW));
  });
  afterAll(async () => {
    for (const api of [plain, proxied, named]) await api.close();
    await opened.dispose();
  });
  const signIn = (api: TestApi, remoteAddress: string, headers: Record<string, string> = {}) =>
    api.app.inject({ method: "POST", url: "/auth/sign-in", remoteAddress, headers, payload: BODY });
  const refusal = async (api: TestApi, remoteAddress: string, headers: Record<string, string> = {}) =>
    (await api.app.inject({ url: "/auth/session", remoteAddress, headers })).json().refusal as string | null;

  test("from another machine without TLS sign-in is refused with a sentence that says how", async () => {
    const response = await signIn(plain, "192.168.1.20", { host: "192.168.1.2:8080" });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({
      code: "FORBIDDEN",
      detail: expect.stringMatching(/未加密.*TLS.*TRUST_PROXY=1/s),
    });
    expect(response.cookies).toEqual([]);
    expect(await refusal(plain, "192.168.1.20", { host: "192.168.1.2:8080" })).toMatch(/not encrypted/);
    for (const url of ["/auth/first?link=x", "/auth/kiosk?link=x"])
      expect((await plain.app.inject({ url, remoteAddress: "192.168.1.20" })).statusCode, url).toBe(403);
  });

  test("on the machine itself it is open", async () => {
    expect(await refusal(plain, "127.0.0.1")).toBeNull();
    expect((await signIn(plain, "127.0.0.1")).statusCode).toBe(204);
  });

  test("a page elsewhere whose name was made to lead to this machine (DNS rebinding) is refused", async () => {
    expect((await signIn(plain, "127.0.0.1", { host: "evil.example" })).statusCode).toBe(403);
  });

  test("a proxy that nobody told us of is not believed", async () => {
    const headers = { "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7" };
    expect((await signIn(plain, "127.0.0.1", headers)).statusCode).toBe(403);
    expect((await signIn(named, "10.0.0.8", headers)).statusCode).toBe(403);
  });

  test("behind a trusted proxy the browser's protocol counts, and cookies are bound to this host over TLS", async () => {
    const headers = { "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7", host: "map.county.example" };
    for (const [api, address] of [
      [proxied, "127.0.0.1"],
      [named, "10.0.0.9"],
    ] as const) {
      const response = await signIn(api, address, headers);
      expect(response.statusCode).toBe(204);
      expect(response.cookies[0]).toMatchObject({ name: "__Host-jw_session", secure: true, httpOnly: true, path: "/" });
      expect(response.headers["strict-transport-security"]).toBe("max-age=31536000");
      expect((await signIn(api, address, { ...headers, "x-forwarded-proto": "http" })).statusCode).toBe(403);
    }
    // Sessions of one instant have no order among them: the browser's address stands in those of both servers.
    const rows = await opened.database.transaction({ kind: "loader", county: "000000" }, (tx) =>
      tx.rows<{ sessions: number }>(
        "SELECT count(*)::int AS sessions FROM session WHERE county = $1 AND address = '203.0.113.7'",
        ["000000"],
      ),
    );
    expect(rows).toEqual([{ sessions: 2 }]);
  });

  test("a cookie or token that comes in the clear over a network opens nothing", async () => {
    const [cookie] = (await signIn(plain, "127.0.0.1")).cookies;
    const headers = { cookie: `jw_session=${cookie?.value}`, host: "192.168.1.2" };
    const viewer = async (remoteAddress: string, more: Record<string, string>) =>
      (await plain.app.inject({ url: "/auth/session", remoteAddress, headers: more })).json().viewer;
    expect(await viewer("127.0.0.1", { cookie: headers.cookie })).toMatchObject({ login: "root" });
    expect(await viewer("192.168.1.20", headers)).toBeNull();
    const columns = await plain.app.inject({
      url: "/columns/areas?county=990100",
      remoteAddress: "192.168.1.20",
      headers,
    });
    expect(columns.statusCode).toBe(401);
  });
});

test("start on every address sets up TLS with an authority of its own and says how to trust it", {
  timeout: 240_000,
}, async () => {
  const root = mkdtempSync(join(tmpdir(), "jingwei-lan-"));
  const dir = join(root, "data");
  await mkdir(dir);
  await mkdir(TEST_CACHE_DIR, { recursive: true });
  symlinkSync(TEST_CACHE_DIR, join(dir, "cache"));
  const { DATABASE_URL: _url, JINGWEI_DIR: _dir, ...env } = process.env;
  const args = ["start", "--port", "0", "--host", "0.0.0.0", "--dir", dir, "--demo", "none"];
  const child = spawn(process.execPath, [resolve("bin/jingwei.mjs"), ...args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<number>((done) => child.once("close", (code) => done(code ?? -1)));
  try {
    const address = await new Promise<string>((found, fail) => {
      createInterface({ input: child.stdout }).once("line", found);
      void ended.then((code) => fail(new Error(`start ended with ${code}: ${errors}`)));
    });
    expect(address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const file = join(dir, "tls", "authority.pem");
    expect(statSync(join(dir, "tls", "authority.key")).mode & 0o777).toBe(0o600);
    const authority = readFileSync(file, "utf8");
    expect(errors).toContain(file);
    expect(errors).toContain(new X509Certificate(authority).fingerprint256);
    const session = await new Promise<string>((found, fail) => {
      get(`${address}/auth/session`, { ca: authority }, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => found(text));
      }).on("error", fail);
    });
    expect(JSON.parse(session)).toMatchObject({ secure: true, refusal: null });
  } finally {
    child.kill("SIGTERM");
  }
  expect(await ended).toBe(0);
  rmSync(root, { recursive: true, force: true });
});
