import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Viewer } from "../../data/policy/viewer.ts";
import { RefusedRequest } from "./request-guards.ts";

/** Most requests in a minute. */
export interface RateLimits {
  /** Of one address (an IPv6 network of /64): an office of a hundred desks behind one router. */
  readonly perAddress: number;
  /** Of one account, token or kiosk, to what reads the database: a wall asks some thirty times, and its map for some hundred tiles a move. */
  readonly perViewer: number;
  /** Of one address to the routes that take a password, a link or a provider's answer. */
  readonly perSignIn: number;
}

export const RATE_LIMITS: RateLimits = { perAddress: 6_000, perViewer: 3_000, perSignIn: 60 };

const WINDOW_MS = 60_000;
/** Addresses and users that are counted at once; beyond, the longest unseen are forgotten. */
const CACHE_SIZE = 10_000;
/** Routes below `/auth/` that take no secret: asked by every page, and the way out. */
const HARMLESS_AUTH = ["/auth/session", "/auth/sign-out"];

const takesSecret = (path: string | undefined): boolean =>
  path?.startsWith("/auth/") === true && !HARMLESS_AUTH.includes(path);

const refusal = (seconds: number): RefusedRequest =>
  new RefusedRequest(429, "too many requests", `Wait ${seconds} seconds and try again.`, { retryAfter: seconds });

/** Counts a request of a viewer. @throws RefusedRequest 429 when there were too many in the last minute */
export type CountViewer = (request: FastifyRequest, viewer: Viewer) => Promise<void>;

/**
 * Limits requests per address on every route and on none (404), harder where secrets are taken; gives back what counts
 * those of a viewer. Counts are this process's own: several processes behind one address each allow as much.
 */
export async function rateLimits(app: FastifyInstance, limits: RateLimits): Promise<CountViewer> {
  await app.register(rateLimit, { global: false, timeWindow: WINDOW_MS, cache: CACHE_SIZE });
  const viewers = new WeakMap<FastifyRequest, string>();
  const byAddress = app.createRateLimit({ max: limits.perAddress });
  const bySignIn = app.createRateLimit({ max: limits.perSignIn });
  const byViewer = app.createRateLimit({
    max: limits.perViewer,
    keyGenerator: (request) => viewers.get(request) ?? "",
  });
  const check = async (count: typeof byAddress, request: FastifyRequest): Promise<void> => {
    const result = await count(request);
    if (!result.isAllowed && result.isExceeded) throw refusal(result.ttlInSeconds);
  };
  app.addHook("onRequest", async (request) => {
    await check(byAddress, request);
    if (takesSecret(request.routeOptions.url)) await check(bySignIn, request);
  });
  return async (request, viewer) => {
    viewers.set(request, viewer.actor);
    await check(byViewer, request);
  };
}
