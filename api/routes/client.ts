import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { AppError } from "../../data/model/errors.ts";

/**
 * Pages of the single-page client (DESIGN section 1); each address is answered with the same document. At `/` it goes to
 * the seat of whoever signed in.
 */
export const SEAT_ROUTES = [
  "/",
  "/sign-in",
  "/account",
  "/wall",
  "/desk",
  "/plan",
  "/plan/layers",
  "/plan/print",
  "/field",
  "/admin",
  "/admin/users",
  "/admin/tokens",
  "/admin/kiosks",
  "/admin/audit",
  "/admin/workflows",
  "/admin/import",
  "/admin/basemap",
  "/admin/health",
  "/admin/move",
] as const;

/** Files that hold no county's data. */
const CLIENT = { config: { channel: "client" } } as const;

/**
 * The built client: hashed files under `/assets/` never change, the document itself is asked for again each time.
 *
 * @param clientDir folder with `index.html` and `assets/`
 */
export async function clientRoutes(app: FastifyInstance, clientDir: string): Promise<void> {
  const index = join(clientDir, "index.html");
  if (existsSync(clientDir)) {
    await app.register(async (scope) => {
      scope.addHook("onRoute", (route) => {
        route.config = { ...route.config, ...CLIENT.config };
      });
      await scope.register(fastifyStatic, {
        root: clientDir,
        prefix: "/",
        index: false,
        cacheControl: false,
        setHeaders: (response, path) => {
          const hashed = path.startsWith(join(clientDir, "assets/"));
          response.header("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
        },
      });
    });
  }
  for (const route of SEAT_ROUTES) {
    app.get(route, CLIENT, async (_request, reply) => {
      if (!existsSync(index))
        throw new AppError("USER", "the client is not built", {
          code: "NOT_FOUND",
          at: route,
          hint: "Run `npm run build` and start again.",
        });
      return reply
        .header("cache-control", "no-cache")
        .type("text/html; charset=utf-8")
        .send(await readFile(index));
    });
  }
}
