import type { FastifyInstance } from "fastify";
import type { AuthRoutes } from "./auth-routes.ts";
import { demoRoute } from "./demo.ts";
import { firstRoute } from "./first.ts";
import { grantRoute } from "./grant.ts";
import { kioskRoute } from "./kiosk.ts";
import { oidcRoutes } from "./oidc.ts";
import { passwordRoute } from "./password.ts";
import { sessionRoute } from "./session.ts";
import { signInRoute } from "./sign-in.ts";
import { signOutRoute } from "./sign-out.ts";
import { visitorRoute } from "./visitor.ts";

/** Everything below `/auth/`: about one's own session. */
export function authRoutes(app: FastifyInstance, routes: AuthRoutes): void {
  for (const register of [
    sessionRoute,
    signInRoute,
    demoRoute,
    passwordRoute,
    grantRoute,
    visitorRoute,
    signOutRoute,
    firstRoute,
    kioskRoute,
    oidcRoutes,
  ])
    register(app, routes);
}
