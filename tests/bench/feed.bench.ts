import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Feed } from "../../api/feed/feed.ts";
import { follow } from "../../api/feed/follow.ts";
import type { ChangeEvent, IncidentEntity } from "../../data/feed/event.ts";
import type { Database } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { openDatabase } from "../../db/open-database.ts";
import { findCounty } from "../../db/repositories/county-repository.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { TEST_CACHE_DIR, withClient } from "../helpers/database.ts";
import { writePaced } from "../helpers/planned-changes.ts";
import { emptyDatabase } from "./bench-cluster.ts";
import type { Figure } from "./figure.ts";
import { median } from "./http-load.ts";
import { clusterCpuMs } from "./server-process.ts";

const QUICK = process.env["BENCH_QUICK"] !== undefined;
/** Changes a second of a busy county (issue 4), and for how long. */
const STEADY = { perSecond: 50, seconds: QUICK ? 4 : 20 };
/** Changes that wait while nobody relays: what a server finds that was away. */
const BACKLOG = QUICK ? 1_000 : 5_000;
const LANES = 8;

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;

/** What a follower heard: when, by number; and what was wrong with the order. */
class Heard {
  readonly at = new Map<number, number>();
  twice = 0;
  disordered = 0;
  readonly #last = new Map<number, number>();

  take(events: readonly ChangeEvent[]): void {
    const now = performance.now();
    for (const { entity } of events) {
      if (entity?.type !== "incident") continue;
      const n = (entity as IncidentEntity).ref;
      if (this.at.has(n)) this.twice++;
      else this.at.set(n, now);
      // A lane writes its changes one after another.
      const lane = n % LANES;
      if (n < (this.#last.get(lane) ?? -1)) this.disordered++;
      this.#last.set(lane, n);
    }
  }

  async until(count: number): Promise<void> {
    for (const began = performance.now(); this.at.size < count; await wait(2))
      if (performance.now() - began > 120_000) throw new Error(`${this.at.size} of ${count} changes were heard`);
  }
}

const figure = (form: string, name: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => ({
  bench: "feed",
  name: `${form}: ${name}`,
  value: Math.round(value * 100) / 100,
  unit,
  ...more,
});

/** @param databaseMs processor time of the database outside this process so far, ms */
async function* measure(form: string, database: Database, databaseMs: () => number): AsyncIterable<Figure> {
  await loadReference(database, SMALL_CLASSES);
  await loadCounty(database, smallCounty(), { now: SMALL_NOW });
  const feed = new Feed(database, Date.now, (fields, message) => console.error(message, fields));
  const heard = new Heard();
  let stop = feed.start();
  await wait(1_000);
  const start = await database.transaction({ kind: "county", county: SMALL_COUNTY }, (tx) =>
    findCounty(tx, SMALL_COUNTY),
  );
  const since = { liveVersion: Number(start?.liveVersion) };
  const end = follow(feed.bus, SMALL_COUNTY, since, {
    onEvents: (events) => heard.take(events),
    onReset: () => undefined,
  });
  try {
    await wait(500);
    const committed: number[] = [];
    const total = STEADY.perSecond * STEADY.seconds;
    const pace = { total, perSecond: STEADY.perSecond, lanes: LANES };
    await writePaced(database, {
      ...pace,
      written: (n) => {
        committed[n] = performance.now();
        // As every write of a server does after its commit.
        feed.wake(SMALL_COUNTY);
      },
    });
    await heard.until(total);
    const delays = committed.map((at, n) => Math.max(0, (heard.at.get(n) ?? Number.NaN) - at));
    yield figure(form, `${STEADY.perSecond} changes a second: commit → follower, median`, median(delays), "ms");
    yield figure(form, `${STEADY.perSecond} changes a second: commit → follower, p95`, percentile(delays, 0.95), "ms");

    // Numbers begin again: another follower hears them.
    end();
    await stop();
    const later = new Heard();
    const writing = await writePaced(database, { total: BACKLOG, perSecond: 1e9, lanes: LANES });
    yield figure(form, "changes written a second, nobody relaying", BACKLOG / writing, "1/s");
    const unsubscribe = feed.bus.subscribe(SMALL_COUNTY, ({ events }) => later.take(events));
    const [cpu, theirs, began] = [process.cpuUsage(), databaseMs(), performance.now()];
    stop = feed.start();
    await later.until(BACKLOG);
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    unsubscribe();
    yield figure(form, `${BACKLOG} changes that waited: relayed a second`, BACKLOG / seconds, "1/s");
    yield figure(
      form,
      "processor time to relay one, server and database",
      (user + system) / BACKLOG + ((databaseMs() - theirs) * 1000) / BACKLOG,
      "µs",
    );
    const replayed = new Heard();
    const from = performance.now();
    const endReplay = follow(feed.bus, SMALL_COUNTY, since, {
      onEvents: (events) => replayed.take(events),
      onReset: () => undefined,
    });
    await replayed.until(Math.max(total, BACKLOG));
    yield figure(
      form,
      `${total + BACKLOG} changes replayed to one who missed them all`,
      performance.now() - from,
      "ms",
    );
    endReplay();
    const faults = later.twice + later.disordered + heard.twice + heard.disordered;
    yield figure(form, "changes told twice or out of order", faults, "changes", { goal: "0", ok: faults === 0 });
  } finally {
    end();
    await stop();
  }
}

async function* embedded(): AsyncIterable<Figure> {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-bench-"));
  const { database } = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR });
  try {
    yield* measure("embedded", database, () => 0);
  } finally {
    await database.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function* native(): AsyncIterable<Figure> {
  const shared = await emptyDatabase();
  if ("missing" in shared) {
    yield figure("native", `left out: ${shared.missing}`, 0, "ratio");
    return;
  }
  try {
    yield* withBackend(shared.url, (cpuMs) => measure("native", shared.database, cpuMs));
  } finally {
    await shared.close();
  }
}

/** Runs with a clock of the cluster's processor time, known by the pid of a connection that stays open. */
async function* withBackend(url: string, run: (cpuMs: () => number) => AsyncIterable<Figure>): AsyncIterable<Figure> {
  const figures = await withClient(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const pid = Number(rows[0]?.pid);
    const all: Figure[] = [];
    for await (const one of run(() => clusterCpuMs(pid))) all.push(one);
    return all;
  });
  yield* figures;
}

/** The change feed by itself, without clients: how soon a commit is told, what relaying costs, how fast one catches up. */
export async function* feed(): AsyncIterable<Figure> {
  yield* native();
  yield* embedded();
}
