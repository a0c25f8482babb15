import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { decodeColumns } from "../../data/columns/format.ts";
import type { Database } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, smallCounty } from "../fixtures/small-county.ts";
import { startChild, type TestChild } from "../helpers/child.ts";
import { createNativeDatabase, nativeMissing, TEST_CACHE_DIR } from "../helpers/database.ts";
import { LiveFollower, stateHash } from "../helpers/live-follower.ts";
import { startKeptServer } from "../helpers/native-postgres.ts";
import { DISPATCHER, OTHER_DISPATCHER, reportInput } from "../helpers/reports.ts";
import { viewerHeaders } from "../helpers/viewers.ts";

/** `LIVE_WRITES=2000` for the full form. The embedded database is one thread and takes its writes one by one. */
const NATIVE_WRITES = Number(process.env["LIVE_WRITES"] ?? 500);
const EMBEDDED_WRITES = Number(process.env["LIVE_WRITES"] ?? 120);
/** Requests of writers that are on their way at once. */
const WRITERS = 40;
const REPORT = "mutation ($input: ReportInput!) { reportIncident(input: $input) { orderNo incident { ref } } }";

const freePort = async (): Promise<number> => {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** A write that was acknowledged: the key that the client chose, and the number that the case was given. */
type Acknowledged = Map<string, number>;

/** Sends reports from many writers at once; who gets no answer asks again with the same key, as a phone does. */
async function writeAll(url: string, writes: number, acknowledged: Acknowledged, failed: () => void): Promise<void> {
  let next = 0;
  const writer = async (): Promise<void> => {
    while (next++ < writes) {
      const key = randomUUID();
      const input = reportInput({ key, title: key });
      for (;;) {
        try {
          const response = await fetch(`${url}/graphql`, {
            method: "POST",
            headers: { "content-type": "application/json", origin: url, ...viewerHeaders(DISPATCHER) },
            body: JSON.stringify({ query: REPORT, variables: { input } }),
            signal: AbortSignal.timeout(60_000),
          });
          const { data } = (await response.json()) as {
            data?: { reportIncident?: { incident: { ref: number } } };
          };
          if (data?.reportIncident) {
            acknowledged.set(key, data.reportIncident.incident.ref);
            break;
          }
        } catch {
          // Nobody there, or gone in the middle of it.
        }
        failed();
        await delay(100 + Math.random() * 100);
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

/** Numbers of the cases that the server has in memory and gives as columns. */
async function columnRefs(url: string): Promise<number[]> {
  const response = await fetch(`${url}/columns/incidents?county=${SMALL_COUNTY}`, {
    headers: viewerHeaders(DISPATCHER),
  });
  expect(response.status).toBe(200);
  const { columns } = decodeColumns(new Uint8Array(await response.arrayBuffer()));
  return [...(columns["ref"] as Iterable<number>)].sort((a, b) => a - b);
}

describe("kill -9 during thousands of concurrent writes", () => {
  const dirs: string[] = [];
  const children: TestChild[] = [];
  const followers: LiveFollower[] = [];
  const folder = (): string => {
    const dir = mkdtempSync(join(tmpdir(), "jingwei-live-"));
    dirs.push(dir);
    return dir;
  };
  afterEach(async () => {
    for (const one of followers.splice(0)) one.end();
    for (const child of children.splice(0)) await child.kill();
    for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
  });

  const prepare = async (database: Database): Promise<void> => {
    await loadReference(database, SMALL_CLASSES);
    await loadCounty(database, smallCounty(), { now: new Date().toISOString() });
  };
  const start = async (where: string, dir: string, port: number): Promise<TestChild> => {
    const child = startChild("live-server.ts", [where, dir, TEST_CACHE_DIR, String(port)]);
    children.push(child);
    await child.line("listening");
    return child;
  };

  /** Writes, has things killed meanwhile, and holds all there is against what was acknowledged. */
  async function check(
    url: string,
    writes: number,
    kills: readonly (() => Promise<void>)[],
    read: <T>(work: (database: Database) => Promise<T>) => Promise<T>,
  ): Promise<void> {
    followers.push(...[DISPATCHER, DISPATCHER, OTHER_DISPATCHER].map((viewer) => new LiveFollower(url, viewer)));
    const acknowledged: Acknowledged = new Map();
    let failures = 0;
    const writing = writeAll(url, writes, acknowledged, () => failures++);
    for (const [n, kill] of kills.entries()) {
      const from = Math.floor((writes * (n + 1)) / (kills.length + 1));
      while (acknowledged.size < from) await delay(5);
      await kill();
    }
    await writing;
    expect(acknowledged.size).toBe(writes);
    expect(failures).toBeGreaterThan(0);
    // Clients come back by themselves and hold the same; what they hold is what the database has.
    await expect
      .poll(() => new Set(followers.map(({ hash }) => hash)).size + Number((followers[0]?.cases ?? 0) < writes), {
        timeout: 30_000,
        interval: 50,
      })
      .toBe(1);
    for (const { lost, resets } of followers) {
      expect(lost).toBeGreaterThan(0);
      expect(resets).toBeGreaterThan(0);
    }
    const refs = await columnRefs(url);
    const held = followers[0]?.hash;
    const rows = await read((database) =>
      database.transaction({ kind: "county", county: SMALL_COUNTY }, (tx) =>
        tx.rows<{ ref: number; title: string; version: number }>(
          "SELECT i.ref, i.title, i.version FROM incident i WHERE i.county = $1 ORDER BY i.ref",
          [SMALL_COUNTY],
        ),
      ),
    );
    expect(stateHash(rows.map(({ ref, version }) => [ref, version] as const))).toBe(held);
    // Memory that was filled anew after each kill gives the same cases.
    expect(refs).toEqual(rows.map(({ ref }) => ref));
    const byKey = new Map<string, number[]>();
    for (const { ref, title } of rows) if (title.length === 36) byKey.set(title, [...(byKey.get(title) ?? []), ref]);
    // Every acknowledged write is there once, under the number that was told; and nothing that nobody acknowledged.
    expect(byKey.size).toBe(writes);
    for (const [key, ref] of acknowledged) expect(byKey.get(key), key).toEqual([ref]);
  }

  it("of the process loses and doubles nothing, and clients come to the same state (embedded)", async () => {
    const dir = folder();
    const opened = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR });
    await prepare(opened.database);
    await opened.database.close();
    const port = await freePort();
    let server = await start("embedded", dir, port);
    const kill = async (): Promise<void> => {
      await server.kill();
      server = await start("embedded", dir, port);
    };
    await check(`http://127.0.0.1:${port}`, EMBEDDED_WRITES, [kill], async (work) => {
      await server.kill();
      const { database } = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR });
      try {
        return await work(database);
      } finally {
        await database.close();
      }
    });
  }, 240_000);

  it.skipIf(nativeMissing())(
    "of the API and of the database loses and doubles nothing, and clients come to the same state (native)",
    async () => {
      const cluster = folder();
      const databasePort = await freePort();
      const up = () => startKeptServer(cluster, { port: String(databasePort) });
      const running = await up();
      if ("missing" in running) throw new Error(running.missing);
      const where = await createNativeDatabase(`postgres://postgres@127.0.0.1:${databasePort}/postgres`);
      const opened = await openDatabase({ url: where, dir: folder() });
      await prepare(opened.database);
      await opened.database.close();
      const port = await freePort();
      let server = await start(where, folder(), port);
      const killServer = async (): Promise<void> => {
        await server.kill();
        server = await start(where, folder(), port);
      };
      const killDatabase = async (): Promise<void> => {
        const [pid] = readFileSync(join(cluster, "data", "postmaster.pid"), "utf8").split("\n");
        process.kill(Number(pid), "SIGKILL");
        // Its backends end by themselves when they find it gone; until then their memory stands in the way.
        for (let tries = 0; ; tries++) {
          await delay(300);
          try {
            await up();
            return;
          } catch (error) {
            if (tries > 30) throw error;
          }
        }
      };
      try {
        await check(`http://127.0.0.1:${port}`, NATIVE_WRITES, [killServer, killDatabase], async (work) => {
          const { database } = await openDatabase({ url: where, dir: folder() });
          try {
            return await work(database);
          } finally {
            await database.close();
          }
        });
      } finally {
        await server.kill();
        const last = await up();
        if (!("missing" in last))
          process.kill(Number(readFileSync(join(cluster, "data", "postmaster.pid"), "utf8").split("\n")[0]), "SIGQUIT");
      }
    },
    240_000,
  );
});
