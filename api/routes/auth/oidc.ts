import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../../../data/model/errors.ts";
import { isClientPath } from "../../auth/client-path.ts";
import { isSecure, requireSafeConnection } from "../../auth/connection.ts";
import { ATTEMPT_MS, oidcProvider } from "../../auth/oidc.ts";
import { accountOfSubject } from "../../auth/oidc-account.ts";
import { openSession } from "../../auth/open-session.ts";
import { RefusedRequest } from "../../hardening/request-guards.ts";
import { AUTH_LINK_ROUTE, type AuthRoutes } from "./auth-routes.ts";
import { sendRefusalPage, wantsPage } from "./refusal-page.ts";

const CALLBACK = "/auth/oidc/callback";
const cookieName = (request: FastifyRequest): string => (isSecure(request) ? "__Host-jw_oidc" : "jw_oidc");
const cookieFlags = (request: FastifyRequest) =>
  ({ path: "/", httpOnly: true, sameSite: "lax", secure: isSecure(request) }) as const;

/** Where the provider sends the browser back to: this server under the name that the browser knows it by. */
const redirectUri = (request: FastifyRequest): string =>
  new URL(CALLBACK, `${request.protocol}://${request.host}`).href;

/** People read why it did not work on a page; programs get the problem document. */
async function orRefuse(
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    requireSafeConnection(request);
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === "BUG" || !wantsPage(request)) throw error;
    return sendRefusalPage(reply, error, error instanceof RefusedRequest ? error.statusCode : undefined);
  }
}

/**
 * GET `/auth/oidc` sends the browser to the identity provider, GET `/auth/oidc/callback` takes it back: code flow with PKCE.
 * There are no such routes where no provider is configured. `?to=` names the client's page to go on to.
 */
export function oidcRoutes(app: FastifyInstance, { database, config, now, sealer }: AuthRoutes): void {
  if (!config.oidc) return;
  const provider = oidcProvider(config.oidc, sealer);
  app.get<{ Querystring: { to?: unknown } }>("/auth/oidc", AUTH_LINK_ROUTE, (request, reply) =>
    orRefuse(request, reply, async () => {
      const { to } = request.query;
      const { url, kept } = await provider.begin(
        redirectUri(request),
        typeof to === "string" && isClientPath(to) ? to : "/",
        now(),
      );
      return reply
        .setCookie(cookieName(request), kept, { ...cookieFlags(request), maxAge: ATTEMPT_MS / 1000 })
        .header("cache-control", "no-store")
        .redirect(url, 303);
    }),
  );
  app.get(CALLBACK, AUTH_LINK_ROUTE, (request, reply) =>
    orRefuse(request, reply, async () => {
      const kept = request.cookies[cookieName(request)];
      // An attempt is good for one answer, right or wrong.
      reply.clearCookie(cookieName(request), cookieFlags(request));
      const query = request.url.split("?")[1] ?? "";
      const { identity, to } = await provider.finish(kept, new URL(`${redirectUri(request)}?${query}`), now());
      const account = await accountOfSubject(database, identity, request.ip, now());
      await openSession(database, request, reply, account, "oidc", now());
      return reply.header("cache-control", "no-store").redirect(to, 303);
    }),
  );
}
