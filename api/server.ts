import { constants } from "node:zlib";
import compress from "@fastify/compress";
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from "fastify";
import type { Viewer } from "../data/policy/viewer.ts";
import type { Database } from "../db/driver.ts";
import { watchChannels } from "./channels.ts";
import type { Config } from "./config.ts";
import { type ContextOf, requestContext } from "./context.ts";
import type { ErrorLog } from "./errors.ts";
import { clientRoutes } from "./routes/client.ts";
import { columnsRoutes } from "./routes/columns.ts";
import { graphqlRoutes } from "./routes/graphql.ts";
import { healthRoutes } from "./routes/health.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { notFoundHandler, problemHandler } from "./routes/problem.ts";

export interface ServerOptions {
  readonly database: Database;
  readonly config: Config;
  /** Folder of the built client (`index.html` and `assets/`); absent = no pages. */
  readonly clientDir?: string | undefined;
  /** The server's clock, epoch milliseconds; tests fix it. */
  readonly now?: () => number;
  /** Finds out who asks; null for nobody. */
  readonly authenticate: (request: FastifyRequest) => Promise<Viewer | null>;
  /** Where the server writes; absent = nowhere. */
  readonly log?: FastifyBaseLogger | undefined;
}

const SECURITY_HEADERS = {
  "content-security-policy": [
    "default-src 'self'",
    "img-src 'self' data: blob:",
    "style-src 'self' 'unsafe-inline'",
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join("; "),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/** Bodies beyond GraphQL's own limit are for imports, which have routes of their own. */
const BODY_LIMIT = 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;
/** Brotli quality 4: the best bytes per CPU second for answers made on the fly. */
const BROTLI_QUALITY = 4;
const COMPRESSED =
  /^(text\/|application\/(json|graphql-response\+json|geo\+json|problem\+json|javascript|manifest\+json|vnd\.jingwei\.columns)|image\/svg\+xml)/;

/**
 * Makes the HTTP server: GraphQL, the map's data plane, health, metrics and the client. It does not listen yet; `close`
 * lets running requests end and leaves the database open.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { database, config, clientDir, now = Date.now } = options;
  const app = fastify({
    ...(options.log ? { loggerInstance: options.log } : { logger: false }),
    // Requests are counted by /metrics; the log is for what went wrong.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 200 },
  });
  const log: ErrorLog = (fields, message) => app.log.error(fields, message);
  // One request, one viewer: whoever asks first finds out.
  const viewers = new WeakMap<FastifyRequest, Promise<Viewer | null>>();
  const viewerOf = (request: FastifyRequest): Promise<Viewer | null> => {
    const viewer = viewers.get(request) ?? options.authenticate(request);
    viewers.set(request, viewer);
    return viewer;
  };
  const contextOf: ContextOf = async (request) =>
    requestContext(database, config, now(), await viewerOf(request), request.ip);
  app.setErrorHandler(problemHandler(log));
  app.setNotFoundHandler(notFoundHandler(log));
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers(SECURITY_HEADERS);
  });
  const channelsNamed = watchChannels(app, viewerOf);
  // Before the routes: its hooks must see them.
  await app.register(compress, {
    globalDecompression: false,
    threshold: 1024,
    encodings: ["br", "gzip"],
    customTypes: COMPRESSED,
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
  });
  metricsRoutes(app, database);
  healthRoutes(app, database);
  await graphqlRoutes(app, contextOf, log);
  columnsRoutes(app, contextOf);
  if (clientDir !== undefined) await clientRoutes(app, clientDir);
  channelsNamed();
  return app;
}
