import type { FastifyInstance } from "fastify";
import { AppError } from "../../../data/model/errors.ts";
import { requireSafeConnection } from "../../auth/connection.ts";
import { spendOneTimeLink } from "../../auth/one-time-link.ts";
import { openSession } from "../../auth/open-session.ts";
import { AUTH_LINK_ROUTE, type AuthRoutes } from "./auth-routes.ts";

/** GET `/auth/first?link=…`: a one-time link signs its account in; then the page that sets a password. */
export function firstRoute(app: FastifyInstance, { database, now }: AuthRoutes): void {
  app.get<{ Querystring: { link?: unknown } }>("/auth/first", AUTH_LINK_ROUTE, async (request, reply) => {
    requireSafeConnection(request);
    const { link } = request.query;
    const account = typeof link === "string" ? await spendOneTimeLink(database, link, now()) : undefined;
    if (!account)
      throw new AppError("USER", "链接无效、已使用或已过期 this link is wrong, used or over", {
        code: "UNAUTHENTICATED",
        at: "link",
        hint: "It works once, within 24 hours. Start the server again for a new one, or ask an administrator.",
      });
    await openSession(database, request, reply, account, "link", now());
    return reply.header("cache-control", "no-store").redirect("/account?first", 303);
  });
}
