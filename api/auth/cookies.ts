import type { FastifyReply, FastifyRequest } from "fastify";
import { isSecure } from "./connection.ts";
import { type Credential, cookieText, parseCookieText } from "./secret.ts";

export const COOKIES = ["jw_session", "jw_kiosk"] as const;
/** Cookies of ours: a person's session, a wall's device. */
export type CookieName = (typeof COOKIES)[number];

/**
 * Behind TLS the `__Host-` prefix: browsers then take the cookie only from this host, over TLS and for every path, so that
 * no neighbouring host can plant one (RFC 6265bis section 4.1.3.2).
 */
const nameOn = (request: FastifyRequest, name: CookieName): string => (isSecure(request) ? `__Host-${name}` : name);

/**
 * `Lax`: a link from elsewhere may open a page; unsafe methods from other sites carry no cookie, and ours refuse them
 * besides (`csrf.ts`).
 */
const flags = (request: FastifyRequest) =>
  ({ path: "/", httpOnly: true, sameSite: "lax", secure: isSecure(request) }) as const;

/** The credential in a cookie of a request; undefined when there is none that is well formed. */
export const cookieCredential = (request: FastifyRequest, name: CookieName): Credential | undefined =>
  parseCookieText(request.cookies[nameOn(request, name)]);

/** Browsers keep a cookie for 400 days at most (RFC 6265bis section 5.5); a wall's is renewed while it runs. */
export const KIOSK_COOKIE_S = 400 * 86_400;

/**
 * Hands a credential to the browser.
 *
 * @param maxAgeS how long the browser keeps it, seconds
 */
export const setCredentialCookie = (
  request: FastifyRequest,
  reply: FastifyReply,
  name: CookieName,
  credential: Credential,
  maxAgeS: number,
): FastifyReply =>
  reply.setCookie(nameOn(request, name), cookieText(credential), { ...flags(request), maxAge: maxAgeS });

/** Takes a cookie back, where the request carried one. */
export const clearCookie = (request: FastifyRequest, reply: FastifyReply, name: CookieName): void => {
  if (request.cookies[nameOn(request, name)] !== undefined) reply.clearCookie(nameOn(request, name), flags(request));
};
