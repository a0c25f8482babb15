import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { AppError, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { setPassword } from "../../../db/repositories/account-repository.ts";
import { deleteLinksOfAccount } from "../../../db/repositories/one-time-link-repository.ts";
import { deleteSessionsOfAccount } from "../../../db/repositories/session-repository.ts";
import { checkAccountPassword } from "../../auth/check-sign-in.ts";
import { openSession } from "../../auth/open-session.ts";
import { checkPassword, hashPassword, requireGoodPassword } from "../../auth/password.ts";
import { type AuthRoutes, accountOf, auditOwn, postRoute, requireSignedIn, shortText } from "./auth-routes.ts";

const BODY = z.strictObject({ current: z.string().max(1000, "is too long").default(""), next: shortText(1000) });

/**
 * POST `/auth/password`: changes one's password. Ends every session of the account and opens a new one here. Whoever came
 * by a one-time link and must set a password needs no current one: the link was the proof.
 */
export function passwordRoute(app: FastifyInstance, routes: AuthRoutes): void {
  const { database, now } = routes;
  postRoute(app, "password", BODY, async (request, reply, { current, next }) => {
    const signedIn = await requireSignedIn(routes, request);
    const { county, accountId, login } = signedIn;
    const byLink = signedIn.method === "link" && signedIn.mustChangePassword;
    if (signedIn.demo || (!signedIn.hasPassword && !byLink))
      throw new AppError("USER", "this account signs in without a password", {
        code: "FORBIDDEN",
        at: "current",
        hint: signedIn.demo ? "Demo accounts have none." : "Its password is kept by the identity provider.",
      });
    const account = await accountOf(database, signedIn);
    if (!byLink) await checkAccountPassword(database, account, current, now(), request.ip);
    requireGoodPassword(next, login);
    if (account.passwordHash !== null && (await checkPassword(next, account.passwordHash)))
      throw userError("新密码与原密码相同 the new password is the old one", { at: "next", hint: "Choose another." });
    const passwordHash = await hashPassword(next);
    await openSession(database, request, reply, account, "password", now(), {
      grantId: signedIn.grant?.id ?? null,
      before: async (tx) => {
        await setPassword(tx, county, accountId, passwordHash, false);
        await deleteSessionsOfAccount(tx, county, accountId);
        await deleteLinksOfAccount(tx, county, accountId);
        const entity = { id: toGlobalId("Account", county, accountId), first: signedIn.mustChangePassword };
        await auditOwn(tx, request, signedIn, "account.password", entity, now());
      },
    });
  });
}
