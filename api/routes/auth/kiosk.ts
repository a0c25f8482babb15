import type { FastifyInstance } from "fastify";
import { AppError } from "../../../data/model/errors.ts";
import { requireSafeConnection } from "../../auth/connection.ts";
import { clearCookie, KIOSK_COOKIE_S, setCredentialCookie } from "../../auth/cookies.ts";
import { exchangeKiosk } from "../../auth/kiosk-exchange.ts";
import { AUTH_LINK_ROUTE, type AuthRoutes } from "./auth-routes.ts";
import { sendRefusalPage, wantsPage } from "./refusal-page.ts";

/**
 * GET `/auth/kiosk?link=…`: a link becomes this device's cookie, once; then the wall's page. The address bar, and so a photo
 * of the wall, shows nothing that would open it elsewhere.
 */
export function kioskRoute(app: FastifyInstance, { database, now }: AuthRoutes): void {
  app.get<{ Querystring: { link?: unknown } }>("/auth/kiosk", AUTH_LINK_ROUTE, async (request, reply) => {
    try {
      requireSafeConnection(request);
      const { link } = request.query;
      const { credential, startPath } = await exchangeKiosk(
        database,
        typeof link === "string" ? link : "",
        request.ip,
        now(),
      );
      // The wall is nobody's seat: a session left on the device would win over it.
      clearCookie(request, reply, "jw_session");
      setCredentialCookie(request, reply, "jw_kiosk", credential, KIOSK_COOKIE_S);
      return reply.header("cache-control", "no-store").redirect(startPath, 303);
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === "BUG" || !wantsPage(request)) throw error;
      return sendRefusalPage(reply, error);
    }
  });
}
