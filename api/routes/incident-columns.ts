import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { type ColumnTable, encodeColumns, packColumns } from "../../data/columns/format.ts";
import { INCIDENT_FIELDS } from "../../data/columns/incident-columns.ts";
import { dataVersion } from "../../data/model/data-version.ts";
import { userError } from "../../data/model/errors.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import { cutKey, type IncidentCut, incidentCut, seesEveryCase } from "../../data/policy/incident-cut.ts";
import type { IncidentListFilter } from "../../db/repositories/incident-filter.ts";
import { type ContextOf, nowIso, type RequestContext } from "../context.ts";
import { tableHash } from "../hot/slab-book.ts";
import type { CountyModel } from "../mappers.ts";
import { caseColumns } from "../services/case-columns.ts";
import { CaseSlabBooks, caseSlabs, casesEtag } from "../services/case-slabs.ts";
import { currentCounty } from "../services/current-county.ts";
import { kioskPointsFrom } from "../services/kiosk.ts";
import { checkBbox, requireCounty, requireInside, requireRole } from "../services/require.ts";
import { required } from "../services/required.ts";
import { ByteBudgetCache, CachedBytes, SharedFlights } from "../tiles/tile-cache.ts";
import {
  COLUMNS_TYPE,
  countyParameter as county,
  instantParameter as instant,
  isKnown,
  parseParameters as parse,
} from "./parameters.ts";

/** Compressed slabs that are kept, bytes over all counties and cuts: some 200 slabs of 32,768 cases. */
const SLAB_CACHE_BYTES = 96 * 1024 * 1024;
/** Questions whose ETag is remembered. */
const MAX_REMEMBERED = 1000;
/** Numbers in a list of cases: what changed within a moment (web/plane). */
const MAX_REFS = 500;
/** Codes in a list of classes. */
const MAX_CLASSES = 500;

const list = <Item extends string>(items: readonly Item[]) =>
  z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(items as [Item, ...Item[]], { error: `is not a list of ${items.join(", ")}` })));
const flag = z.enum(["true", "false"], { error: "is neither true nor false" }).transform((text) => text === "true");

const PARAMETERS = z.strictObject({
  county,
  inside: z.string().optional(),
  from: instant.optional(),
  to: instant.optional(),
  bbox: z
    .string()
    .transform((text) => text.split(",").map(Number))
    .pipe(z.tuple([z.number(), z.number(), z.number(), z.number()], { error: "is not west,south,east,north" }))
    .optional(),
  classes: z
    .string()
    .regex(/^(\d{2}|\d{5})(,(\d{2}|\d{5}))*$/, "is not a list of classes of five digits or majors of two")
    .transform((text) => text.split(","))
    .refine((codes) => codes.length <= MAX_CLASSES, { message: `has more than ${MAX_CLASSES} classes` })
    .optional(),
  states: list(INCIDENT_STATES).optional(),
  severities: list(INCIDENT_SEVERITIES).optional(),
  sources: list(INCIDENT_SOURCES).optional(),
  open: flag.optional(),
  late: flag.optional(),
  withoutSuspicious: flag.optional(),
  refs: z
    .string()
    .regex(/^\d{1,10}(,\d{1,10})*$/, "is not a list of numbers of cases")
    .transform((text) => text.split(",").map(Number))
    .refine((refs) => refs.length <= MAX_REFS, { message: `has more than ${MAX_REFS} cases` })
    .refine((refs) => refs.every((ref) => ref < 2 ** 31), { message: "has a number that no case can have" })
    .optional(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,7}$/, "is not a number of cases from 1 on")
    .transform(Number)
    .optional(),
  fields: list(INCIDENT_FIELDS)
    .refine((names) => new Set(names).size === names.length, { message: "names a column twice" })
    .optional(),
  encoding: z.enum(["plain", "packed"], { error: "is neither plain nor packed" }).default("plain"),
});
type Query = z.output<typeof PARAMETERS>;

/** The question of a request, checked; `inside` must lie in the viewer's area. */
async function filterOf(context: RequestContext, query: Query): Promise<IncidentListFilter> {
  if (query.from && query.to && query.from >= query.to)
    throw userError(`from ${query.from} is not before to ${query.to}`, { at: "to" });
  if (query.inside !== undefined && query.inside !== query.county) {
    if (!query.inside.startsWith(query.county))
      throw userError(`${query.inside} does not lie in ${query.county}`, { at: "inside" });
    await requireInside(context, query.inside, nowIso(context), "incident", "inside");
  }
  const { encoding: _, limit: __, fields: ___, county: code, inside, bbox, ...filter } = query;
  const [west, south, east, north] = bbox ?? [];
  const box =
    west === undefined || south === undefined || east === undefined || north === undefined
      ? undefined
      : checkBbox({ west, south, east, north }, "bbox");
  return { ...filter, inside: inside ?? code, bbox: box };
}

interface Answer {
  readonly etag: string;
  /** A slab is compressed once and kept, other answers are compressed as they leave. */
  readonly bytes: Uint8Array | CachedBytes;
}

