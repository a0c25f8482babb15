import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { AppError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { setSessionVisitor } from "../../../db/repositories/session-repository.ts";
import { forgetAccess } from "../../auth/access-cache.ts";
import type { SignedIn } from "../../auth/authenticate.ts";
import { checkAccountPassword } from "../../auth/check-sign-in.ts";
import { type AuthRoutes, accountOf, auditOwn, postRoute, requireSignedIn } from "./auth-routes.ts";

const BODY = z.strictObject({
  on: z.boolean({ error: "is missing: true or false" }),
  password: z.string().max(1000, "is too long").default(""),
});

/**
 * POST `/auth/visitor`: visitor mode (参观模式) for this session. On at once, so that it can be switched on with visitors
 * at the door; off with the password, since whoever stands at the screen then may be one of them.
 */
export function visitorRoute(app: FastifyInstance, routes: AuthRoutes): void {
  const { database, now } = routes;
  const requireOwner = async (signedIn: SignedIn, password: string, address: string): Promise<void> => {
    // Demo accounts have no password, and nothing in them is real.
    if (signedIn.demo) return;
    if (!signedIn.hasPassword)
      throw new AppError("USER", "this account has no password to leave visitor mode with", {
        code: "FORBIDDEN",
        at: "password",
        hint: "Sign out and in again: a new session is not in visitor mode.",
      });
    await checkAccountPassword(database, await accountOf(database, signedIn), password, now(), address);
  };
  postRoute(app, "visitor", BODY, async (request, _reply, { on, password }) => {
    const signedIn = await requireSignedIn(routes, request);
    const { county, sessionId } = signedIn;
    if (!on && signedIn.visitor) await requireOwner(signedIn, password, request.ip);
    await database.transaction({ kind: "auth" }, async (tx) => {
      await setSessionVisitor(tx, county, sessionId, on);
      const entity = { id: toGlobalId("Session", county, sessionId), on };
      await auditOwn(tx, request, signedIn, "session.visitor", entity, now());
    });
    forgetAccess(database);
  });
}
