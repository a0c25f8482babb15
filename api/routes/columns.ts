import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { cellsBefore, openedBetween } from "../../data/columns/cells.ts";
import { encodeColumns } from "../../data/columns/format.ts";
import { AREA_LEVELS } from "../../data/model/codes.ts";
import { userError } from "../../data/model/errors.ts";
import type { Resource } from "../../data/policy/policy.ts";
import { mayRead, type Viewer } from "../../data/policy/viewer.ts";
import type { Transaction } from "../../db/driver.ts";
import {
  buildingColumnTable,
  cameraColumnTable,
  incidentColumnTable,
} from "../../db/repositories/columns-repository.ts";
import {
  areaFeatures,
  compoundFeatures,
  contextFeatures,
  footprintFeatures,
} from "../../db/repositories/geojson-repository.ts";
import { type ContextOf, inCounty, nowIso, type RequestContext } from "../context.ts";
import type { CountyModel } from "../mappers.ts";
import { kioskPointsFrom } from "../services/kiosk.ts";
import { readingOf } from "../services/loaders.ts";
import { requireCounty, requireRole } from "../services/require.ts";
import { required } from "../services/required.ts";
import { countyParameter as county, instantParameter as instant, parseParameters as parse } from "./parameters.ts";

const COLUMNS_TYPE = "application/vnd.jingwei.columns";
const GEOJSON_TYPE = "application/geo+json";

/** Ownership runs out with the clock: its answers are new every hour even when nothing was loaded. */
const OWNERSHIP_PERIOD_MS = 3_600_000;

/** Parameters of each layer; unknown ones are refused, so that a typo does not go unseen. */
const PARAMETERS = {
  county: z.strictObject({ county }),
  incidents: z.strictObject({ county, from: instant.optional(), to: instant.optional() }),
  areas: z.strictObject({
    county,
    levels: z
      .string()
      .transform((text) => text.split(","))
      .pipe(z.array(z.enum(AREA_LEVELS, { error: `is not a list of ${AREA_LEVELS.join(", ")}` })))
      .default([...AREA_LEVELS]),
  }),
};

/** One layer of the data plane. */
interface Layer<Query> {
  readonly type: string;
  /** What the viewer must be allowed to read somewhere; the database cuts the rows to where. */
  readonly resource: Resource;
  readonly parameters: z.ZodType<Query>;
  /** True when changes of cases make it another one, not only loads. */
  readonly live?: boolean;
  /** Part of the ETag that changes with time alone. */
  readonly period?: (context: RequestContext, county: CountyModel) => string;
  readonly read: (context: RequestContext, county: CountyModel, query: Query) => Promise<Uint8Array>;
}

type CountyQuery = z.output<(typeof PARAMETERS)["county"]>;
const geojson = async (bytes: Promise<Uint8Array | undefined>): Promise<Uint8Array> =>
  required(await bytes, "features of the layer");
const plain = (
  read: (tx: Transaction, county: CountyModel, viewer: Viewer | null) => Promise<Uint8Array>,
  type: string,
  resource: Resource,
): Layer<CountyQuery> => ({
  type,
  resource,
  parameters: PARAMETERS.county,
  read: (context, model) => inCounty(context, model.county, (tx) => read(tx, model, context.viewer)),
});

const incidents: Layer<z.output<(typeof PARAMETERS)["incidents"]>> = {
  type: COLUMNS_TYPE,
  resource: "incident",
  parameters: PARAMETERS.incidents,
  live: true,
  period: (context, county) => {
    const from = kioskPointsFrom(context.viewer, county);
    return from === undefined ? "" : `-${from}`;
  },
  read: async (context, model, query) => {
    if (query.from && query.to && query.from >= query.to)
      throw userError(`from ${query.from} is not before to ${query.to}`, { at: "to" });
    const reading = readingOf(context, model);
    const read = (from?: string, to?: string) =>
      inCounty(context, model.county, (tx) => incidentColumnTable(tx, reading, { inside: model.county, from, to }));
    const points = kioskPointsFrom(context.viewer, model);
    if (points === undefined) return encodeColumns(await read(query.from, query.to));
    // Cut after times became days: otherwise the bounds of a request could close in on the true ones.
    const seconds = (iso: string | undefined) => (iso === undefined ? undefined : Date.parse(iso) / 1000);
    const cells = cellsBefore(await read(), points, model.timezone);
    return encodeColumns(openedBetween(cells, seconds(query.from), seconds(query.to)));
  },
};

