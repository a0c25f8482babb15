import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { userError } from "../../data/model/errors.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import {
  type AuditLogFilter,
  type AuditRow,
  countAuditLog,
  listAuditLog,
} from "../../db/repositories/audit-log-repository.ts";
import { appendAudit } from "../../db/repositories/audit-repository.ts";
import { type ContextOf, nowIso, type RequestContext } from "../context.ts";
import { asAuditor, auditedBy, checkAuditFilter, filterFacts, requireAuditor } from "../services/audit.ts";
import { checkedReason } from "../services/identity/checked-input.ts";

const instant = z
  .string()
  .refine((text) => /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) && !Number.isNaN(Date.parse(text)), {
    message: "is not an instant: ISO 8601 with offset (write + as %2B)",
  })
  .transform((text) => new Date(text).toISOString());

const QUERY = z.strictObject({
  county: z.string({ error: "is missing: a six-digit county code, 000000 for the server" }),
  from: instant.optional(),
  to: instant.optional(),
  actor: z.string().optional(),
  action: z.string().optional(),
  entity: z.string().optional(),
  reason: z.string().optional(),
});

function parse(query: unknown): z.output<typeof QUERY> {
  const result = QUERY.safeParse(query);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.code === "unrecognized_keys")
    throw userError(`unknown parameter ${issue.keys.join(", ")}`, { at: issue.keys[0] ?? "query" });
  const name = String(issue?.path[0] ?? "query");
  throw userError(`${name} ${issue?.message ?? "is wrong"}`, { at: name });
}

/** Rows that are read at a time: the file grows as it is sent, not in memory. */
const PAGE = 1000;

const COLUMNS = [
  "seq",
  "at",
  "actor",
  "actorName",
  "role",
  "address",
  "action",
  "entity",
  "reason",
  "id",
  "hash",
] as const satisfies readonly (keyof AuditRow)[];

/** A cell of RFC 4180. What a spreadsheet would take for a formula gets an apostrophe before it. */
function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const line = (cells: readonly (string | number | null)[]): string => `${cells.map(cell).join(",")}\r\n`;

/** The first line of the file: whose copy it is. */
const watermark = (viewer: Viewer, county: string, at: string, count: number): string =>
  line([
    `经纬审计日志 Jingwei audit log ${county}`,
    `导出人 exported by ${viewer.name} (${viewer.actor})`,
    `导出时间 at ${at}`,
    `条数 rows ${count}`,
  ]);

async function* csv(
  context: RequestContext,
  county: string,
  filter: AuditLogFilter,
  head: string,
): AsyncGenerator<string> {
  // Excel takes UTF-8 for what it is only behind a byte order mark.
  yield `\ufeff${head}${line(COLUMNS)}`;
  let last: string | undefined;
  for (let more = true; more; ) {
    const after = last;
    const rows = await asAuditor(context, county, "county", (tx) =>
      listAuditLog(tx, county, filter, "oldest", after, PAGE),
    );
    yield rows.map((row) => line(COLUMNS.map((column) => row[column]))).join("");
    last = rows.at(-1)?.id;
    more = rows.length === PAGE;
  }
}

/**
 * `/audit.csv?county&from&to&actor&action&entity&reason`: the audit log as a file, for auditors of the county. The export is
 * itself an entry of the log, and the file's first line says who took it and when.
 */
export function auditExportRoutes(app: FastifyInstance, contextOf: ContextOf): void {
  app.get("/audit.csv", { config: { channel: "audit" } }, async (request, reply) => {
    const { county, reason, ...input } = parse(request.query);
    const context = await contextOf(request);
    const viewer = requireAuditor(context, county);
    // What is written from now on, the export's own entry among it, is not in the file: it has an end that stays.
    const filter = { ...checkAuditFilter(input, ""), to: input.to ?? nowIso(context) };
    const why = checkedReason(reason);
    const at = nowIso(context);
    const count = await asAuditor(context, county, "county", async (tx) => {
      const rows = await countAuditLog(tx, county, filter);
      await appendAudit(tx, county, {
        ...auditedBy(context),
        action: "audit.export",
        entity: { format: "csv", rows, filter: filterFacts(filter) },
        reason: why,
        at,
      });
      return rows;
    });
    reply.headers({
      "content-disposition": `attachment; filename="jingwei-audit-${county}-${at.slice(0, 10)}.csv"`,
      "cache-control": "private, no-store",
    });
    return reply
      .type("text/csv; charset=utf-8")
      .send(Readable.from(csv(context, county, filter, watermark(viewer, county, at, count))));
  });
}
