import type { FastifyInstance } from "fastify";
import { cachedAccess } from "../../auth/access-cache.ts";
import { isSecure, signInRefusal } from "../../auth/connection.ts";
import { clearCookie, KIOSK_COOKIE_S, setCredentialCookie } from "../../auth/cookies.ts";
import { csrfTokenFor } from "../../auth/csrf.ts";
import { listDemoSeats } from "../../auth/demo-seats.ts";
import { meOf } from "../../auth/me.ts";
import { AUTH_ROUTE, type AuthRoutes } from "./auth-routes.ts";

/** Name of the identity provider on its button: its host. */
const providerName = (issuer: string): string => new URL(issuer).hostname;

/** GET `/auth/session`: who sits here, the token against foreign requests, and the ways to sign in. */
export function sessionRoute(app: FastifyInstance, routes: AuthRoutes): void {
  const { database, config, now, identityOf } = routes;
  app.get("/auth/session", AUTH_ROUTE, async (request, reply) => {
    const identity = await identityOf(request);
    const nowMs = now();
    const refusal = signInRefusal(request);
    // A cookie that opens nothing any more is taken back: it would only be in the way.
    const opens = identity.cookie?.name;
    if (refusal === null && request.headers.authorization === undefined) {
      // A session is looked at first: where a wall's cookie opened, the session's did not.
      if (opens !== "jw_session") clearCookie(request, reply, "jw_session");
      if (opens === undefined) clearCookie(request, reply, "jw_kiosk");
    }
    if (identity.cookie?.name === "jw_kiosk")
      setCredentialCookie(request, reply, "jw_kiosk", identity.cookie.credential, KIOSK_COOKIE_S);
    const demo =
      refusal === null ? await cachedAccess(database, "demo-seats", nowMs, () => listDemoSeats(database, nowMs)) : [];
    return reply.header("cache-control", "no-store").send({
      viewer: await meOf(database, identity, new Date(nowMs).toISOString()),
      csrf: csrfTokenFor(identity),
      methods: {
        password: true,
        oidc: config.oidc ? { name: providerName(config.oidc.issuer) } : null,
        demo,
      },
      secure: isSecure(request),
      refusal,
      now: nowMs,
    });
  });
}
