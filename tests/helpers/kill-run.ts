import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, smallCounty } from "../fixtures/small-county.ts";
import { startChild, type TestChild } from "./child.ts";
import { createNativeDatabase, TEST_CACHE_DIR } from "./database.ts";
import { KillablePostgres } from "./killable-postgres.ts";
import { LiveFollower, stateHash } from "./live-follower.ts";
import { freePort } from "./native-postgres.ts";
import { DISPATCHER, OTHER_DISPATCHER, reportInput } from "./reports.ts";
import { viewerHeaders } from "./viewers.ts";

const REPORT = "mutation ($input: ReportInput!) { reportIncident(input: $input) { incident { ref } } }";
/** An answer that takes longer is given up and asked for again, with the same key. */
const ANSWER_MS = 10_000;
/** What has been begun is asked for so long after the last write was begun; and clients may take so long to hold the same. */
const FINISH_MS = 60_000;
const FIRST_MS = 20_000;
const START_MS = 90_000;
/** What is said of a key that was never answered: its last tries. */
const KEPT_TRIES = 3;
/** Killed and up again. */
const UP_AGAIN_MS = 120_000;

/**
 * A key as a title that is found again: without digits, since a number that a key holds by chance may look like somebody's
 * telephone, and such a title is refused.
 */
const titleOf = (key: string): string => key.replace(/\d/g, (digit) => "ghijklmnop".charAt(Number(digit)));

export interface KillPlan {
  readonly form: "embedded" | "native";
  /** Reports that are sent, and for how long new ones are begun, ms: whichever ends first. */
  readonly writes: number;
  readonly mostMs: number;
  /** Requests that are on their way at once. */
  readonly writers: number;
}

export interface KillResult {
  /** What was killed, in order. */
  readonly kills: readonly string[];
  /** Reports that were begun, and those that somebody was told are there. */
  readonly begun: number;
  readonly acknowledged: number;
  /** Keys that were never answered, each with what became of its tries. */
  readonly givenUp: readonly (readonly [key: string, tries: readonly string[]])[];
  /** Requests without an answer, which were sent again. */
  readonly unanswered: number;
  /** Acknowledged ones that are not there under the number that was told; ones that are there twice; ones that nobody sent. */
  readonly lost: number;
  readonly doubled: number;
  readonly strange: number;
  /** Clients that hold exactly what the database has, of so many; and how long after the last answer they did, ms. */
  readonly equal: number;
  readonly followers: number;
  readonly equalAfterMs: number;
  /** Connections that each client lost, at least. */
  readonly reconnects: number;
  readonly writeSeconds: number;
}

const within = <T>(promise: Promise<T>, ms: number, what: string): Promise<T> => {
  const late = new AbortController();
  const timeout = delay(ms, undefined, { signal: late.signal }).then((): T => {
    throw new Error(`${what} took more than ${ms} ms`);
  });
  return Promise.race([promise, timeout]).finally(() => late.abort());
};

