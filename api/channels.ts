import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import { AppError, bugError } from "../data/model/errors.ts";
import type { Viewer } from "../data/policy/viewer.ts";
import { isLocal } from "./auth/connection.ts";

/**
 * Who may knock at a channel before its own rules are asked.
 * - `open`: anybody; the channel itself decides field by field, or has nothing to hide.
 * - `viewer`: somebody who signed in, has a token or is a kiosk; UNAUTHENTICATED otherwise.
 * - `session`: anybody; the channel is about one's own session (signing in, out, switching).
 * - `loopback`: a program on this machine, not forwarded by a proxy.
 */
export type ChannelAccess = "open" | "viewer" | "session" | "loopback";

export interface Channel {
  readonly access: ChannelAccess;
  readonly kind:
    | "graphql"
    | "live"
    | "columns"
    | "tiles"
    | "ogc"
    | "photos"
    | "imports"
    | "auth"
    | "export"
    | "static"
    | "health"
    | "metrics";
  /** True when a county's data goes through it: then the differential test must have an adapter for it. */
  readonly carriesData: boolean;
}

/**
 * Every way in and out of the server. A route names its channel in `config.channel`; the server does not start with a
 * route that names none, so that no data leaves by a way that the policy's tests do not know.
 */
export const CHANNELS = {
  graphql: { access: "open", kind: "graphql", carriesData: true },
  live: { access: "viewer", kind: "live", carriesData: true },
  columns: { access: "viewer", kind: "columns", carriesData: true },
  tiles: { access: "viewer", kind: "tiles", carriesData: true },
  ogc: { access: "viewer", kind: "ogc", carriesData: true },
  photos: { access: "viewer", kind: "photos", carriesData: true },
  imports: { access: "viewer", kind: "imports", carriesData: true },
  audit: { access: "viewer", kind: "export", carriesData: true },
  export: { access: "viewer", kind: "export", carriesData: true },
  auth: { access: "session", kind: "auth", carriesData: false },
  client: { access: "open", kind: "static", carriesData: false },
  health: { access: "open", kind: "health", carriesData: false },
  metrics: { access: "loopback", kind: "metrics", carriesData: false },
} as const satisfies Readonly<Record<string, Channel>>;
export type ChannelName = keyof typeof CHANNELS;

declare module "fastify" {
  interface FastifyContextConfig {
    /** The channel that the route belongs to (`api/channels.ts`). */
    channel?: ChannelName;
  }
}

const channelOf = (name: ChannelName | undefined): Channel | undefined => (name ? CHANNELS[name] : undefined);

/** What a request without a viewer is told. */
export const unauthenticated = (at: string): AppError =>
  new AppError("USER", "this needs somebody who is signed in", {
    code: "UNAUTHENTICATED",
    at,
    hint: "Sign in at /account, or send an API token as `Authorization: Bearer …`.",
  });

/** Routes by the channel they belong to, as they were registered. */
export type RoutesByChannel = ReadonlyMap<ChannelName, readonly string[]>;

/**
 * Watches the routes that are registered from now on and guards them by their channel's access; call it before any.
 *
 * @returns ends the registration: throws a BUG error that names the routes without a channel, answers the others
 */
export function watchChannels(
  app: FastifyInstance,
  viewerOf: (request: FastifyRequest) => Promise<Viewer | null>,
): () => RoutesByChannel {
  const routes: RouteOptions[] = [];
  // Kept, not read: a plugin's own hook may still name the channel of routes that others make (static files).
  app.addHook("onRoute", (route) => {
    routes.push(route);
  });
  app.addHook("onRequest", async (request) => {
    const access = channelOf(request.routeOptions.config.channel)?.access;
    const path = request.url.split("?")[0] ?? "";
    if (access === "viewer" && !(await viewerOf(request))) throw unauthenticated(path);
    if (access === "loopback" && !isLocal(request))
      throw new AppError("USER", `${path} answers programs on this machine only`, {
        code: "FORBIDDEN",
        at: path,
        hint: "Ask from the server itself, at its loopback address and without a proxy.",
      });
  });
  return () => {
    const names = (route: RouteOptions): string => `${String(route.method)} ${route.url}`;
    const without = routes.filter((route) => !channelOf(route.config?.channel));
    if (without.length > 0)
      throw bugError(`routes without a channel: ${without.map(names).join(", ")}`, {
        hint: "Name an entry of CHANNELS (api/channels.ts) in the route's config.channel.",
      });
    const byChannel = new Map<ChannelName, string[]>();
    for (const route of routes) {
      const name = route.config?.channel as ChannelName;
      byChannel.set(name, [...(byChannel.get(name) ?? []), names(route)]);
    }
    return byChannel;
  };
}
