import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkPort } from "../../api/cli/port-check.ts";
import { checkDatabase } from "../../api/health/database-checks.ts";
import { checkBackup, checkCertificate } from "../../api/health/file-checks.ts";
import type { HealthFinding } from "../../api/health/finding.ts";
import { HealthWatch } from "../../api/health/health-watch.ts";
import { MACHINE_CHECKS } from "../../api/health/machine-checks.ts";
import { checkFeed, checkHotColumns } from "../../api/health/server-checks.ts";
import { ensureOwnCertificate } from "../../api/tls/own-certificate.ts";
import type { Database } from "../../db/driver.ts";
import { mendIndexes } from "../../db/expected-indexes.ts";
import { openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { viewerAs } from "../helpers/viewers.ts";

const NOW = Date.parse("2026-01-15T00:00:00Z");
const HOUR = 3_600_000;
const dir = mkdtempSync(join(tmpdir(), "jingwei-health-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const context = (more: { dir?: string; certificate?: string; nowMs?: number } = {}) => ({
  ...{ dir, url: undefined, certificate: undefined, nowMs: NOW },
  ...more,
});
const levels = (findings: readonly HealthFinding[]): Record<string, string> =>
  Object.fromEntries(findings.map(({ id, level }) => [id, level]));
const machine = async (more: Parameters<typeof context>[0] = {}): Promise<HealthFinding[]> =>
  (await Promise.all(MACHINE_CHECKS.map((check) => check(context(more))))).flat();
/** A finding that somebody must see: it names the cure in both languages. */
const expectCure = (finding: HealthFinding | undefined): void => {
  expect(finding?.level).not.toBe("ok");
  expect(finding?.advice?.zh).toMatch(/\p{Script=Han}/u);
  expect(finding?.advice?.en).toMatch(/[a-z]{3}/);
};

describe("a machine", () => {
  it("that is well says so", async () => {
    const found = levels(await machine());
    expect(found).toMatchObject({ node: "ok", clock: "ok", folder: "ok" });
  });

  it("whose disk is full, and whose folder cannot be written, is told so", async () => {
    // The kernel's own file system has no room and takes no file, whoever asks.
    const found = await machine({ dir: "/proc/jingwei" });
    expect(levels(found)).toMatchObject({ disk: "fault", folder: "fault" });
    for (const id of ["disk", "folder"]) expectCure(found.find((one) => one.id === id));
  });

  it("whose clock lost its battery is told so", async () => {
    const clock = (await machine({ nowMs: Date.parse("2000-01-01T00:05:00Z") })).find(({ id }) => id === "clock");
    expect(clock?.level).toBe("fault");
    expectCure(clock);
  });

  it("whose certificate ended, or ends soon, is told so", async () => {
    expect(await checkCertificate(context({ dir: join(dir, "none") }))).toEqual([]);
    const names = { names: ["localhost"], addresses: ["127.0.0.1"] };
    await ensureOwnCertificate(join(dir, "tls"), names, NOW);
    const later = async (days: number) => (await checkCertificate(context({ nowMs: NOW + days * 24 * HOUR })))[0];
    expect((await later(0))?.level).toBe("ok");
    expect((await later(380))?.level).toBe("note");
    const ended = await later(400);
    expect(ended?.level).toBe("fault");
    expectCure(ended);
    const [broken] = await checkCertificate(context({ certificate: join(dir, "missing.pem") }));
    expect(broken?.level).toBe("fault");
  });

  it("whose backup is overdue, failed or was never read through is told so", async () => {
    const status = (last: object | null, failure: object | null = null): void =>
      writeFileSync(join(dir, "backup-status.json"), JSON.stringify({ last, failure }));
    const taken = (hours: number, verifiedAt: string | null = new Date(NOW - HOUR).toISOString()) => ({
      ...{ file: "/backups/a.jwb", takenAt: new Date(NOW - hours * HOUR).toISOString(), bytes: 1, rows: 1, verifiedAt },
    });
    const level = async () => {
      const [finding] = await checkBackup(context());
      if (finding?.level !== "ok") expectCure(finding);
      return finding?.level;
    };
    expect(await level()).toBe("note");
    status(taken(3));
    expect(await level()).toBe("ok");
    status(taken(3, null));
    expect(await level()).toBe("note");
    status(taken(30));
    expect(await level()).toBe("note");
    status(taken(60));
    expect(await level()).toBe("fault");
    status(taken(3), { at: new Date(NOW - HOUR).toISOString(), message: "no space left" });
    expect(await level()).toBe("fault");
  });

  it("whose port is taken is told so, unless Jingwei has it", async () => {
    let healthy = false;
    const server: Server = createServer((_, reply) => reply.end(healthy ? '{"status":"ok"}' : "somebody else"));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const at = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
    const [taken] = await checkPort(at);
    expectCure(taken);
    healthy = true;
    expect((await checkPort(at))[0]?.level).toBe("ok");
    await new Promise((done) => server.close(done));
    expect((await checkPort(at))[0]?.level).toBe("ok");
  });

  it("whose folder another host's lock keeps shut is told which file to delete", async () => {
    const locked = mkdtempSync(join(dir, "locked-"));
    const file = join(locked, "pgdata.lock");
    writeFileSync(file, JSON.stringify({ pid: 1, host: `not-${hostname()}`, started: "x/1", token: "t" }));
    await expect(openDatabase({ dir: locked })).rejects.toMatchObject({
      ...{ code: "CONFLICT", hint: expect.stringContaining(`delete ${file}`) },
    });
  });
});

describe("a running server", () => {
  it("whose feed is stuck, or whose cases in memory differ, is told so", () => {
    expect(checkFeed({ age: 400 }).level).toBe("ok");
    expectCure(checkFeed({ age: 60_000 }));
    const counts = { loads: 1, checks: 5, mismatches: 0 };
    const hot = (result: "equal" | "different", at: number) =>
      checkHotColumns({ counts, lastChecked: { at, result } }, NOW);
    expect(hot("equal", NOW - 30_000).level).toBe("ok");
    expectCure(hot("different", NOW - 30_000));
    expectCure(hot("equal", NOW - HOUR));
  });

  it("whose database is down is told so, and goes on looking", async () => {
    const down = () => Promise.reject(new Error("connect ECONNREFUSED 127.0.0.1:5432\nsecret detail"));
    const database = { describe: down, transaction: down, adminSession: down } as unknown as Database;
    const watch = new HealthWatch({
      ...{ database, feed: { age: 10 }, hot: undefined, context: context(), now: () => NOW },
      log: () => undefined,
    });
    const found = (await watch.look()).findings.find(({ id }) => id === "database");
    expect(found?.level).toBe("fault");
    expectCure(found);
    expect(JSON.stringify(found)).not.toContain("secret");
  });
});

describeOnBothDatabases("the health of a database", (open) => {
  let api: TestApi;
  let database: Database;
  beforeAll(async () => {
    database = (await open()).database;
    api = await testApiOver(database, {
      ...{ datasets: [smallCounty(5)], classes: SMALL_CLASSES, now: SMALL_NOW },
      environment: { JINGWEI_DIR: dir },
    });
  });
  afterAll(() => api.close());
  const found = async (id: string, nowMs = Date.now()) =>
    (await checkDatabase(database, () => nowMs)).find((one) => one.id === id);

  it("has nothing to do when it is well", async () => {
    const all = await checkDatabase(database, Date.now);
    expect(all.filter(({ level }) => level === "fault")).toEqual([]);
  });

  it("says that clocks are 3 h apart, either way", async () => {
    for (const off of [-3, 3]) {
      const clocks = await found("clocks", Date.now() + off * HOUR);
      expect(clocks?.level).toBe("fault");
      expectCure(clocks);
    }
  });

  it("names an index that is missing, and mends it", async () => {
    await database.adminSession((client) => client.query("DROP INDEX station_scope"));
    const missing = await found("indexes");
    expect(missing).toMatchObject({ level: "fault", detail: { en: expect.stringContaining("station_scope") } });
    expectCure(missing);
    expect(await mendIndexes(database)).toEqual(["station_scope"]);
    expect((await found("indexes"))?.level).toBe("ok");
  });

  it("is shown to administrators of the whole county, and to nobody else", async () => {
    const ask = "query ($county: String!) { health(county: $county) { at findings { id level nameZh adviceZh } } }";
    const of = (viewer: Parameters<typeof api.graphql>[2]) =>
      api.graphql<{ health: { findings: { id: string; level: string }[] } }>(ask, { county: SMALL_COUNTY }, viewer);
    const { data } = await of(viewerAs("admin", SMALL_COUNTY));
    const ids = data?.health.findings.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(["disk", "backup", "database", "indexes", "feed"]));
    for (const viewer of [viewerAs("leader", SMALL_COUNTY), viewerAs("admin", `${SMALL_COUNTY}001`)])
      expect((await of(viewer)).errors?.[0]?.extensions?.["code"]).toBe("FORBIDDEN");
  });

  it("is in the doctor's words as on the page", async () => {
    const runner = await commandRunner(database);
    runner.now = new Date().toISOString();
    // The doctor opens what stands in the folder; the runner gives this database whatever stands there.
    mkdirSync(join(dir, "pgdata"), { recursive: true });
    writeFileSync(join(dir, "pgdata", "PG_VERSION"), "18");
    const { out } = await runner.run("doctor", "--json", "--dir", dir);
    const { findings } = JSON.parse(out) as { findings: { id: string; detailZh: string }[] };
    expect(findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["disk", "memory", "backup", "port", "database", "migrations", "clocks", "indexes"]),
    );
  });

  it("is told to Prometheus: every metric of the dashboard and of the alerts is there", async () => {
    await api.graphql(
      "query ($county: String!) { health(county: $county) { at } }",
      { county: SMALL_COUNTY },
      viewerAs("admin", SMALL_COUNTY),
    );
    const { body } = await api.app.inject("/metrics");
    expect(body).toMatch(/^jingwei_health\{check="disk"\} [012]$/m);
    expect(body).toMatch(/^jingwei_disk_free_bytes\{of="server"\} [1-9]\d*/m);
    // What is not known is absent: nothing is 0 that would set off an alert.
    expect(body).not.toMatch(/^jingwei_\w+_timestamp_seconds(\{[^}]*\})? 0$/m);
    const told = new Set([...body.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
    const files = ["dashboard.json", "alerts.yaml"].map((name) =>
      readFileSync(new URL(`../../deploy/monitoring/${name}`, import.meta.url), "utf8"),
    );
    const named = files.flatMap((text) => text.match(/\b(jingwei|process|nodejs)_[a-z0-9_]+/g) ?? []);
    expect(named.length).toBeGreaterThan(20);
    const missing = named.filter((name) => !told.has(name) && !told.has(name.replace(/_(bucket|count|sum)$/, "")));
    expect([...new Set(missing)]).toEqual([]);
    expect(() => JSON.parse(files[0] ?? "")).not.toThrow();
  });
});
