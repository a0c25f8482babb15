import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../../data/model/errors.ts";
import { bringsToken, type Identity } from "./authenticate.ts";
import { csrfTokenOf, sameText } from "./secret.ts";

/** Header that carries the token from GET /auth/session. */
export const CSRF_HEADER = "x-jingwei-csrf";

/** Methods that change nothing here (RFC 9110 section 9.2.1); GET routes that do carry a secret of their own. */
const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * Where the browser says that a request comes from: `same` = a page of this site, `other` = any other, `unsaid` = no
 * browser, or one too old to say. Both headers are set by the browser alone; a page cannot forge them.
 */
function originOf(request: FastifyRequest): "same" | "other" | "unsaid" {
  const site = request.headers["sec-fetch-site"];
  const { origin } = request.headers;
  if (site !== undefined && site !== "same-origin" && site !== "none") return "other";
  if (origin === undefined) return site === undefined ? "unsaid" : "same";
  // The scheme is not compared: behind a proxy with TLS ours is not the browser's.
  const theirs = URL.canParse(origin) ? new URL(origin) : undefined;
  const own = `${theirs?.protocol}//${request.host}`;
  return theirs && URL.canParse(own) && new URL(own).host === theirs.host ? "same" : "other";
}

const refusal = (message: string, hint: string): AppError =>
  new AppError("USER", message, { code: "FORBIDDEN", at: CSRF_HEADER, hint });

/**
 * Lets only pages of this site open a socket: a browser sends its cookies with anybody's WebSocket, and no rule of origins
 * keeps the other page from reading what comes (cross-site WebSocket hijacking). Programs bring a token instead.
 */
export function requireOwnPage(request: FastifyRequest): void {
  if (bringsToken(request) || originOf(request) === "same") return;
  throw new AppError("USER", "a socket is opened by a page of this site, or with an API token", {
    code: "FORBIDDEN",
    at: "origin",
    hint: "Programs send `Authorization: Bearer …` with the request that opens it.",
  });
}

/** The token of a cookie's owner; null for nobody and for bearer tokens, which need none. */
export const csrfTokenFor = ({ cookie }: Identity): string | null =>
  cookie ? csrfTokenOf(cookie.credential.secret) : null;

/**
 * Refuses requests that a foreign page makes with somebody's cookie, on every route: an unsafe method needs a page of this
 * site as its origin, and with a cookie that opens something also the token that only such a page can have read. Also
 * keeps a foreign page from signing somebody in as somebody else.
 */
export function refuseForeignRequests(
  app: FastifyInstance,
  identityOf: (request: FastifyRequest) => Promise<Identity>,
): void {
  app.addHook("onRequest", async (request) => {
    if (SAFE_METHODS.includes(request.method) || bringsToken(request)) return;
    const origin = originOf(request);
    if (origin === "other")
      throw refusal("this request comes from a page of another site", "Use the pages of this server itself.");
    const { cookie } = await identityOf(request);
    if (!cookie) return;
    const given = request.headers[CSRF_HEADER];
    if (origin === "unsaid")
      throw refusal("a request with a cookie says where it comes from", "Send an Origin header, or use an API token.");
    if (typeof given !== "string" || !sameText(given, csrfTokenOf(cookie.credential.secret)))
      throw refusal(
        `the header ${CSRF_HEADER} is missing or not this session's`,
        "Take its value from GET /auth/session and load the page again.",
      );
  });
}
