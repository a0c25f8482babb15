import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { notFound } from "../../../data/model/errors.ts";
import { parseGlobalId, toGlobalId } from "../../../data/model/ids.ts";
import { grantById } from "../../../db/repositories/grant-repository.ts";
import { setSessionGrant } from "../../../db/repositories/session-repository.ts";
import { forgetAccess } from "../../auth/access-cache.ts";
import { type AuthRoutes, auditOwn, postRoute, requireSignedIn, shortText } from "./auth-routes.ts";

const BODY = z.strictObject({ grant: shortText(100) });

/** POST `/auth/grant`: the session acts under another grant of its account. */
export function grantRoute(app: FastifyInstance, routes: AuthRoutes): void {
  const { database, now } = routes;
  postRoute(app, "grant", BODY, async (request, _reply, body) => {
    const signedIn = await requireSignedIn(routes, request);
    const { county, accountId, sessionId } = signedIn;
    const id = parseGlobalId(body.grant);
    await database.transaction({ kind: "auth" }, async (tx) => {
      const grant = id?.type === "Grant" && id.county === county ? await grantById(tx, county, id.id) : undefined;
      // Somebody else's is not there.
      if (grant?.accountId !== accountId)
        throw notFound(`this account has no grant ${body.grant}`, {
          at: "grant",
          hint: "GET /auth/session lists those that hold.",
        });
      await setSessionGrant(tx, county, sessionId, grant.id);
      const entity = { id: toGlobalId("Session", county, sessionId), grant: body.grant, role: grant.role };
      await auditOwn(tx, request, signedIn, "session.grant", entity, now());
    });
    forgetAccess(database);
  });
}
