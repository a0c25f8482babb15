import type { FastifyRequest } from "fastify";

/** True when the request came over TLS, here or at a proxy that the server was told to trust. */
export const isSecure = (request: FastifyRequest): boolean => request.protocol === "https";

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Why nobody can sign in over this connection, in Chinese and English; null when one can. Passwords and cookies do not
 * cross a network in the clear; on the machine itself there is no network.
 */
export function signInRefusal(request: FastifyRequest): string | null {
  if (isSecure(request) || LOOPBACK.test(request.socket.remoteAddress ?? "")) return null;
  return (
    "此地址未加密，不能登录：请通过 https 打开，或在服务器本机登录。 " +
    "Sign-in is refused over this connection because it is not encrypted: open the address with https, or sign in on the server itself."
  );
}