/** Everything that runs, and what may be killed of it. */
interface Ground {
  readonly url: string;
  readonly kills: readonly (readonly [what: string, kill: () => Promise<void>])[];
  /** Reads from the database when nothing writes any more; where the server holds it alone, the server is ended. */
  read<T>(work: (database: Database) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

async function prepare(form: KillPlan["form"]): Promise<Ground> {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-kill-"));
  const cluster = form === "native" ? await KillablePostgres.start() : undefined;
  if (cluster && "missing" in cluster) throw new Error(cluster.missing);
  const databaseUrl = cluster && (await createNativeDatabase(cluster.url));
  const open = () => openDatabase(databaseUrl ? { url: databaseUrl, dir } : { dir, cacheDir: TEST_CACHE_DIR });
  const read: Ground["read"] = async (work) => {
    const { database } = await open();
    return work(database).finally(() => database.close());
  };
  await read(async (database) => {
    await loadReference(database, SMALL_CLASSES);
    await loadCounty(database, smallCounty(), { now: new Date().toISOString() });
  });
  const port = await freePort();
  let server: TestChild | undefined;
  const start = async (): Promise<void> => {
    server = startChild("live-server.ts", [databaseUrl ?? "embedded-durable", dir, TEST_CACHE_DIR, String(port)]);
    await within(server.line("listening"), START_MS, "the server's start");
  };
  await start();
  const again = async (): Promise<void> => {
    await server?.kill();
    await start();
  };
  const killDatabase = async (): Promise<void> => {
    await cluster?.kill();
    await cluster?.up();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    kills: cluster
      ? [
          ["API", again],
          ["database", killDatabase],
        ]
      : [["process", again]],
    read: async (work) => {
      if (!cluster) await server?.kill();
      return read(work);
    },
    end: async () => {
      await server?.kill();
      await cluster?.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Reports from many writers at once; who gets no answer asks again with the same key, as a phone does. */
class Writers {
  /** The number that each key was told. */
  readonly acknowledged = new Map<string, number>();
  readonly keys = new Set<string>();
  unanswered = 0;
  /** What became of the tries with each key so far: said where a key was never answered. */
  readonly tries = new Map<string, string[]>();
  readonly done: Promise<unknown>;
  readonly #url: string;
  readonly #plan: KillPlan;
  #stopAt: number;
  /** Time in which nobody could answer, ms: it is no time for writing. */
  paused = 0;

  constructor(url: string, plan: KillPlan) {
    this.#url = url;
    this.#plan = plan;
    this.#stopAt = Date.now() + FIRST_MS + plan.mostMs;
    this.done = Promise.all(Array.from({ length: plan.writers }, () => this.#write()));
  }

  async #write(): Promise<void> {
    while (this.keys.size < this.#plan.writes && Date.now() < this.#stopAt + this.paused) {
      const key = randomUUID();
      this.keys.add(key);
      const input = reportInput({ key, title: titleOf(key) });
      while (Date.now() < this.#stopAt + this.paused + FINISH_MS) {
        const ref = await this.#send(input, (failed) =>
          this.tries.set(key, [...(this.tries.get(key) ?? []), failed].slice(-KEPT_TRIES)),
        );
        if (ref !== undefined) {
          // The time runs from the first answer: how fast a server warms up is the machine's business.
          if (this.acknowledged.size === 0) this.#stopAt = Date.now() + this.#plan.mostMs;
          this.acknowledged.set(key, ref);
          break;
        }
        this.unanswered++;
        await delay(300 + Math.random() * 400);
      }
    }
  }

  async #send(input: object, tell: (failed: string) => void): Promise<number | undefined> {
    const sent = Date.now();
    const failed = (why: string): void => tell(`${new Date(sent).toISOString()} +${Date.now() - sent} ms: ${why}`);
    try {
      const response = await fetch(`${this.#url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: this.#url, ...viewerHeaders(DISPATCHER) },
        body: JSON.stringify({ query: REPORT, variables: { input } }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const answer = (await response.json()) as { data?: { reportIncident?: { incident: { ref: number } } } };
      const ref = answer.data?.reportIncident?.incident.ref;
      if (ref === undefined) failed(JSON.stringify(answer));
      return ref;
    } catch (error) {
      // Nobody there, or gone in the middle of it.
      failed(String(error));
      return undefined;
    }
  }
}

/**
 * Kills -9 what runs while reports are written and clients follow, and holds what is there afterwards against what was
 * acknowledged. Every wait has an end.
 */
export async function killRun(plan: KillPlan): Promise<KillResult> {
  const ground = await prepare(plan.form);
  const followers: LiveFollower[] = [];
  try {
    const viewers = [DISPATCHER, DISPATCHER, OTHER_DISPATCHER];
    followers.push(...viewers.map((viewer) => new LiveFollower(ground.url, viewer)));
    const writers = new Writers(ground.url, plan);
    for (const until = Date.now() + FIRST_MS; writers.acknowledged.size === 0 && Date.now() < until; ) await delay(5);
    const started = Date.now();
    const kills: string[] = [];
    for (const [n, [what, kill]] of ground.kills.entries()) {
      const share = (n + 1) / (ground.kills.length + 1);
      const isTime = (): boolean =>
        Date.now() - started - writers.paused > plan.mostMs * share || writers.acknowledged.size > plan.writes * share;
      while (!isTime()) await delay(5);
      const killed = Date.now();
      // Longer than it can take, until it is known how long it took.
      writers.paused += UP_AGAIN_MS;
      await kill();
      writers.paused += Date.now() - killed - UP_AGAIN_MS;
      kills.push(what);
    }
    await within(writers.done, FIRST_MS + plan.mostMs + writers.paused + FINISH_MS + ANSWER_MS, "the writes");
    const ended = Date.now();
    const refs = [...writers.acknowledged.values()];
    const same = (): boolean =>
      new Set(followers.map(({ hash }) => hash)).size === 1 && followers.every((one) => one.holds(refs));
    while (!same() && Date.now() - ended < FINISH_MS) await delay(20);
    const equalAfterMs = Date.now() - ended;
    const held = followers.map(({ hash }) => hash);
    const reconnects = Math.min(...followers.map(({ lost }) => lost));
    for (const one of followers) one.end();
    const rows = await ground.read((database) =>
      database.transaction({ kind: "county", county: SMALL_COUNTY }, (tx) =>
        tx.rows<{ ref: number; title: string; version: number }>(
          "SELECT i.ref, i.title, i.version FROM incident i WHERE i.county = $1 ORDER BY i.ref",
          [SMALL_COUNTY],
        ),
      ),
    );
    const truth = stateHash(rows.map(({ ref, version }) => [ref, version] as const));
    const written = rows.filter(({ title }) => /^[a-p-]{36}$/.test(title));
    const byTitle = new Map(written.map(({ title, ref }) => [title, ref] as const));
    const sent = new Set([...writers.keys].map(titleOf));
    return {
      kills,
      begun: writers.keys.size,
      acknowledged: writers.acknowledged.size,
      givenUp: [...writers.keys]
        .filter((key) => !writers.acknowledged.has(key))
        .map((key) => [key, writers.tries.get(key) ?? []] as const),
      unanswered: writers.unanswered,
      lost: [...writers.acknowledged].filter(([key, ref]) => byTitle.get(titleOf(key)) !== ref).length,
      doubled: written.length - byTitle.size,
      strange: [...byTitle.keys()].filter((title) => !sent.has(title)).length,
      equal: held.filter((hash) => hash === truth).length,
      followers: followers.length,
      equalAfterMs,
      reconnects,
      writeSeconds: (ended - started) / 1000,
    };
  } finally {
    for (const one of followers) one.end();
    await ground.end();
  }
}
