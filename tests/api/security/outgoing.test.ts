import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "vitest";
import { GUCHENG } from "../../../data/demo/profiles/gucheng.ts";
import { TEST_CACHE_DIR } from "../../helpers/database.ts";

const root = mkdtempSync(join(tmpdir(), "jingwei-outgoing-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Sent {
  readonly kind: string;
  readonly target: string;
}
/** What a process, its workers and children looked up and connected to. */
const sentIn = (log: string): Sent[] =>
  existsSync(log)
    ? readFileSync(log, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Sent)
    : [];
/** A path is a socket of this machine. */
const staysHere = ({ target }: Sent): boolean => /^(127\.|::1$|localhost$|\/)/.test(target);

/** A process with its network watched. */
function watched(log: string, args: readonly string[]) {
  const { DATABASE_URL: _url, JINGWEI_DIR: _dir, ...env } = process.env;
  const hook = resolve("tests/helpers/network-watch.cjs");
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...env, NODE_ENV: "test", NODE_OPTIONS: `--require=${JSON.stringify(hook)}`, JINGWEI_NETWORK_LOG: log },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<number>((done) => child.once("close", (code) => done(code ?? -1)));
  return { child, ended, errors: () => errors };
}

test("the watch sees a connection, a look-up and a datagram, in workers too", async () => {
  const log = join(root, "proof.jsonl");
  const work = `
    const net = require("node:net"), dns = require("node:dns"), dgram = require("node:dgram");
    net.connect(9, "192.0.2.1").on("error", () => {}).unref();
    dns.lookup("one.invalid", () => {});
    fetch("http://two.invalid/").catch(() => {});
    dgram.createSocket("udp4").send("x", 9, "192.0.2.2", function () { this.close?.(); });
    const { Worker, isMainThread } = require("node:worker_threads");
    if (isMainThread) new Worker('require("node:dns").lookup("three.invalid", () => {})', { eval: true });
    setTimeout(() => process.exit(0), 3000);`;
  expect(await watched(log, ["-e", work]).ended).toBe(0);
  const targets = sentIn(log).map(({ target }) => target);
  for (const target of ["192.0.2.1", "one.invalid", "two.invalid", "three.invalid", "192.0.2.2"])
    expect(targets).toContain(target);
});

test("a whole run sends nothing beyond this machine: start, build, sign-in, pages, GraphQL, columns, end", {
  timeout: 300_000,
}, async () => {
  const log = join(root, "run.jsonl");
  const dir = join(root, "data");
  await mkdir(dir);
  await mkdir(TEST_CACHE_DIR, { recursive: true });
  symlinkSync(TEST_CACHE_DIR, join(dir, "cache"));
  const { child, ended, errors } = watched(log, [
    resolve("bin/jingwei.mjs"),
    ...["start", "--port", "0", "--dir", dir, "--demo", "gucheng"],
  ]);
  try {
    const address = await new Promise<string>((found, fail) => {
      createInterface({ input: child.stdout }).once("line", found);
      void ended.then((code) => fail(new Error(`start ended with ${code}: ${errors()}`)));
    });
    const page = await (await fetch(`${address}/wall`)).text();
    const assets = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
    expect(assets.length).toBeGreaterThan(0);
    for (const path of assets) expect((await fetch(address + path)).status).toBe(200);
    const { methods } = (await (await fetch(`${address}/auth/session`)).json()) as {
      methods: { demo: { login: string; role: string }[] };
    };
    const login = methods.demo.find(({ role }) => role === "dispatcher")?.login;
    const signIn = await fetch(`${address}/auth/demo`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: address },
      body: JSON.stringify({ login }),
    });
    expect(signIn.status).toBe(204);
    const cookie = signIn.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const { csrf } = (await (await fetch(`${address}/auth/session`, { headers: { cookie } })).json()) as {
      csrf: string;
    };
    const answer = await fetch(`${address}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: address, cookie, "x-jingwei-csrf": csrf },
      body: JSON.stringify({ query: "{ counties { code } me { login } }" }),
    });
    expect(await answer.json()).toMatchObject({ data: { me: { login } } });
    const county = GUCHENG.profile.county;
    for (const layer of ["areas", "incidents", "cameras"])
      expect((await fetch(`${address}/columns/${layer}?county=${county}`, { headers: { cookie } })).status).toBe(200);
    for (const path of ["/healthz", "/readyz", "/metrics"]) expect((await fetch(address + path)).status).toBe(200);
  } finally {
    child.kill("SIGTERM");
  }
  expect(await ended).toBe(0);
  expect(sentIn(log).filter((one) => !staysHere(one))).toEqual([]);
});
