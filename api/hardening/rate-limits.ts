import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import type { Viewer } from "../../data/policy/viewer.ts";
import { RefusedRequest } from "./request-guards.ts";

/** Most requests in a minute. */
export interface RateLimits {
  /** Of one address (an IPv6 network of /64): an office of a hundred desks behind one router. */
  readonly perAddress: number;
  /** Of one account, token or kiosk, to what reads the database: a wall polls some thirty times. */
  readonly perViewer: number;
  /** Of one address to each route that takes a password, a link or a provider's answer. */
  readonly perSignIn: number;
}

export const RATE_LIMITS: RateLimits = { perAddress: 6_000, perViewer: 1_200, perSignIn: 60 };

const WINDOW_MS = 60_000;
/** Addresses and users that are counted at once; beyond, the longest unseen are forgotten. */
const CACHE_SIZE = 10_000;
/** Routes below `/auth/` that take no secret: asked by every page, and the way out. */
const HARMLESS_AUTH = ["/auth/session", "/auth/sign-out"];

const takesSecret = (route: RouteOptions): boolean =>
  route.url.startsWith("/auth/") && !HARMLESS_AUTH.includes(route.url);

const refusal = (seconds: number): RefusedRequest =>
  new RefusedRequest(429, "too many requests", `Wait ${seconds} seconds and try again.`);

/** Counts a request of a viewer. @throws RefusedRequest 429 when there were too many in the last minute */
export type CountViewer = (request: FastifyRequest, viewer: Viewer) => Promise<void>;

/**
 * Limits requests per address on every route, harder where secrets are taken; gives back what counts those of a viewer.
 * Counts are this process's own: several processes behind one address each allow as much.
 */
export async function rateLimits(app: FastifyInstance, limits: RateLimits): Promise<CountViewer> {
  app.addHook("onRoute", (route) => {
    if (!takesSecret(route)) return;
    route.config = { ...route.config, rateLimit: { max: limits.perSignIn, timeWindow: WINDOW_MS } };
  });
  const quiet = { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false };
  await app.register(rateLimit, {
    max: limits.perAddress,
    timeWindow: WINDOW_MS,
    cache: CACHE_SIZE,
    addHeaders: { ...quiet, "retry-after": true },
    addHeadersOnExceeding: quiet,
    errorResponseBuilder: (_request, { ttl }) => refusal(Math.ceil(ttl / 1000)),
  });
  const viewers = new WeakMap<FastifyRequest, string>();
  const count = app.createRateLimit({
    max: limits.perViewer,
    timeWindow: WINDOW_MS,
    keyGenerator: (request) => viewers.get(request) ?? "",
  });
  return async (request, viewer) => {
    viewers.set(request, viewer.actor);
    const result = await count(request);
    if (!result.isAllowed && result.isExceeded) throw refusal(result.ttlInSeconds);
  };
}
