import type { FastifyRequest } from "fastify";
import { CloseCode } from "graphql-ws";
import type { WebSocket } from "ws";
import type { Viewer } from "../../data/policy/viewer.ts";
import type { ErrorLog } from "../errors.ts";
import { BEAT_MS } from "./limits.ts";
import { type ProtocolOptions, ProtocolSession } from "./protocol.ts";

export interface ConnectionOptions extends Omit<ProtocolOptions, "failed"> {
  /** Finds out anew who stands behind the request that opened the socket. */
  readonly whoIsThere: (request: FastifyRequest) => Promise<Viewer | null>;
  readonly checkEveryMs: number;
  readonly log: ErrorLog;
}

/** Beats without an answer after which nobody is there; a page that opens a large county may be busy for some. */
const MOST_UNANSWERED = 5;

/**
 * Serves one socket until it closes. It is closed when whoever opened it has signed out, been shut out or acts under another
 * grant now (the client comes again as who it is then), and when no beat is answered. A beat is a ping of the protocol's own
 * kind: a page sees it, which it does not of a WebSocket's.
 */
export function serveConnection(
  socket: WebSocket,
  request: FastifyRequest,
  viewer: Viewer,
  options: ConnectionOptions,
): void {
  const { whoIsThere, checkEveryMs, log } = options;
  const failed = (err: unknown): void => {
    log({ err }, "a message of a socket failed");
    socket.close(CloseCode.InternalServerError, "internal error");
  };
  const session = new ProtocolSession({ socket, connection: request.raw.socket }, { ...options, failed });
  let unanswered = 0;
  socket.on("message", (data) => {
    unanswered = 0;
    session.take(String(data)).catch(failed);
  });
  const beat = setInterval(() => {
    if (unanswered++ >= MOST_UNANSWERED) return socket.terminate();
    session.beat();
  }, BEAT_MS);
  const check = setInterval(() => {
    whoIsThere(request)
      .then((now) => {
        if (!now) socket.close(CloseCode.Unauthorized, "signed out");
        else if (!isSame(now, viewer)) socket.close(CloseCode.Forbidden, "another grant");
      })
      // The database may be away for a moment; what the socket tells stops meanwhile, too.
      .catch(() => undefined);
  }, checkEveryMs);
  socket.once("close", () => {
    clearInterval(beat);
    clearInterval(check);
    session.end();
  });
}

/** Does a viewer act under the same grant, in the same mode? */
const isSame = (one: Viewer, other: Viewer): boolean =>
  one.actor === other.actor &&
  one.role === other.role &&
  one.area === other.area &&
  one.county === other.county &&
  one.visitor === other.visitor &&
  one.pointDays === other.pointDays;
