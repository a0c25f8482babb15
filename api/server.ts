import { constants } from "node:zlib";
import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from "fastify";
import type { Viewer } from "../data/policy/viewer.ts";
import type { Database } from "../db/driver.ts";
import { type Identity, identityOfRequest } from "./auth/authenticate.ts";
import { signInRefusal } from "./auth/connection.ts";
import { refuseForeignRequests } from "./auth/csrf.ts";
import { BaseMaps } from "./basemap/base-maps.ts";
import { environmentMap } from "./basemap/environment-map.ts";
import { watchChannels } from "./channels.ts";
import type { Config } from "./config.ts";
import { type ContextOf, requestContext } from "./context.ts";
import type { ErrorLog } from "./errors.ts";
import { ChangeHub } from "./feed/change-hub.ts";
import { Feed } from "./feed/feed.ts";
import { RATE_LIMITS, type RateLimits, rateLimits } from "./hardening/rate-limits.ts";
import { requestGuards } from "./hardening/request-guards.ts";
import { DEFAULT_BODY_BYTES, routeLimits } from "./hardening/route-limits.ts";
import { securityHeaders } from "./hardening/security-headers.ts";
import { endSilentConnections } from "./hardening/silent-connections.ts";
import { trustedDocuments } from "./hardening/trusted-documents.ts";
import { healthMetrics } from "./health/health-metrics.ts";
import { HealthWatch } from "./health/health-watch.ts";
import { startChecking } from "./hot/check.ts";
import { HotCounties } from "./hot/hot-counties.ts";
import { startEscalating } from "./jobs/escalate.ts";
import { startMakingPartitions } from "./jobs/partitions.ts";
import { startPurging } from "./jobs/purge.ts";
import { startSealingAudit } from "./jobs/seal-audit.ts";
import { startSettlingPlans } from "./jobs/settle-plans.ts";
import { LIVE_LIMITS, type LiveLimits } from "./live/limits.ts";
import { MoveDesk } from "./move/move-desk.ts";
import { aggregateRoutes } from "./routes/aggregate.ts";
import { auditExportRoutes } from "./routes/audit-export.ts";
import { authRoutes } from "./routes/auth/index.ts";
import { baseMapRoutes } from "./routes/basemap.ts";
import { clientRoutes } from "./routes/client.ts";
import { columnsRoutes } from "./routes/columns.ts";
import { exportRoutes } from "./routes/export.ts";
import { graphqlRoutes, MAX_TOKENS } from "./routes/graphql.ts";
import { healthRoutes } from "./routes/health.ts";
import { importRoutes } from "./routes/imports.ts";
import { acceptSockets, liveRoutes } from "./routes/live.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { ogcRoutes } from "./routes/ogc.ts";
import { photoRoutes } from "./routes/photos.ts";
import { notFoundHandler, problemHandler } from "./routes/problem.ts";
import { tilesRoutes } from "./routes/tiles.ts";
import { buildGraphqlSchema } from "./schema/index.ts";
import type { Sealer } from "./seal/sealer.ts";
import { ImportDesk } from "./services/importing/jobs/import-desk.ts";
import { RejectedFiles } from "./services/importing/jobs/rejected-files.ts";
import { Uploads } from "./services/importing/jobs/uploads.ts";
import { TileService } from "./tiles/tile-service.ts";
import { httpServerFactory } from "./tls/http-server.ts";
import type { Transport } from "./tls/transport.ts";

export interface ServerOptions {
  readonly database: Database;
  readonly config: Config;
  /** Seals what the database keeps but cannot read. */
  readonly sealer: Sealer;
  /** Folder of the built client (`index.html` and `assets/`); absent = no pages. */
  readonly clientDir?: string | undefined;
  /** The server's clock, epoch milliseconds; tests fix it. */
  readonly now?: () => number;
  /** Finds out who asks; null for nobody. */
  readonly authenticate: (request: FastifyRequest) => Promise<Viewer | null>;
  /** TLS or not; absent = plain HTTP. */
  readonly transport?: Transport | undefined;
  /** Requests in a minute; tests that send thousands raise them. */
  readonly rateLimits?: RateLimits | undefined;
  /** Sockets at once and how often they are looked at; tests lower them. */
  readonly liveLimits?: Partial<LiveLimits> | undefined;
  /** Cases in memory, started and stopped by the caller; absent = by the settings, while the server listens. */
  readonly hot?: HotCounties | undefined;
  /** Where the server writes; absent = nowhere. */
  readonly log?: FastifyBaseLogger | undefined;
}

/** Brotli quality 4: the best bytes per CPU second for answers made on the fly. */
const BROTLI_QUALITY = 4;
const COMPRESSED =
  /^(text\/|application\/(json|graphql-response\+json|geo\+json|problem\+json|javascript|manifest\+json|vnd\.jingwei\.columns)|image\/svg\+xml)/;

