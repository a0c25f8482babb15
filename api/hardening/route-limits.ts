import type { FastifyInstance, RouteOptions } from "fastify";
import { bugError } from "../../data/model/errors.ts";
import { answerDeadlines } from "./answer-deadlines.ts";

/** Largest body of a route that does not say otherwise, bytes: forms and small JSON. */
export const DEFAULT_BODY_BYTES = 16 * 1024;
/** Nothing may ask for more: files are imported from the machine itself. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** How long an answer may take, milliseconds; a route may ask for less or, up to the maximum, for more. */
export const DEFAULT_ANSWER_MS = 60_000;
export const MAX_ANSWER_MS = 120_000;

declare module "fastify" {
  interface FastifyContextConfig {
    /** How long the answer may take, milliseconds. */
    answerMs?: number;
  }
}

const where = (route: RouteOptions): string => `${String(route.method)} ${route.url}`;

/**
 * Holds every route to a limit of size and time at the moment it is registered: one that is without, or beyond what
 * anything here needs, stops the server from starting. Must be called before the routes (rates are counted for all alike, `rate-limits.ts`).
 *
 * @param lookMs how often answers that take too long are looked for
 * @throws AppError BUG that names the route
 */
export function routeLimits(app: FastifyInstance, lookMs?: number): void {
  app.addHook("onRoute", (route) => {
    const body = route.bodyLimit ?? DEFAULT_BODY_BYTES;
    const time = route.config?.answerMs ?? DEFAULT_ANSWER_MS;
    if (!(body > 0 && body <= MAX_BODY_BYTES))
      throw bugError(`a body of ${body} bytes is too large for ${where(route)}`, { at: route.url });
    if (!(time > 0 && time <= MAX_ANSWER_MS))
      throw bugError(`${time} ms is no time limit for ${where(route)}`, { at: route.url });
    route.bodyLimit = body;
    route.config = { ...route.config, answerMs: time };
  });
  // Only what no route answers (404) has none.
  answerDeadlines(app, ({ routeOptions }) => routeOptions.config.answerMs ?? DEFAULT_ANSWER_MS, lookMs);
}
