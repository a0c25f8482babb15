import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { checkSignIn } from "../../auth/check-sign-in.ts";
import { UnknownLogins } from "../../auth/lockout.ts";
import { openSession } from "../../auth/open-session.ts";
import { type AuthRoutes, postRoute, shortText } from "./auth-routes.ts";

const BODY = z.strictObject({ login: shortText(64), password: shortText(1000) });

/** POST `/auth/sign-in`: login and password → session. 401 with a neutral sentence, 429 while locked. */
export function signInRoute(app: FastifyInstance, { database, now }: AuthRoutes): void {
  const unknown = new UnknownLogins();
  postRoute(app, "sign-in", BODY, async (request, reply, { login, password }) => {
    const account = await checkSignIn(database, unknown, { login, password, address: request.ip }, now());
    await openSession(database, request, reply, account, "password", now());
  });
}
