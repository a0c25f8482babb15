import { X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type PeerCertificate, type TLSSocket } from "node:tls";
import type { FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { loadConfig } from "../../../api/config.ts";
import { createServer } from "../../../api/server.ts";
import type { Certificate } from "../../../api/tls/own-certificate.ts";
import { ensureOwnCertificate } from "../../../api/tls/own-certificate.ts";
import { transportOf } from "../../../api/tls/transport.ts";
import { AppError } from "../../../data/model/errors.ts";
import { TEST_SEALER } from "../../helpers/api.ts";
import { openEmbeddedTestDatabase, type TestDatabase } from "../../helpers/database.ts";

const NOW = Date.parse("2026-01-15T00:00:00Z");
const DAY = 86_400_000;
const HERE = { names: ["localhost"], addresses: ["127.0.0.1", "::1"] };

const root = mkdtempSync(join(tmpdir(), "jingwei-tls-"));
let folders = 0;
const freshFolder = (): string => join(root, `tls-${folders++}`);
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  readonly certificate: PeerCertificate;
}

/** One request over a TLS connection of its own. */
const ask = (port: number, options: RequestOptions): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = httpsRequest({ host: "127.0.0.1", port, agent: false, ...options }, (response) => {
      let body = "";
      const certificate = (response.socket as TLSSocket).getPeerCertificate();
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, certificate }),
      );
    });
    request.on("error", reject).end();
  });

describe("our own authority", () => {
  test("makes a certificate that stands for each address, in files that only this user may read", async () => {
    const folder = freshFolder();
    const { cert, authority } = await ensureOwnCertificate(folder, HERE, NOW);
    const served = new X509Certificate(cert);
    expect(served.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
    expect(served.ca).toBe(false);
    expect(served.verify(new X509Certificate(authority?.cert ?? "").publicKey)).toBe(true);
    expect(new X509Certificate(authority?.cert ?? "").ca).toBe(true);
    // CA/Browser Forum: at most 398 days.
    expect(Date.parse(served.validTo) - Date.parse(served.validFrom)).toBeLessThanOrEqual(398 * DAY);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const files = readdirSync(folder);
    expect(files.sort()).toEqual(["authority.key", "authority.pem", "server.key", "server.pem"]);
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o777, file).toBe(0o600);
  });

  test("stays while the certificate is good, and signs a new one before it ends or when the address changes", async () => {
    const folder = freshFolder();
    const first = await ensureOwnCertificate(folder, HERE, NOW);
    expect((await ensureOwnCertificate(folder, HERE, NOW + 300 * DAY)).cert).toBe(first.cert);
    const renewed = await ensureOwnCertificate(folder, HERE, NOW + 370 * DAY);
    expect(renewed.cert).not.toBe(first.cert);
    expect(renewed.authority?.fingerprint).toBe(first.authority?.fingerprint);
    const moved = await ensureOwnCertificate(folder, { ...HERE, addresses: ["192.168.7.9"] }, NOW + 370 * DAY);
    expect(new X509Certificate(moved.cert).checkIP("192.168.7.9")).toBe("192.168.7.9");
    expect(moved.authority?.fingerprint).toBe(first.authority?.fingerprint);
  });

  test("is replaced before it could sign a certificate that outlives it, and when its files are broken", async () => {
    const folder = freshFolder();
    const first = await ensureOwnCertificate(folder, HERE, NOW);
    const late = await ensureOwnCertificate(folder, HERE, NOW + 3_600 * DAY);
    expect(late.authority?.fingerprint).not.toBe(first.authority?.fingerprint);
    writeFileSync(join(folder, "authority.key"), "not a key");
    const mended = await ensureOwnCertificate(folder, HERE, NOW + 3_600 * DAY);
    expect(mended.authority?.fingerprint).not.toBe(late.authority?.fingerprint);
    expect(new X509Certificate(mended.cert).verify(new X509Certificate(mended.authority?.cert ?? "").publicKey)).toBe(
      true,
    );
  });
});