const areas: Layer<z.output<(typeof PARAMETERS)["areas"]>> = {
  type: GEOJSON_TYPE,
  resource: "map",
  parameters: PARAMETERS.areas,
  period: ({ nowMs }) => `-${Math.floor(nowMs / OWNERSHIP_PERIOD_MS)}`,
  read: (context, model, query) =>
    inCounty(context, model.county, (tx) =>
      geojson(areaFeatures(tx, model.county, query.levels, nowIso(context), mayRead(context.viewer, "duty"))),
    ),
};

/** Part of the ETag that tells answers of different viewers apart: equal scopes share what they hold. */
const scopeTag = (viewer: Viewer | null): string =>
  [viewer?.role, viewer?.area, viewer?.visitor ? "visitor" : "", viewer?.pointDays ?? ""].join(".");

/** Serves a layer with an ETag made of the data's version, the viewer's scope and the parameters. */
function serve<Query>(app: FastifyInstance, path: string, layer: Layer<Query>, contextOf: ContextOf): void {
  app.get(
    `/columns/${path}`,
    { config: { channel: "columns" } },
    async (request: FastifyRequest, reply: FastifyReply) => {
      const query = parse(layer.parameters, request.query);
      const context = await contextOf(request);
      requireRole(context, layer.resource, `/columns/${path}`);
      const model = await requireCounty(context, (query as CountyQuery).county);
      const parameters = Buffer.from(JSON.stringify(query)).toString("base64url");
      const version = layer.live ? `${model.contentVersion}.${model.liveVersion}` : model.contentVersion;
      const etag = `W/"${version}${layer.period?.(context, model) ?? ""}-${scopeTag(context.viewer)}-${parameters}"`;
      reply.headers({ etag, "cache-control": "private, no-cache", vary: "cookie, authorization" });
      const known = request.headers["if-none-match"]?.split(",").map((one) => one.trim());
      if (known?.includes(etag)) return reply.code(304).send();
      const bytes = await layer.read(context, model, query);
      return reply.type(layer.type).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  );
}

/** The map's data plane: whole layers of a county, binary columns or GeoJSON, as far as the viewer may see them. */
export function columnsRoutes(app: FastifyInstance, contextOf: ContextOf): void {
  serve(app, "incidents", incidents, contextOf);
  serve(
    app,
    "cameras",
    plain(
      async (tx, { county: code, asOf }, viewer) =>
        encodeColumns(await cameraColumnTable(tx, code, asOf, mayRead(viewer, "camera_device"))),
      COLUMNS_TYPE,
      "camera",
    ),
    contextOf,
  );
  serve(
    app,
    "buildings",
    plain(
      async (tx, model) => encodeColumns(await buildingColumnTable(tx, model.county, model.asOf)),
      COLUMNS_TYPE,
      "household",
    ),
    contextOf,
  );
  serve(app, "areas", areas, contextOf);
  serve(
    app,
    "context",
    plain((tx, { county: code }) => geojson(contextFeatures(tx, code)), GEOJSON_TYPE, "map"),
    contextOf,
  );
  serve(
    app,
    "footprints",
    plain((tx, { county: code }) => geojson(footprintFeatures(tx, code)), GEOJSON_TYPE, "household"),
    contextOf,
  );
  serve(
    app,
    "compounds",
    plain((tx, { county: code }) => geojson(compoundFeatures(tx, code)), GEOJSON_TYPE, "map"),
    contextOf,
  );
}
