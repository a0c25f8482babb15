import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { authenticator } from "../../api/auth/authenticate.ts";
import { loadConfig } from "../../api/config.ts";
import type { RateLimits } from "../../api/hardening/rate-limits.ts";
import type { HotCounties } from "../../api/hot/hot-counties.ts";
import type { LiveLimits } from "../../api/live/limits.ts";
import { Sealer } from "../../api/seal/sealer.ts";
import { createServer } from "../../api/server.ts";
import type { ClassCode } from "../../data/model/class-code.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import type { Database, StatementEvent } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { openDatabase } from "../../db/open-database.ts";
import { authenticateByHeader, ROOT_ADMIN, viewerHeaders } from "./viewers.ts";

/** Snapshots of empty embedded databases, shared with the other tests. */
const CACHE_DIR = fileURLToPath(new URL("../../node_modules/.cache/jingwei", import.meta.url));

/** The sealer of test servers: the same in every run, so that codes of reports are too where ids are. */
export const TEST_SEALER = new Sealer(new Uint8Array(32).fill(42));

export interface GraphqlAnswer<Data = Record<string, unknown>> {
  readonly status: number;
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

/** A server over a throw-away database. */
export interface TestApi {
  readonly app: FastifyInstance;
  readonly database: Database;
  /** Sets the server's clock, ISO 8601. */
  setNow(instant: string): void;
  /** The server's clock, epoch ms. */
  now(): number;
  /** Statements sent since the last `takeStatements`. */
  takeStatements(): StatementEvent[];
  graphql<Data = Record<string, unknown>>(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    /** Who asks; the root administrator when absent. */
    viewer?: Viewer | null,
  ): Promise<GraphqlAnswer<Data>>;
  /** Listens on a free port of the loopback interface; answers the address. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export interface TestData {
  readonly datasets: readonly CountyDataset[];
  readonly classes: readonly ClassCode[];
  /** ISO 8601 instant that the server takes for now. */
  readonly now: string;
  readonly clientDir?: string | undefined;
  /** Environment of the server; nothing when absent. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Requests in a minute; without number when absent, since tests ask in thousands. */
  readonly rateLimits?: RateLimits | undefined;
  /** Where the server writes; nowhere when absent. */
  readonly log?: FastifyBaseLogger | undefined;
  /** People sign in as on a true server; otherwise requests say themselves who asks (`viewers.ts`). */
  readonly signIn?: boolean | undefined;
  /** Sockets at once and how often they are looked at. */
  readonly liveLimits?: Partial<LiveLimits> | undefined;
  /** Cases in memory, started by the test; without them SQL answers, unless the server listens. */
  readonly hot?: HotCounties | undefined;
  /** The server's clock, epoch ms, where it moves; `now` stands still. */
  readonly clock?: (() => number) | undefined;
}

const NO_RATE_LIMITS: RateLimits = { perAddress: 1e9, perViewer: 1e9, perSignIn: 1e9 };

/** Loads counties into an empty, migrated database and puts the server in front; `close` leaves the database open. */
export async function testApiOver(database: Database, data: TestData): Promise<TestApi> {
  if (data.classes.length > 0) await loadReference(database, data.classes);
  for (const dataset of data.datasets) await loadCounty(database, dataset, { now: data.now });
  let nowMs = Date.parse(data.now);
  let statements: StatementEvent[] = [];
  database.onStatement = (event) => statements.push(event);
  const clock = data.clock ?? (() => nowMs);
  const app = await createServer({
    database,
    config: loadConfig(data.environment ?? {}),
    sealer: TEST_SEALER,
    clientDir: data.clientDir,
    hot: data.hot,
    log: data.log,
    rateLimits: data.rateLimits ?? NO_RATE_LIMITS,
    liveLimits: data.liveLimits,
    authenticate: data.signIn ? authenticator(database, clock) : authenticateByHeader,
    now: clock,
  });
  return {
    app,
    database,
    now: clock,
    setNow(instant) {
      nowMs = Date.parse(instant);
    },
    takeStatements() {
      const taken = statements;
      statements = [];
      return taken;
    },
    async graphql(query, variables, viewer = ROOT_ADMIN) {
      const response = await app.inject({
        method: "POST",
        url: "/graphql",
        headers: viewerHeaders(viewer),
        payload: { query, variables },
      });
      return { status: response.statusCode, ...response.json() };
    },
    listen: () => app.listen({ port: 0, host: "127.0.0.1" }),
    close: () => app.close(),
  };
}

/**
 * A server over a throw-away embedded database of its own, which `close` removes: for trying things out and for clients.
 *
 * @param from folder of an embedded database to start with a copy of; an empty one when absent
 */
export async function openTestApi(data: TestData, from?: string): Promise<TestApi> {
  const dir = await mkdtemp(join(tmpdir(), "jingwei-api-"));
  if (from) await cp(from, dir, { recursive: true });
  const { database } = await openDatabase({ dir, cacheDir: CACHE_DIR, durable: false });
  const api = await testApiOver(database, data);
  return {
    ...api,
    async close() {
      await api.close();
      await database.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
