import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { EXPORT_FORMATS, EXPORT_KINDS, exportOf, isExportKind } from "../../data/exporters/registry.ts";
import { notFound } from "../../data/model/errors.ts";
import { unauthenticated } from "../channels.ts";
import { type ContextOf, viewerScope } from "../context.ts";
import { MAX_ANSWER_MS } from "../hardening/route-limits.ts";
import { auditedBy } from "../services/audit.ts";
import { takeExport } from "../services/exporting/take-export.ts";
import { requireCounty, requireRole } from "../services/require.ts";
import { countyParameter, parseParameters } from "./parameters.ts";

const QUERY = z.strictObject({
  county: countyParameter,
  format: z.enum(EXPORT_FORMATS, { error: `is one of ${EXPORT_FORMATS.join(", ")}` }),
  area: z.string().optional(),
  level: z.string().optional(),
  asOf: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  class: z.string().optional(),
  state: z.string().optional(),
  severity: z.string().optional(),
  source: z.string().optional(),
  late: z.string().optional(),
});

/**
 * `/export/{kind}?county&format&area&level&asOf&from&to&class&state&severity&source&late`: a county's data as a file, cut to what the viewer may
 * read and export. It is sent as it is read; taking it is an entry of the audit log.
 */
export function exportRoutes(app: FastifyInstance, contextOf: ContextOf): void {
  app.get<{ Params: { kind: string } }>(
    "/export/:kind",
    { config: { channel: "export", answerMs: MAX_ANSWER_MS } },
    async (request, reply) => {
      const { kind } = request.params;
      if (!isExportKind(kind))
        throw notFound(`nothing is called "${kind}"`, { at: "kind", hint: `Kinds are ${EXPORT_KINDS.join(", ")}.` });
      const asked = parseParameters(QUERY, request.query);
      const { class: classes, state: states, severity: severities, source: sources, ...query } = asked;
      const context = await contextOf(request);
      const { viewer, database, nowMs } = context;
      if (!viewer) throw unauthenticated("/export");
      requireRole(context, exportOf(kind).resource, "kind");
      const county = await requireCounty(context, query.county);
      const taken = await takeExport(
        { database, scope: viewerScope(context, county.county), viewer, audited: auditedBy(context), nowMs },
        county,
        { ...query, kind, classes, states, severities, sources },
      );
      reply.headers({
        "content-disposition": `attachment; filename="${taken.fileName}"`,
        "cache-control": "private, no-store",
      });
      return reply.type(taken.type).send(Readable.from(taken.bytes));
    },
  );
}
