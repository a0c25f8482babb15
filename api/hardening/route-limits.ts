import type { FastifyInstance, RouteOptions } from "fastify";
import { bugError } from "../../data/model/errors.ts";

/** Largest body of a route that does not say otherwise, bytes: forms and small JSON. */
export const DEFAULT_BODY_BYTES = 16 * 1024;
/** Nothing may ask for more: files are imported from the machine itself. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** How long a request may be worked on, milliseconds; a route may ask for less or, up to the maximum, for more. */
export const DEFAULT_HANDLER_MS = 60_000;
export const MAX_HANDLER_MS = 120_000;

const where = (route: RouteOptions): string => `${String(route.method)} ${route.url}`;

/**
 * Holds every route to a limit of size and time at the moment it is registered: one that is without, or beyond what
 * anything here needs, stops the server from starting. Must be called before the routes (rates are counted for all alike, `rate-limits.ts`).
 *
 * @throws AppError BUG that names the route
 */
export function routeLimits(app: FastifyInstance): void {
  app.addHook("onRoute", (route) => {
    const body = route.bodyLimit ?? DEFAULT_BODY_BYTES;
    const time = route.handlerTimeout ?? DEFAULT_HANDLER_MS;
    if (!(body > 0 && body <= MAX_BODY_BYTES))
      throw bugError(`a body of ${body} bytes is too large for ${where(route)}`, { at: route.url });
    if (!(time > 0 && time <= MAX_HANDLER_MS))
      throw bugError(`${time} ms is no time limit for ${where(route)}`, { at: route.url });
    route.bodyLimit = body;
    route.handlerTimeout = time;
  });
}
