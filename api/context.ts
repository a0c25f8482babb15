import type { FastifyRequest } from "fastify";
import type { Viewer } from "../data/policy/viewer.ts";
import type { Database, Transaction } from "../db/driver.ts";
import type { Identity, SignedIn } from "./auth/authenticate.ts";
import type { Config } from "./config.ts";
import type { Sealer } from "./seal/sealer.ts";
import { type BatchLoader, BatchScheduler } from "./services/batch-loader.ts";

/** What every resolver gets: one per request. */
export interface RequestContext {
  readonly database: Database;
  readonly config: Config;
  /** Seals and opens what the database keeps but cannot read. */
  readonly sealer: Sealer;
  /** Who asks; null when nobody signed in. */
  readonly viewer: Viewer | null;
  /** The session behind the request: there also where the account has no viewer yet; null for tokens, kiosks, nobody. */
  readonly signedIn: SignedIn | null;
  /** Address that the request came from, for the audit log. */
  readonly address: string;
  /** The instant of the request by the server's clock, epoch milliseconds: one request, one instant. */
  readonly nowMs: number;
  /** Loaders of this request by name and arguments (see `services/loaders.ts`). */
  readonly batches: Map<string, BatchLoader<never, unknown>>;
  readonly scheduler: BatchScheduler;
}

/** Makes the context of a request: finds out who asks. */
export type ContextOf = (request: FastifyRequest) => Promise<RequestContext>;

/** A context for one request. */
export const requestContext = (
  database: Database,
  config: Config,
  sealer: Sealer,
  nowMs: number,
  viewer: Viewer | null,
  address: string,
  identity?: Pick<Identity, "signedIn">,
): RequestContext => ({
  database,
  config,
  sealer,
  viewer,
  signedIn: identity?.signedIn ?? null,
  address,
  nowMs,
  batches: new Map(),
  scheduler: new BatchScheduler(),
});

/** The instant of the request, ISO 8601 in UTC. */
export const nowIso = (context: RequestContext): string => new Date(context.nowMs).toISOString();

/** Reads in one county, under its row-level security. */
export const inCounty = <T>(
  context: RequestContext,
  county: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> => context.database.transaction({ kind: "county", county }, work);
