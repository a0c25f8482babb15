import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { toGlobalId } from "../../../data/model/ids.ts";
import { deleteSession, deleteSessionsOfAccount } from "../../../db/repositories/session-repository.ts";
import { forgetAccess } from "../../auth/access-cache.ts";
import { clearCookie } from "../../auth/cookies.ts";
import { type AuthRoutes, auditOwn, postRoute } from "./auth-routes.ts";

const BODY = z.strictObject({ everywhere: z.boolean().default(false) });

/** POST `/auth/sign-out`: ends this session, or all of the account; fine for somebody who is signed out already. */
export function signOutRoute(app: FastifyInstance, routes: AuthRoutes): void {
  const { database, now } = routes;
  postRoute(app, "sign-out", BODY, async (request, reply, { everywhere }) => {
    const { signedIn } = await routes.identityOf(request);
    if (signedIn) {
      const { county, accountId, sessionId } = signedIn;
      await database.transaction({ kind: "auth" }, async (tx) => {
        if (everywhere) await deleteSessionsOfAccount(tx, county, accountId);
        else await deleteSession(tx, county, sessionId);
        const entity = { id: toGlobalId("Session", county, sessionId), everywhere };
        await auditOwn(tx, request, signedIn, "session.close", entity, now());
      });
      forgetAccess(database);
    }
    clearCookie(request, reply, "jw_session");
  });
}
