import type { FastifyRequest } from "fastify";
import { AppError } from "../data/model/errors.ts";
import { areaWithin, type Viewer } from "../data/policy/viewer.ts";
import type { Database, Scope, Transaction } from "../db/driver.ts";
import type { Identity, SignedIn } from "./auth/authenticate.ts";
import { unauthenticated } from "./channels.ts";
import type { Config } from "./config.ts";
import type { Feed } from "./feed/feed.ts";
import type { HealthWatch } from "./health/health-watch.ts";
import { type HotColumns, NO_HOT } from "./hot/types.ts";
import type { MoveDesk } from "./move/move-desk.ts";
import type { Sealer } from "./seal/sealer.ts";
import { type BatchLoader, BatchScheduler } from "./services/batch-loader.ts";
import type { ImportDesk } from "./services/importing/jobs/import-desk.ts";

/** What a server has one of. */
export interface ServerParts {
  readonly database: Database;
  readonly config: Config;
  /** Seals and opens what the database keeps but cannot read. */
  readonly sealer: Sealer;
  /** Changes as they are committed; writes wake it. */
  readonly feed: Feed;
  /** Runs imports that are asked for in the browser; absent where none are taken. */
  readonly imports?: ImportDesk | undefined;
  /** Looks after the server's health; absent where nobody asks for it. */
  readonly health?: HealthWatch | undefined;
  /** Moves the data to another database; absent where nobody asks for it. */
  readonly moves?: MoveDesk | undefined;
}

/** What every resolver gets: one per request. */
export interface RequestContext extends ServerParts {
  /** Who asks; null when nobody signed in. */
  readonly viewer: Viewer | null;
  /** The session behind the request: there also where the account has no viewer yet; null for tokens, kiosks, nobody. */
  readonly signedIn: SignedIn | null;
  /** Name of the granted area, where a session, token or kiosk proved the grant. */
  readonly areaName: string | null;
  /** Address that the request came from, for the audit log. */
  readonly address: string;
  /** The instant of the request by the server's clock, epoch milliseconds: one request, one instant. */
  readonly nowMs: number;
  /** Cases in memory; whatever it does not have, SQL answers. */
  readonly hot: HotColumns;
  /** Loaders of this request by name and arguments (see `services/loaders.ts`). */
  readonly batches: Map<string, BatchLoader<never, unknown>>;
  readonly scheduler: BatchScheduler;
}

/** Makes the context of a request: finds out who asks. */
export type ContextOf = (request: FastifyRequest) => Promise<RequestContext>;

/**
 * A context for one request. Its fields are named one by one: a spread costs ten microseconds, a tenth of the shortest
 * answer.
 */
export const requestContext = (
  { database, config, sealer, feed, imports, health, moves }: ServerParts,
  nowMs: number,
  viewer: Viewer | null,
  address: string,
  identity?: Pick<Identity, "signedIn" | "areaName">,
  hot: HotColumns = NO_HOT,
): RequestContext => ({
  database,
  config,
  sealer,
  feed,
  imports,
  health,
  moves,
  viewer,
  signedIn: identity?.signedIn ?? null,
  areaName: identity?.areaName ?? null,
  address,
  nowMs,
  hot,
  batches: new Map(),
  scheduler: new BatchScheduler(),
});

/** The instant of the request, ISO 8601 in UTC. */
export const nowIso = (context: RequestContext): string => new Date(context.nowMs).toISOString();

/**
 * Scope of the request's viewer in a county: what the database itself lets through.
 *
 * @throws UNAUTHENTICATED without a viewer, FORBIDDEN where the viewer's grant does not reach the county
 */
export function viewerScope({ viewer }: RequestContext, county: string): Extract<Scope, { kind: "viewer" }> {
  if (!viewer) throw unauthenticated("viewer");
  const area = areaWithin(viewer, county);
  if (area === undefined)
    throw new AppError("USER", `county ${county} lies outside your grant`, {
      code: "FORBIDDEN",
      at: "county",
      hint: "Act under a grant there.",
    });
  const { role, accountId: account, visitor } = viewer;
  return { kind: "viewer", county, role, area, account, visitor };
}

/** All that a viewer's scope is cut by, as text: for keys of answers that may be shared. */
export const scopeKey = (scope: ReturnType<typeof viewerScope>): string =>
  [scope.county, scope.role, scope.area, scope.account ?? "", scope.visitor ? "visitor" : ""].join(" ");

/** Reads in one county as the request's viewer: row-level security and column grants cut what comes back. */
export const inCounty = async <T>(
  context: RequestContext,
  county: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> => context.database.transaction(viewerScope(context, county), work);

/**
 * The system's own reading in one county, whoever asks: its profile and clock, its classes. Never what belongs to a
 * person or an area.
 */
export const inCountySystem = <T>(
  context: RequestContext,
  county: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> => context.database.transaction({ kind: "county", county }, work);