/**
 * Makes the HTTP server: GraphQL, the map's data plane, health, metrics and the client. It does not listen yet; `close`
 * lets running requests end and leaves the database open.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { database, config, sealer, clientDir, now = Date.now } = options;
  const proxies = config.trustProxy;
  const app = fastify({
    ...(options.log ? { loggerInstance: options.log } : { logger: false }),
    // Requests are counted by /metrics; the log is for what went wrong.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: DEFAULT_BODY_BYTES,
    serverFactory: await httpServerFactory(options.transport ?? {}, (fields, message) =>
      options.log?.error(fields, message),
    ),
    ...(typeof proxies === "number" ? { trustProxy: (_address: string, hop: number) => hop < proxies } : {}),
    ...(Array.isArray(proxies) ? { trustProxy: [...proxies] } : {}),
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 200 },
  });
  const log: ErrorLog = (fields, message) => app.log.error(fields, message);
  app.setErrorHandler(problemHandler(log));
  app.setNotFoundHandler(notFoundHandler(log));
  endSilentConnections(app);
  // First of all: what is refused by a hook before its own would keep its connection for ever.
  await acceptSockets(app);
  // In this order: refusals that cost nothing come before anybody is looked up in the database.
  securityHeaders(app);
  requestGuards(app);
  routeLimits(app);
  const countViewer = await rateLimits(app, options.rateLimits ?? RATE_LIMITS);
  const findViewer = async (request: FastifyRequest): Promise<Viewer | null> => {
    // A cookie or token that came in the clear over a network is nobody's.
    const viewer = signInRefusal(request) === null ? await options.authenticate(request) : null;
    if (viewer) await countViewer(request, viewer);
    return viewer;
  };
  // One request, one viewer: whoever asks first finds out.
  const viewers = new WeakMap<FastifyRequest, Promise<Viewer | null>>();
  const viewerOf = (request: FastifyRequest): Promise<Viewer | null> => {
    const viewer = viewers.get(request) ?? findViewer(request);
    viewers.set(request, viewer);
    return viewer;
  };
  const identityOf = (request: FastifyRequest): Promise<Identity> => identityOfRequest(database, request, now());
  const feed = new Feed(database, now, log);
  const hot = options.hot ?? new HotCounties(database, { ...config.hot, bus: feed.bus, log });
  const imports = new ImportDesk({
    ...{ database, now, log },
    uploads: new Uploads(config.dir, config.imports.uploadBytes),
    rejected: new RejectedFiles(config.dir),
  });
  const healthContext = { dir: config.dir, url: config.databaseUrl, certificate: config.tls?.cert };
  const held = config.hot.bytes > 0 ? hot : undefined;
  const health = new HealthWatch({ database, feed, hot: held, context: healthContext, now, log });
  const moves = new MoveDesk(database, config, now);
  const parts = { database, config, sealer, feed, imports, health, moves };
  const contextOf: ContextOf = async (request) =>
    requestContext(parts, now(), await viewerOf(request), request.ip, await identityOf(request), hot);
  // Before whatever asks for the viewer: it reads cookies.
  await app.register(cookie);
  refuseForeignRequests(app, identityOf);
  const channelsNamed = watchChannels(app, viewerOf);
  // Before the routes: its hooks must see them.
  await app.register(compress, {
    globalDecompression: false,
    threshold: 1024,
    encodings: ["br", "gzip"],
    customTypes: COMPRESSED,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
  });
  metricsRoutes(app, database, hot, (registry) => healthMetrics(registry, health, healthContext, feed));
  healthRoutes(app, database, feed);
  const schema = buildGraphqlSchema();
  const requireTrusted = config.production ? trustedDocuments(MAX_TOKENS) : undefined;
  await graphqlRoutes(app, schema, contextOf, log, config.production, requireTrusted);
  liveRoutes(app, {
    schema,
    production: config.production,
    maxTokens: MAX_TOKENS,
    requireTrusted,
    limits: { ...LIVE_LIMITS, ...options.liveLimits },
    viewerOf,
    whoIsThere: async (request) => (signInRefusal(request) === null ? options.authenticate(request) : null),
    contextFor: async (request, viewer) => {
      await countViewer(request, viewer);
      return requestContext(parts, now(), viewer, request.ip);
    },
    hub: new ChangeHub({ ...parts, log }),
    beat: () => ({ now: now(), feedAt: feed.freshAt }),
    log,
  });
  columnsRoutes(app, contextOf);
  const tiles = new TileService(database);
  tilesRoutes(app, contextOf, tiles);
  ogcRoutes(app, contextOf, tiles);
  const baseMaps = new BaseMaps(database, config.dir, now, await environmentMap(config, now()));
  baseMapRoutes(app, contextOf, baseMaps);
  app.addHook("onClose", () => baseMaps.close());
  aggregateRoutes(app, contextOf);
  auditExportRoutes(app, contextOf);
  exportRoutes(app, contextOf);
  await photoRoutes(app, contextOf);
  await importRoutes(app, contextOf, imports);
  authRoutes(app, { database, config, sealer: options.sealer, now, identityOf });
  if (clientDir !== undefined) await clientRoutes(app, clientDir);
  channelsNamed();
  // Purging stops first: it writes audit rows, which the other one seals.
  whileListening(app, () => startSealingAudit(database, now, log));
  whileListening(app, () => startPurging(database, now, log));
  whileListening(app, () => imports.start());
  whileListening(app, () => health.start());
  whileListening(app, () => startMakingPartitions(database, now, log));
  whileListening(app, () => startEscalating(parts, now, log));
  whileListening(app, () => startSettlingPlans(database, now, log));
  if (!options.hot && config.hot.bytes > 0) {
    whileListening(app, () => hot.start());
    whileListening(app, () => startChecking(database, hot, now, log));
  }
  whileListening(app, () => feed.start());
  return app;
}

/** A job that runs while the server listens; `close` waits for a run in progress. The last one that started stops first. */
function whileListening(app: FastifyInstance, start: () => () => Promise<void>): void {
  let stop = async (): Promise<void> => undefined;
  app.addHook("onListen", async () => {
    stop = start();
  });
  app.addHook("onClose", () => stop());
}