describe("how a configuration listens", () => {
  const transport = (environment: Record<string, string>, insecure = false) =>
    transportOf(loadConfig({ JINGWEI_DIR: freshFolder(), ...environment }), insecure, () => NOW);
  const fault = async (work: () => unknown): Promise<AppError> => {
    try {
      await work();
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
    throw new Error("nothing was thrown");
  };

  test("plain on this machine alone, TLS on every other address, plain there only when asked for", () => {
    expect(transport({}).certificate).toBeUndefined();
    expect(transport({ HOST: "localhost" }).certificate).toBeUndefined();
    expect(transport({ HOST: "0.0.0.0" }).certificate).toBeDefined();
    expect(transport({ HOST: "192.168.1.20" }).certificate).toBeDefined();
    expect(transport({ HOST: "0.0.0.0" }, true).certificate).toBeUndefined();
  });

  test("a supplied certificate is served as it is; a key of another one, an ended one and nonsense are refused", async () => {
    const folder = freshFolder();
    const { key, cert } = await ensureOwnCertificate(folder, HERE, NOW);
    const files = { TLS_CERT: join(folder, "server.pem"), TLS_KEY: join(folder, "server.key") };
    expect(await transport(files).certificate?.()).toEqual({
      key,
      cert: cert.slice(0, cert.indexOf("-----END") + 25).trimEnd(),
    });
    expect((await fault(() => transport(files, true))).at).toBe("--insecure-http");
    const strange = { ...files, TLS_KEY: join(folder, "authority.key") };
    expect(await fault(() => transport(strange).certificate?.())).toMatchObject({ at: "TLS_KEY" });
    const broken = { ...files, TLS_CERT: join(folder, "server.key") };
    expect((await fault(() => transport(broken).certificate?.())).message).toMatch(/is not PEM/);
    const missing = { ...files, TLS_CERT: join(folder, "none.pem") };
    expect((await fault(() => transport(missing).certificate?.())).message).toMatch(/cannot be read/);
    const ended = transportOf(loadConfig(files), false, () => NOW + 500 * DAY);
    expect((await fault(() => ended.certificate?.())).message).toMatch(/ended on/);
  });

  test.each([
    [{ TLS_CERT: "a.pem" }, "TLS_CERT"],
    [{ TRUST_PROXY: "yes" }, "TRUST_PROXY"],
    [{ TRUST_PROXY: "10.0.0.0/40" }, "TRUST_PROXY"],
    [{ OIDC_ISSUER: "http://id.example", OIDC_CLIENT_ID: "a", OIDC_CLIENT_SECRET: "b" }, "OIDC_ISSUER"],
  ])("refuses %j", async (environment, at) => {
    expect((await fault(() => loadConfig(environment as Record<string, string>))).at).toBe(at);
  });

  test("believes proxies that are counted or named", () => {
    expect(loadConfig({ TRUST_PROXY: "1" }).trustProxy).toBe(1);
    expect(loadConfig({ TRUST_PROXY: "10.0.0.0/8, ::1" }).trustProxy).toEqual(["10.0.0.0/8", "::1"]);
  });
});

describe("a TLS connection", () => {
  let test0: TestDatabase;
  let app: FastifyInstance;
  let port = 0;
  let certificate: Certificate;
  let folder = "";

  beforeAll(async () => {
    test0 = await openEmbeddedTestDatabase();
    folder = freshFolder();
    // Only the timer that looks for a renewed certificate is ours to move.
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    certificate = await ensureOwnCertificate(folder, HERE, Date.now());
    app = await createServer({
      database: test0.database,
      config: loadConfig({}),
      transport: {
        certificate: async () => ({
          key: readFileSync(join(folder, "server.key"), "utf8"),
          cert: readFileSync(join(folder, "server.pem"), "utf8"),
        }),
      },
      sealer: TEST_SEALER,
      authenticate: async () => null,
    });
    const address = await app.listen({ port: 0, host: "127.0.0.1" });
    port = Number(new URL(address).port);
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(async () => {
    vi.useRealTimers();
    await app.close();
    await test0.dispose();
  });

  test("is answered to whoever trusts the authority, with HSTS", async () => {
    const answer = await ask(port, { path: "/healthz", ca: certificate.authority?.cert });
    expect(answer.status).toBe(200);
    expect(answer.headers["strict-transport-security"]).toBe("max-age=31536000");
  });

  test("is refused by a client that does not trust the authority, or asks for another name", async () => {
    await expect(ask(port, { path: "/healthz" })).rejects.toMatchObject({ code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" });
    await expect(
      ask(port, { path: "/healthz", ca: certificate.authority?.cert, servername: "jingwei.example" }),
    ).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });

  test("is not opened with TLS 1.1", async () => {
    const ended = new Promise<string>((resolve) => {
      const socket = connect({
        host: "127.0.0.1",
        port,
        rejectUnauthorized: false,
        maxVersion: "TLSv1.1",
        minVersion: "TLSv1",
      });
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.on("secureConnect", () => resolve("opened"));
    });
    expect(await ended).not.toBe("opened");
  });

  test("gets a renewed certificate without a restart", async () => {
    const trusted = { path: "/healthz", ca: certificate.authority?.cert };
    const before = (await ask(port, trusted)).certificate.fingerprint256;
    await ensureOwnCertificate(folder, { ...HERE, names: ["localhost", "wall.county"] }, Date.now());
    expect((await ask(port, trusted)).certificate.fingerprint256).toBe(before);
    await vi.advanceTimersByTimeAsync(3_600_000);
    await vi.waitFor(async () => {
      const after = await ask(port, trusted);
      expect(after.certificate.fingerprint256).not.toBe(before);
      expect(after.certificate.subjectaltname).toContain("wall.county");
    });
  });
});
