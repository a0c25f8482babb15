import type { FastifyRequest } from "fastify";
import type { Server } from "graphql-ws";
import { CloseCode } from "graphql-ws";
import type { WebSocket } from "ws";
import type { Viewer } from "../../data/policy/viewer.ts";
import type { ErrorLog } from "../errors.ts";
import { BEAT_MS, MAX_BUFFERED_BYTES } from "./limits.ts";

/** What the operations of a socket know of it. */
export interface SocketExtra {
  readonly request: FastifyRequest;
  readonly viewer: Viewer;
}

export interface ConnectionOptions {
  readonly server: Server<SocketExtra>;
  /** Finds out anew who stands behind the request that opened the socket. */
  readonly whoIsThere: (request: FastifyRequest) => Promise<Viewer | null>;
  readonly checkEveryMs: number;
  readonly log: ErrorLog;
}

/** Beats without an answer after which nobody is there; a page that opens a large county may be busy for some. */
const MOST_UNANSWERED = 5;
/** A ping of the protocol's own kind: a page sees it, which it does not of a WebSocket's. */
const BEAT = JSON.stringify({ type: "ping" });

/**
 * Serves one socket until it closes. It is closed when whoever opened it has signed out, been shut out or acts under another
 * grant now (the client comes again as who it is then), when it reads too slowly, and when no beat is answered.
 */
export function serveConnection(socket: WebSocket, extra: SocketExtra, options: ConnectionOptions): void {
  const { server, whoIsThere, checkEveryMs, log } = options;
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (callback) =>
        socket.on("message", (data) => {
          callback(String(data)).catch((err: unknown) => {
            log({ err }, "a message of a socket failed");
            socket.close(CloseCode.InternalServerError, "internal error");
          });
        }),
    },
    extra,
  );
  let unanswered = 0;
  socket.on("message", () => {
    unanswered = 0;
  });
  const beat = setInterval(() => {
    if (unanswered++ >= MOST_UNANSWERED) return socket.terminate();
    void send(socket, BEAT).catch(() => undefined);
  }, BEAT_MS);
  const check = setInterval(() => {
    whoIsThere(extra.request)
      .then((viewer) => {
        if (!viewer) socket.close(CloseCode.Unauthorized, "signed out");
        else if (!isSame(viewer, extra.viewer)) socket.close(CloseCode.Forbidden, "another grant");
      })
      // The database may be away for a moment; what the socket tells stops meanwhile, too.
      .catch(() => undefined);
  }, checkEveryMs);
  socket.once("close", (code, reason) => {
    clearInterval(beat);
    clearInterval(check);
    closed(code, String(reason)).catch((err: unknown) => log({ err }, "a socket was not closed well"));
  });
}

/** Resolves when the message has left: a subscription hands out the next event only then. */
const send = (socket: WebSocket, data: string): Promise<void> =>
  new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) return resolve();
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      socket.terminate();
      return resolve();
    }
    socket.send(data, (error) => (error ? reject(error) : resolve()));
  });

/** Does a viewer act under the same grant, in the same mode? */
const isSame = (one: Viewer, other: Viewer): boolean =>
  one.actor === other.actor &&
  one.role === other.role &&
  one.area === other.area &&
  one.county === other.county &&
  one.visitor === other.visitor &&
  one.pointDays === other.pointDays;
