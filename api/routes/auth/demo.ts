import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { demoAccountOf } from "../../auth/demo-seats.ts";
import { openSession } from "../../auth/open-session.ts";
import { type AuthRoutes, postRoute, shortText } from "./auth-routes.ts";

const BODY = z.strictObject({ login: shortText(64) });

/** POST `/auth/demo`: signs a demo account in without a password; refused where there is no such account. */
export function demoRoute(app: FastifyInstance, { database, now }: AuthRoutes): void {
  postRoute(app, "demo", BODY, async (request, reply, { login }) => {
    const account = await demoAccountOf(database, login);
    await openSession(database, request, reply, account, "demo", now());
  });
}
