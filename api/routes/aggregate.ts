import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { AREA_LEVELS } from "../../data/model/codes.ts";
import { dataVersion } from "../../data/model/data-version.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import type { ContextOf } from "../context.ts";
import { countedColumns, questionKey } from "../services/aggregate/answer.ts";
import { type AskedCases, type AskedCount, checkCaseQuestion } from "../services/aggregate/case-question.ts";
import { versionName } from "../services/live-version.ts";
import { bboxParameter, countyParameter, instantParameter, parseParameters } from "./parameters.ts";

const COLUMNS_TYPE = "application/vnd.jingwei.columns";

const words = (text: string): string[] => text.split(",").map((word) => word.trim());
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z
    .string()
    .transform(words)
    .pipe(z.array(z.enum(values, { error: `is not a list of ${values.join(", ")}` })))
    .optional();
const yesNo = z
  .enum(["true", "false"], { error: "is neither true nor false" })
  .transform((text) => text === "true")
  .optional();

/** Whole seconds, as columns carry them: counts from memory and from SQL must fall on the same side of a bound. */
const second = instantParameter.transform((iso) => Math.floor(Date.parse(iso) / 1000)).optional();

const MAX_CLASSES = 500;

/** Conditions that every count takes; all must hold. */
const CONDITIONS = {
  county: countyParameter,
  inside: z.string().optional(),
  from: second,
  to: second,
  classes: z
    .string()
    .transform(words)
    .pipe(z.array(z.string()).max(MAX_CLASSES, { error: `are more than ${MAX_CLASSES}: name majors instead` }))
    .optional(),
  states: oneOf(INCIDENT_STATES),
  severities: oneOf(INCIDENT_SEVERITIES),
  sources: oneOf(INCIDENT_SOURCES),
  late: yesNo,
};

const cell = z.coerce.number({ error: "is missing: the edge of a square, units of 1e-7 degree" });

type Asked = AskedCases & { readonly county: string };

/** One route of counts: its own parameters, and what they ask to be counted by. */
interface CountRoute<Query extends Asked> {
  readonly path: string;
  readonly parameters: z.ZodType<Query>;
  readonly count: (query: Query) => AskedCount;
}

function serve<Query extends Asked>(app: FastifyInstance, route: CountRoute<Query>, contextOf: ContextOf): void {
  const path = `/columns/${route.path}`;
  app.get(path, { config: { channel: "columns" } }, async (request: FastifyRequest, reply: FastifyReply) => {
    const query = parseParameters(route.parameters, request.query);
    const context = await contextOf(request);
    const question = await checkCaseQuestion(context, query, route.count(query), path);
    const tag = (version: string): string =>
      `W/"${versionName(context, query.county, version)}-${Buffer.from(questionKey(question)).toString("base64url")}"`;
    reply.headers({ "cache-control": "private, no-cache", vary: "cookie, authorization, accept-encoding" });
    const known = request.headers["if-none-match"]?.split(",").map((one) => one.trim());
    const current = tag(dataVersion(question.county));
    if (known?.includes(current)) return reply.code(304).header("etag", current).send();
    const answer = await countedColumns(context, question);
    const { bytes, encoding } = await answer.bytes.form(request.headers["accept-encoding"]);
    if (encoding) reply.header("content-encoding", encoding);
    return reply
      .header("etag", tag(answer.dataVersion))
      .type(COLUMNS_TYPE)
      .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });
}

/**
 * Counts of cases as column files, whatever the window: from memory, roll-ups or SQL (docs/data-plane.md).
 *
 * - `/columns/heat?county&bbox&cell`: squares of the lattice that the box touches, counted whole: columns `x`, `y`
 *   (`floor(coordinate / cell)`), `count`. Default points are left out.
 * - `/columns/trend?county[&by=class|major]`: columns `name` (index in the dictionary `name`), `day` (days since 1970-01-01
 *   of the county's calendar), `count`.
 * - `/columns/ranking?county[&level]`: columns `name` (codes of areas), `count`.
 *
 * All take `inside`, `from`, `to` (whole seconds), `classes`, `states`, `severities`, `sources`, `late`; trend and ranking
 * also `withoutSuspicious`.
 */
export function aggregateRoutes(app: FastifyInstance, contextOf: ContextOf): void {
  serve(
    app,
    {
      path: "heat",
      parameters: z.strictObject({ ...CONDITIONS, bbox: bboxParameter, cell }),
      count: (query) => ({ kind: "heat", bbox: query.bbox, edge: query.cell }),
    },
    contextOf,
  );
  serve(
    app,
    {
      path: "trend",
      parameters: z.strictObject({
        ...CONDITIONS,
        withoutSuspicious: yesNo,
        by: z.enum(["class", "major"], { error: "is neither class nor major" }).default("class"),
      }),
      count: ({ by }) => ({ kind: "trend", by }),
    },
    contextOf,
  );
  serve(
    app,
    {
      path: "ranking",
      parameters: z.strictObject({
        ...CONDITIONS,
        withoutSuspicious: yesNo,
        level: z
          .enum(["town", "community", "grid", "micro"], { error: `is not one of ${AREA_LEVELS.slice(1).join(", ")}` })
          .default("town"),
      }),
      count: ({ level }) => ({ kind: "ranking", level }),
    },
    contextOf,
  );
}
