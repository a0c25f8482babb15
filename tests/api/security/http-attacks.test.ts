import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import fastify from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_ANSWER_MS, MAX_BODY_BYTES, routeLimits } from "../../../api/hardening/route-limits.ts";
import { endSilentConnections } from "../../../api/hardening/silent-connections.ts";
import { CONNECTION_LIMITS } from "../../../api/tls/http-server.ts";
import { SMALL_CLASSES } from "../../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../../fixtures/small-county.ts";
import { openTestApi, type TestApi } from "../../helpers/api.ts";
import { rawHttp } from "../../helpers/raw-http.ts";
import { viewerAs, viewerHeaders } from "../../helpers/viewers.ts";

const SECRET = "a secret that lies beside the client";
const root = mkdtempSync(join(tmpdir(), "jingwei-security-"));
const clientDir = join(root, "client");
let api: TestApi;
let port = 0;

const DATA = { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW };

beforeAll(async () => {
  mkdirSync(join(clientDir, "assets"), { recursive: true });
  writeFileSync(join(clientDir, "index.html"), "<!doctype html><title>client</title>");
  writeFileSync(join(clientDir, "assets", "main.js"), "export {};");
  writeFileSync(join(root, "secret.txt"), SECRET);
  writeFileSync(join(root, "client-secret.txt"), SECRET);
  api = await openTestApi({ ...DATA, clientDir, rateLimits: { perAddress: 1e9, perViewer: 5, perSignIn: 3 } });
  port = Number(new URL(await api.listen()).port);
});
afterAll(async () => {
  await api.close();
  rmSync(root, { recursive: true, force: true });
});

const head = (method: string, path: string, ...headers: string[]): string =>
  `${method} ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n${headers.map((one) => `${one}\r\n`).join("")}\r\n`;

describe("bodies", () => {
  test("a 50 MB body is refused with 413 before it is read", async () => {
    const megabyte = new Uint8Array(1024 * 1024).fill(0x20);
    let sent = 0;
    const answer = await rawHttp(port, (send) => {
      send(head("POST", "/graphql", "Content-Type: application/json", `Content-Length: ${50 * megabyte.length}`));
      for (; sent < 50; sent++) if (!send(megabyte)) break;
    });
    expect(answer.status).toBe(413);
    expect(answer.ms).toBeLessThan(5_000);
  });

  test("a body without a length is cut off where the route's limit is", async () => {
    const chunk = " ".repeat(64 * 1024);
    const answer = await rawHttp(port, (send) => {
      send(head("POST", "/graphql", "Content-Type: application/json", "Transfer-Encoding: chunked"));
      for (let i = 0; i < 32; i++) send(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    });
    expect(answer.status).toBe(413);
  });

  test("a zip bomb is refused before a byte of it is unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().arrayBuffers;
    for (const encoding of ["gzip", "br", "deflate", "x-gzip", "zstd", "gzip, gzip"]) {
      const response = await api.app.inject({
        method: "POST",
        url: "/graphql",
        headers: { "content-type": "application/json", "content-encoding": encoding },
        payload: bomb,
      });
      expect(response.statusCode, encoding).toBe(415);
      expect(response.json()).toMatchObject({ path: "content-encoding", hint: "Send it uncompressed." });
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  });

  test.each([
    ["text/plain", '{"query":"{ counties { code } }"}'],
    ["application/x-www-form-urlencoded", "query=%7Bcounties%7Bcode%7D%7D"],
    ["multipart/form-data; boundary=x", "--x\r\n\r\n--x--"],
    ["application/json", '{"query":'],
    ["application/json", '{"__proto__":{"admin":true},"query":"{ counties { code } }"}'],
    ["application/json", '{"query":"{ counties { code } }","constructor":{"prototype":{"admin":true}}}'],
    ["application/json", "[".repeat(100_000)],
  ])("a body of %s that is not what it should be is the sender's fault", async (type, payload) => {
    const headers = { "content-type": type, ...viewerHeaders(viewerAs("admin", SMALL_COUNTY)) };
    const response = await api.app.inject({ method: "POST", url: "/graphql", headers, payload });
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.statusCode).toBeLessThan(500);
    expect("admin" in {}).toBe(false);
  });
});

