import type { FastifyInstance } from "fastify";
import type { Database } from "../../db/driver.ts";
import { migrationState } from "../../db/migrate.ts";
import { ping } from "../../db/repositories/health-repository.ts";
import type { Feed } from "../feed/feed.ts";

interface Check {
  readonly ok: boolean;
  /** What is wrong and what to do; absent when all is well. */
  readonly reason?: string;
}

/** How long a probe may take before the database counts as not answering. */
const PROBE_MS = 5_000;

async function probe(work: () => Promise<string | undefined>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${PROBE_MS / 1000} s`), PROBE_MS);
  });
  try {
    const reason = await Promise.race([work(), timeout]);
    return reason === undefined ? { ok: true } : { ok: false, reason };
  } catch (error) {
    // The first line only: a driver's message may go on with details of the server.
    const [line = "no answer"] = String(error instanceof Error ? error.message : error).split("\n");
    return { ok: false, reason: line };
  } finally {
    clearTimeout(timer);
  }
}

const databaseAnswers = (database: Database) => async (): Promise<undefined> => {
  await database.transaction({ kind: "reference" }, ping);
};

const migrationsApplied = (database: Database) => async (): Promise<string | undefined> => {
  const { shipped, applied } = await migrationState(database);
  const missing = shipped.filter((name) => !applied.includes(name));
  const unknown = applied.filter((name) => !shipped.includes(name));
  if (missing.length > 0) return `migrations not applied: ${missing.join(", ")}`;
  if (unknown.length > 0) return `migrations of a newer version: ${unknown.join(", ")}`;
  return undefined;
};

/** The feed looks twice a second; screens call it lost before 10 s are over, ms. */
const FEED_DEAD_MS = 8_000;

function feedLives(feed: Feed): Check {
  const { age } = feed;
  // A server that does not listen yet follows nothing.
  if (age === undefined || age < FEED_DEAD_MS) return { ok: true };
  return {
    ok: false,
    reason: `changes were last looked for ${Math.round(age / 1000)} s ago; see the log of the server`,
  };
}

/**
 * `/healthz`: this process answers. `/readyz`: it can serve: the database answers, its schema is this version's, and changes
 * are followed.
 */
export function healthRoutes(app: FastifyInstance, database: Database, feed: Feed): void {
  const noStore = { "cache-control": "no-store" };
  app.get("/healthz", { config: { channel: "health" } }, (_request, reply) =>
    reply.headers(noStore).send({ status: "ok" }),
  );
  // Migrations do not change under a running process: once they are right, they are not read again.
  let migrated = false;
  app.get("/readyz", { config: { channel: "health" } }, async (_request, reply) => {
    const answers = await probe(databaseAnswers(database));
    const migrations = migrated
      ? { ok: true }
      : answers.ok
        ? await probe(migrationsApplied(database))
        : { ok: false, reason: "not known" };
    migrated = migrations.ok;
    const live = feedLives(feed);
    const ready = answers.ok && migrations.ok && live.ok;
    return reply
      .code(ready ? 200 : 503)
      .headers(noStore)
      .send({ ready, checks: { database: answers, migrations, feed: live } });
  });
}
