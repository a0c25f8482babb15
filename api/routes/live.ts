import websocket from "@fastify/websocket";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { GraphQLError, GraphQLFormattedError, GraphQLSchema } from "graphql";
import { handleProtocols } from "graphql-ws";
import type { Viewer } from "../../data/policy/viewer.ts";
import { requireOwnPage } from "../auth/csrf.ts";
import { unauthenticated } from "../channels.ts";
import type { RequestContext } from "../context.ts";
import { type ErrorLog, graphqlErrorFormatter } from "../errors.ts";
import type { ChangeHub } from "../feed/change-hub.ts";
import { RefusedRequest } from "../hardening/request-guards.ts";
import type { RequireTrusted } from "../hardening/trusted-documents.ts";
import { type ConnectionOptions, serveConnection } from "../live/connection.ts";
import { type LiveLimits, MAX_MESSAGE_BYTES } from "../live/limits.ts";
import { asGraphqlError, prepareOperation } from "../live/prepare-operation.ts";

/** How long a client has to answer that the server goes away, ms. */
const GOODBYE_MS = 500;
const GOING_AWAY = 1001;

export interface LiveRouteOptions {
  readonly schema: GraphQLSchema;
  readonly production: boolean;
  readonly maxTokens: number;
  readonly requireTrusted: RequireTrusted | undefined;
  readonly limits: LiveLimits;
  /** Who opened a socket, found out once for the request. */
  readonly viewerOf: (request: FastifyRequest) => Promise<Viewer | null>;
  /** The same, found out anew. */
  readonly whoIsThere: ConnectionOptions["whoIsThere"];
  /** A context of its own for each operation. */
  readonly contextFor: (request: FastifyRequest, viewer: Viewer) => Promise<RequestContext>;
  /** Tells sockets what changes. */
  readonly hub: ChangeHub;
  /** Whether the feed lives, and the server's clock. */
  readonly beat: ConnectionOptions["beat"];
  readonly log: ErrorLog;
}

/** Makes upgrades possible; before all hooks and routes: none but those that want one is upgraded, and what is refused ends. */
export async function acceptSockets(app: FastifyInstance): Promise<void> {
  await app.register(websocket, {
    options: {
      maxPayload: MAX_MESSAGE_BYTES,
      // Events are short; a shared compressor per socket costs more memory than it saves bytes.
      perMessageDeflate: false,
      handleProtocols: (protocols) => handleProtocols(protocols),
    },
    async preClose() {
      const { clients } = app.websocketServer;
      for (const client of clients) client.close(GOING_AWAY, "the server stops");
      if (clients.size > 0) await new Promise((resolve) => setTimeout(resolve, GOODBYE_MS));
      for (const client of clients) client.terminate();
    },
    // A client that goes without a word is no error of ours.
    errorHandler: (_error, socket) => socket.terminate(),
  });
  // The plugin opens a socket anywhere and then hangs up where no handler is.
  app.addHook("onRequest", async (request) => {
    if (request.ws && request.routeOptions.config.channel !== "live")
      throw new RefusedRequest(400, "there is no WebSocket at this address", "Open one at /graphql.");
  });
}

/** GET `/graphql` as a WebSocket: subscriptions, for whoever may open the channel. */
export function liveRoutes(app: FastifyInstance, options: LiveRouteOptions): void {
  const { limits, log } = options;
  const format = graphqlErrorFormatter(log);
  const formatAll = (errors: readonly GraphQLError[]) => errors.map((error) => format(asRequestFault(error), error));
  const sockets = new Map<string, number>();
  const viewers = new WeakMap<FastifyRequest, Viewer>();
  let all = 0;

  const prepare = async (
    request: FastifyRequest,
    viewer: Viewer,
    payload: Parameters<ConnectionOptions["prepare"]>[0],
    running: number,
  ) => {
    if (running > limits.subscriptions)
      return [asGraphqlError(new RefusedRequest(429, "too many subscriptions on one socket", "End some first."))];
    try {
      return prepareOperation(options, await options.contextFor(request, viewer), payload);
    } catch (error) {
      return [asGraphqlError(error)];
    }
  };

  app.route({
    method: "GET",
    url: "/graphql",
    websocket: true,
    config: { channel: "live" },
    preHandler: async (request) => {
      if (!request.ws) return;
      requireOwnPage(request);
      const viewer = await options.viewerOf(request);
      if (!viewer) throw unauthenticated("/graphql");
      viewers.set(request, viewer);
      const open = sockets.get(viewer.actor) ?? 0;
      if (all >= limits.sockets || open >= limits.socketsPerViewer)
        throw new RefusedRequest(429, "too many sockets are open", "Close pages that nobody looks at.", {
          retryAfter: 30,
        });
    },
    // Without an await: what the client sends at once must find its listener.
    handler: (socket, request) => {
      const viewer = viewers.get(request);
      if (!viewer) return socket.terminate();
      const { actor } = viewer;
      all++;
      sockets.set(actor, (sockets.get(actor) ?? 0) + 1);
      socket.once("close", () => {
        all--;
        const left = (sockets.get(actor) ?? 1) - 1;
        if (left > 0) sockets.set(actor, left);
        else sockets.delete(actor);
      });
      serveConnection(socket, request, viewer, {
        hub: options.hub,
        beat: options.beat,
        formatErrors: formatAll,
        prepare: (payload, running) => prepare(request, viewer, payload, running),
        whoIsThere: options.whoIsThere,
        checkEveryMs: limits.checkEveryMs,
        log,
      });
    },
  });
}

/** What graphql-js finds wrong with a document or its variables, before anything of ours is asked, is the sender's fault. */
function asRequestFault(error: GraphQLError): GraphQLFormattedError {
  const formatted = error.toJSON();
  if (error.originalError || error.path) return formatted;
  return { ...formatted, extensions: { ...formatted.extensions, code: "BAD_USER_INPUT" } };
}