describe("paths and methods", () => {
  test.each([
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/assets/%2e%2e%5c..%5csecret.txt",
    "/..\\secret.txt",
    "/%252e%252e%252fsecret.txt",
    "/....//secret.txt",
    "/../client-secret.txt",
    "//etc/passwd",
    "/%00../secret.txt",
    "/assets/main.js%00.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/%",
    "/assets/%E0%A4%A",
  ])("path traversal by %s finds nothing", async (path) => {
    const { status, text } = await rawHttp(port, (send) => send(head("GET", path, "Connection: close")));
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain("root:");
    expect(status).toBeGreaterThanOrEqual(300);
    expect(status).toBeLessThan(500);
  });

  test("the client's own files are still found", async () => {
    expect((await api.app.inject("/assets/main.js")).statusCode).toBe(200);
    expect((await api.app.inject("/assets/")).statusCode).toBe(403);
  });

  test.each(["TRACE", "CONNECT", "PUT", "DELETE", "PROPFIND", "LOCK", "FOO", "get"])(
    "method %s does nothing anywhere",
    async (method) => {
      for (const path of ["/graphql", "/columns/areas", "/", "/healthz"]) {
        const { status, text, closed } = await rawHttp(port, (send) => send(head(method, path, "Connection: close")));
        expect(status === 0 ? closed : status >= 400 && status < 500, `${method} ${path} → ${status}`).toBe(true);
        // TRACE must not send back what it got.
        expect(text).not.toContain("Connection: close\r\n\r\nTRACE");
      }
    },
  );

  test("two lengths, or a length and chunks, are refused: no proxy and server may read them differently", async () => {
    const smuggled = "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (const headers of [
      ["Content-Length: 4", "Content-Length: 60"],
      ["Content-Length: 4", "Transfer-Encoding: chunked"],
      ["Transfer-Encoding: chunked, identity"],
    ]) {
      const answer = await rawHttp(port, (send) => {
        send(head("POST", "/graphql", "Content-Type: application/json", ...headers) + smuggled);
      });
      expect(answer.status, headers.join()).toBe(400);
      expect(answer.text.match(/HTTP\/1\.1 200/g)).toBeNull();
    }
  });

  test("headers beyond 16 kB are refused", async () => {
    const { status } = await rawHttp(port, (send) => send(head("GET", "/healthz", `X-Long: ${"a".repeat(20_000)}`)));
    expect(status).toBe(431);
  });
});

describe("connections", () => {
  test("a WebSocket without a session is opened nowhere", async () => {
    for (const path of ["/graphql", "/", "/wall"]) {
      const { status, text } = await rawHttp(port, (send) =>
        send(
          head(
            "GET",
            path,
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: graphql-transport-ws",
          ),
        ),
      );
      expect(status, path).not.toBe(101);
      expect(status, path).toBeGreaterThan(0);
      expect(text.toLowerCase()).not.toContain("sec-websocket-accept");
    }
  });

  test("headers that trickle in (slow-loris) lose their connection in time", { timeout: 30_000 }, async () => {
    let timer: NodeJS.Timeout | undefined;
    const answer = await rawHttp(
      port,
      (send) => {
        send(`GET /healthz HTTP/1.1\r\nHost: localhost:${port}\r\n`);
        timer = setInterval(() => send("X-Slow: 1\r\n"), 500);
      },
      1_000,
    );
    clearInterval(timer);
    expect(answer.status).toBe(408);
    expect(answer.ms).toBeLessThan(CONNECTION_LIMITS.headers + 2 * CONNECTION_LIMITS.checks + 2_000);
  });
});

