import type { FastifyRequest } from "fastify";
import { AppError } from "../../data/model/errors.ts";

const LOOPBACK_ADDRESS = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;
/** Headers that a proxy adds: the request was not made on this machine, whatever its last hop says. */
const FORWARDING_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via"] as const;

/** Is an address one of this machine alone? A name counts only when it is `localhost`. */
export const isLoopbackHost = (host: string): boolean =>
  LOOPBACK_ADDRESS.test(host) || host === "localhost" || host === "[::1]";

/**
 * Did the request come encrypted: over our own TLS, or over that of a proxy that we were told to believe
 * (`TRUST_PROXY`)?
 */
export const isSecure = (request: FastifyRequest): boolean => request.protocol === "https";

/**
 * Did the request stay on this machine? Its last hop, the name that it asked for (a page elsewhere whose name was made to
 * lead here names itself) and the absence of a proxy's headers must all say so.
 */
export const isLocal = (request: FastifyRequest): boolean =>
  LOOPBACK_ADDRESS.test(request.socket.remoteAddress ?? "") &&
  LOOPBACK_HOST.test(request.headers.host ?? "") &&
  FORWARDING_HEADERS.every((name) => request.headers[name] === undefined);

/**
 * Why nobody may sign in over this connection; null when they may. A password, a cookie or a token that crosses a network
 * in the clear belongs to whoever listens there.
 */
export function signInRefusal(request: FastifyRequest): string | null {
  if (isSecure(request) || isLocal(request)) return null;
  return (
    "连接未加密，不能登录：请不带 --insecure-http 启动（系统自动启用 TLS），或由支持 TLS 的反向代理转发并设置 TRUST_PROXY=1。 " +
    "This connection is not encrypted, so nobody can sign in over it: start without --insecure-http, which sets up TLS, " +
    "or put a reverse proxy with TLS in front and set TRUST_PROXY=1."
  );
}

/** Refuses what carries a secret over a connection that others can read. @throws AppError FORBIDDEN */
export function requireSafeConnection(request: FastifyRequest): void {
  const refusal = signInRefusal(request);
  if (refusal !== null) throw new AppError("USER", refusal, { code: "FORBIDDEN", at: "connection" });
}
