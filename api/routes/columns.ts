import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { encodeColumns } from "../../data/columns/format.ts";
import { CONTEXT_KINDS } from "../../data/model/area.ts";
import { AREA_LEVELS } from "../../data/model/codes.ts";
import type { Resource } from "../../data/policy/policy.ts";
import { mayRead, type Viewer } from "../../data/policy/viewer.ts";
import type { Transaction } from "../../db/driver.ts";
import { buildingColumnTable, cameraColumnTable } from "../../db/repositories/columns-repository.ts";
import {
  areaFeatures,
  compoundFeatures,
  contextFeatures,
  footprintFeatures,
  referenceFeatures,
} from "../../db/repositories/geojson-repository.ts";
import { type ContextOf, inCounty, nowIso, type RequestContext } from "../context.ts";
import type { CountyModel } from "../mappers.ts";
import { currentCounty } from "../services/current-county.ts";
import { requireCounty, requireRole } from "../services/require.ts";
import { required } from "../services/required.ts";
import { incidentColumnsRoutes } from "./incident-columns.ts";
import {
  bboxParameter,
  COLUMNS_TYPE,
  countyParameter as county,
  isKnown,
  parseParameters as parse,
} from "./parameters.ts";
import { planBaseRoutes } from "./plan-base.ts";

const GEOJSON_TYPE = "application/geo+json";

/** Ownership runs out with the clock: its answers are new every hour even when nothing was loaded. */
const OWNERSHIP_PERIOD_MS = 3_600_000;

/** Parameters of each layer; unknown ones are refused, so that a typo does not go unseen. */
const PARAMETERS = {
  county: z.strictObject({ county }),
  areas: z.strictObject({
    county,
    levels: z
      .string()
      .transform((text) => text.split(","))
      .pipe(z.array(z.enum(AREA_LEVELS, { error: `is not a list of ${AREA_LEVELS.join(", ")}` })))
      .default([...AREA_LEVELS]),
  }),
  reference: z.strictObject({
    county,
    kinds: z
      .string()
      .transform((text) => text.split(","))
      .pipe(z.array(z.enum(CONTEXT_KINDS, { error: `is not a list of ${CONTEXT_KINDS.join(", ")}` })))
      .default([...CONTEXT_KINDS]),
    bbox: bboxParameter.optional(),
  }),
};

/** One layer of the data plane. */
interface Layer<Query> {
  readonly type: string;
  /** What the viewer must be allowed to read somewhere; the database cuts the rows to where. */
  readonly resource: Resource;
  readonly parameters: z.ZodType<Query>;
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

/** What borders are snapped to: kinds and box as asked. */
const reference: Layer<z.output<(typeof PARAMETERS)["reference"]>> = {
  type: GEOJSON_TYPE,
  resource: "map",
  parameters: PARAMETERS.reference,
  read: (context, model, { kinds, bbox }) =>
    inCounty(context, model.county, (tx) => geojson(referenceFeatures(tx, model.county, kinds, bbox))),
};

/** Part of the ETag that tells answers of different viewers apart: equal scopes share what they hold. */
const scopeTag = (viewer: Viewer | null): string =>
  [viewer?.role, viewer?.area, viewer?.visitor ? "visitor" : "", viewer?.pointDays ?? ""].join(".");

/** Serves a layer with an ETag made of the content's version, the viewer's scope and the parameters. */
function serve<Query>(app: FastifyInstance, path: string, layer: Layer<Query>, contextOf: ContextOf): void {
  app.get(
    `/columns/${path}`,
    { config: { channel: "columns" } },
    async (request: FastifyRequest, reply: FastifyReply) => {
      const query = parse(layer.parameters, request.query);
      const context = await contextOf(request);
      requireRole(context, layer.resource, `/columns/${path}`);
      const model = await requireCounty(context, (query as CountyQuery).county, "county", currentCounty);
      const parameters = Buffer.from(JSON.stringify(query)).toString("base64url");
      const etag = `W/"${model.contentVersion}${layer.period?.(context, model) ?? ""}-${scopeTag(context.viewer)}-${parameters}"`;
      reply.headers({ etag, "cache-control": "private, no-cache", vary: "cookie, authorization" });
      if (isKnown(request, etag)) return reply.code(304).send();
      const bytes = await layer.read(context, model, query);
      return reply.type(layer.type).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  );
}

/** The map's data plane: whole layers of a county, binary columns or GeoJSON, as far as the viewer may see them. */
export function columnsRoutes(app: FastifyInstance, contextOf: ContextOf): void {
  incidentColumnsRoutes(app, contextOf);
  planBaseRoutes(app, contextOf);
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
  serve(app, "reference", reference, contextOf);
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