describe("limits that no route is without", () => {
  test("size and time are set where a route says nothing, and a route beyond what is needed does not start", () => {
    const app = fastify();
    routeLimits(app);
    app.get("/plain", async (request) => ({
      bodyLimit: request.routeOptions.bodyLimit,
      time: request.routeOptions.config.answerMs,
    }));
    const handler = async () => "";
    const add = (options: { bodyLimit?: number; config?: { answerMs: number } }) => () =>
      app.route({ method: "POST", url: `/${Math.random()}`, handler, ...options });
    expect(add({ bodyLimit: MAX_BODY_BYTES + 1 })).toThrow(/too large for POST/);
    expect(add({ config: { answerMs: MAX_ANSWER_MS + 1 } })).toThrow(/is no time limit for POST/);
    expect(add({ bodyLimit: MAX_BODY_BYTES, config: { answerMs: MAX_ANSWER_MS } })).not.toThrow();
    return expect(app.inject("/plain").then((response) => response.json())).resolves.toEqual({
      bodyLimit: 16_384,
      time: 60_000,
    });
  });

  test("an answer that takes too long is given up with 503", async () => {
    const { problemHandler } = await import("../../../api/routes/problem.ts");
    const app = fastify();
    // As the server has it: a connection that a client opened ahead of need would hold the stop below for a minute.
    endSilentConnections(app);
    app.setErrorHandler(problemHandler(() => undefined));
    routeLimits(app, 10);
    app.get("/slow", { config: { answerMs: 50 } }, () => new Promise(() => undefined));
    app.get("/long", { config: { answerMs: 5_000 } }, () => wait(150).then(() => "in time"));
    app.get("/begun", { config: { answerMs: 50 } }, (_request, reply) => {
      reply.raw.writeHead(200);
      reply.raw.write("the beginning");
      return new Promise(() => undefined);
    });
    app.get("/twice", { config: { answerMs: 50 } }, () => wait(120).then(() => "too late"));
    const address = await app.listen({ port: 0, host: "127.0.0.1" });
    try {
      const [slow, long, twice] = await Promise.all(
        ["/slow", "/long", "/twice"].map((path) => fetch(`${address}${path}`)),
      );
      expect([slow?.status, long?.status, twice?.status]).toEqual([503, 200, 503]);
      expect(await slow?.json()).toMatchObject({ detail: "the answer took too long" });
      // An answer that had begun ends with its connection: whoever reads it must not take it for whole.
      await expect(fetch(`${address}/begun`).then((answer) => answer.text())).rejects.toThrow();
      // Whoever goes away before the time is over is answered nothing, and the server goes on.
      await expect(fetch(`${address}/slow`, { signal: AbortSignal.timeout(20) })).rejects.toThrow();
      // The handler that comes to an end after all disturbs nobody.
      await wait(150);
      expect(await (await fetch(`${address}/long`)).text()).toBe("in time");
    } finally {
      await app.close();
    }
  });

  test("requests of one user are counted apart from those of another, on GraphQL and columns together", async () => {
    const ask = async (id: number, url: string): Promise<number> => {
      const actor = `Account:${SMALL_COUNTY}:00000000-0000-7000-8000-00000000000${id}`;
      const headers = viewerHeaders(viewerAs("admin", SMALL_COUNTY, { actor }));
      const response =
        url === "/graphql"
          ? await api.app.inject({ method: "POST", url, headers, payload: { query: "{ __typename }" } })
          : await api.app.inject({ url, headers });
      if (response.statusCode === 429) {
        expect(Number(response.headers["retry-after"])).toBeGreaterThan(0);
        expect(response.json()).toMatchObject({ detail: "too many requests", status: 429 });
      }
      return response.statusCode;
    };
    const areas = `/columns/areas?county=${SMALL_COUNTY}`;
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push(await ask(7, i % 2 ? "/graphql" : areas));
    statuses.push(await ask(7, "/graphql"), await ask(7, "/graphql"), await ask(7, areas));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect(await ask(8, "/graphql")).toBe(200);
  });

  test("requests of one address are counted on every address of ours, also where there is nothing", async () => {
    const other = await openTestApi({ ...DATA, rateLimits: { perAddress: 4, perViewer: 1e9, perSignIn: 1e9 } });
    try {
      const status = async (remoteAddress: string, url: string) =>
        (await other.app.inject({ url, remoteAddress })).statusCode;
      const urls = ["/healthz", "/nothing", "/healthz", "/columns/nothing", "/healthz", "/nothing"];
      const statuses: number[] = [];
      for (const url of urls) statuses.push(await status("10.1.2.3", url));
      expect(statuses).toEqual([200, 404, 200, 404, 429, 429]);
      expect(await status("10.1.2.4", "/healthz")).toBe(200);
      // One customer's IPv6 network is one address.
      for (let i = 0; i < 4; i++) await status(`2001:db8:1:2::${i}`, "/healthz");
      expect(await status("2001:db8:1:2:ffff::9", "/healthz")).toBe(429);
      expect(await status("2001:db8:1:3::1", "/healthz")).toBe(200);
    } finally {
      await other.close();
    }
  });
});

describe("every answer", () => {
  test("carries the headers, refusals and missing pages too, and no HSTS without TLS", async () => {
    for (const url of ["/", "/wall", "/assets/main.js", "/nothing", "/healthz", "/columns/nothing"]) {
      const { headers } = await api.app.inject(url);
      const policy = String(headers["content-security-policy"]);
      expect(policy, url).toContain("default-src 'none'");
      expect(policy, url).toContain("script-src 'self'");
      expect(policy, url).not.toMatch(/unsafe|\*|https?:/);
      expect(headers, url).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers["permissions-policy"], url).toContain("camera=()");
      expect(headers["strict-transport-security"], url).toBeUndefined();
      expect(headers["server"], url).toBeUndefined();
      expect(headers["x-powered-by"], url).toBeUndefined();
      expect(headers["access-control-allow-origin"], url).toBeUndefined();
    }
  });
});
