import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { ContextOf } from "../context.ts";
import { nowIso } from "../context.ts";
import { planBase } from "../services/plan/plan-base.ts";
import { requireViewer } from "../services/report/actor.ts";
import { requireArea } from "../services/require.ts";
import { instantParameter, isKnown, parseParameters } from "./parameters.ts";

const PARAMETERS = z.strictObject({
  scope: z.string({ error: "is missing: the code of a county, town or community" }),
  at: instantParameter.optional(),
});

/**
 * GET `/columns/plan-base?scope&at`: all that the boundary desk opens (`data/planning/plan-base.ts`), as JSON: lowest areas with
 * their exact ground, compounds, buildings with households, lines to snap to; at an instant, now when absent. For who may read
 * plans there; buildings as far as the viewer's area goes.
 */
export function planBaseRoutes(app: FastifyInstance, contextOf: ContextOf): void {
  app.get("/columns/plan-base", { config: { channel: "columns" } }, async (request, reply) => {
    const query = parseParameters(PARAMETERS, request.query);
    const context = await contextOf(request);
    const { role } = requireViewer(context, "/columns/plan-base");
    const at = query.at ?? nowIso(context);
    const { county } = await requireArea(context, query.scope, at, "plan", "scope", ["county", "town", "community"]);
    const base = await planBase(context, county, query.scope, at, role);
    // The instant alone makes no other answer: boundaries change at midnight of a publication's day.
    const content = JSON.stringify({ ...base, at: "" });
    const etag = `W/"${createHash("sha256").update(content).digest("base64url").slice(0, 22)}"`;
    reply.headers({ etag, "cache-control": "private, no-cache", vary: "cookie, authorization" });
    if (isKnown(request, etag)) return reply.code(304).send();
    return reply.type("application/json; charset=utf-8").send(JSON.stringify(base));
  });
}