/** Cases as columns, whole or in slabs, as far as the viewer may see them. */
export function incidentColumnsRoutes(app: FastifyInstance, contextOf: ContextOf): void {
  const cache = new ByteBudgetCache<CachedBytes>(SLAB_CACHE_BYTES);
  const flights = new SharedFlights<Answer>();
  const remembered = new Map<string, { readonly version: string; readonly etag: string }>();
  const books = new CaseSlabBooks();

  const begin = async (request: FastifyRequest, code: string) => {
    const context = await contextOf(request);
    requireRole(context, "incident", "/columns/incidents");
    const model = await requireCounty(context, code, "county", currentCounty);
    // Whoever may read cases somewhere and reaches the county has a cut there.
    return { context, model, cut: required(incidentCut(context.viewer, code), "cut of cases") };
  };

  /** What a question is remembered by: who asks is the cut and nothing else. */
  const keyOf = (context: RequestContext, model: CountyModel, cut: IncidentCut, query: Query): string =>
    JSON.stringify([cutKey(cut), kioskPointsFrom(context.viewer, model) ?? "", query]);

  /** What an answer is good for: lateness also changes with the clock, and with it a kiosk's cells. */
  const versionOf = (model: CountyModel, cut: IncidentCut, query: Query): string =>
    query.late === undefined && cut.pointDays === null ? dataVersion(model) : `${dataVersion(model)} ${model.asOf}`;

  const answer = async (context: RequestContext, model: CountyModel, cut: IncidentCut, query: Query, key: string) => {
    const filter = await filterOf(context, query);
    const table = await caseColumns(context, model, filter, query.limit, query.fields);
    const plain = query.encoding === "plain";
    // Whoever sees every case is told the data version, others the name of the content: the version also changes with
    // cases that they do not see. Slabs are named by their content for everybody, so that they stay as they are.
    const etag =
      plain && seesEveryCase(cut)
        ? `W/"${table.version}-${cutKey(cut)}-${shortHash(key)}"`
        : casesEtag(context, cut, query.fields ? contentHash(table) : tableHash(table));
    remembered.delete(key);
    // Lists of cases are asked for once: they would push out what is asked for again.
    if (!query.refs) remembered.set(key, { version: versionOf(model, cut, query), etag });
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    const named: ColumnTable = { ...table, version: etag.slice(3, -1) };
    if (plain) return { etag, bytes: encodeColumns(named) };
    const known = cache.get(etag) ?? new CachedBytes(packColumns(named));
    cache.set(etag, known, known.size);
    return { etag, bytes: known };
  };

  app.get("/columns/incidents", { config: { channel: "columns" } }, async (request, reply) => {
    const query = parse(PARAMETERS, request.query);
    const { context, model, cut } = await begin(request, query.county);
    const key = keyOf(context, model, cut, query);
    const version = versionOf(model, cut, query);
    const last = remembered.get(key);
    if (last?.version === version && isKnown(request, last.etag)) return notModified(reply, last.etag);
    const cached = last?.version === version && query.encoding === "packed" ? cache.get(last.etag) : undefined;
    const { etag, bytes } =
      last && cached
        ? { etag: last.etag, bytes: cached }
        : await flights.join(`${version} ${key}`, () => answer(context, model, cut, query, key));
    if (isKnown(request, etag)) return notModified(reply, etag);
    headers(reply, etag).type(COLUMNS_TYPE);
    const form =
      bytes instanceof CachedBytes
        ? await bytes.form(request.headers["accept-encoding"])
        : { bytes, encoding: undefined };
    if (form.encoding) reply.header("content-encoding", form.encoding);
    return reply.send(Buffer.from(form.bytes.buffer, form.bytes.byteOffset, form.bytes.byteLength));
  });

  app.get("/columns/incidents/slabs", { config: { channel: "columns" } }, async (request, reply) => {
    const query = parse(z.strictObject({ county }), request.query);
    const { context, model, cut } = await begin(request, query.county);
    const slabs = required(await caseSlabs(context, model, books), "slabs of cases");
    const etag = `W/"${slabs.version}-${cutKey(cut)}"`;
    if (isKnown(request, etag)) return notModified(reply, etag);
    return headers(reply, etag).type("application/json; charset=utf-8").send(JSON.stringify(slabs));
  });
}

/** Hash of some columns: unlike `tableHash` it needs no column in particular, but goes by rows in their order. */
function contentHash({ columns, dictionaries }: ColumnTable): string {
  const hash = createHash("sha256").update(JSON.stringify(dictionaries));
  for (const name of Object.keys(columns).sort()) hash.update(`\n${name} `).update(columns[name] ?? "");
  return hash.digest("base64url").slice(0, 22);
}

/** Tells questions apart in ETags. */
const shortHash = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 10);

const headers = (reply: FastifyReply, etag: string): FastifyReply =>
  reply.headers({ etag, "cache-control": "private, no-cache", vary: "cookie, authorization, accept-encoding" });
const notModified = (reply: FastifyReply, etag: string): FastifyReply => headers(reply, etag).code(304).send();
