import { readFileSync } from "node:fs";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { notFound, userError } from "../../data/model/errors.ts";
import type { ContextOf } from "../context.ts";
import { type FeatureCollectionOf, listCollections, requireCollection, requireReader } from "../ogc/collections.ts";
import {
  collectionDocument,
  collectionsDocument,
  conformanceDocument,
  type DocumentRequest,
  landingDocument,
  queryablesDocument,
} from "../ogc/documents.ts";
import { documentHtml, itemsHtml } from "../ogc/html.ts";
import { itemParameters, requireCrs, requireKnown } from "../ogc/item-query.ts";
import { itemDocument, itemsDocument } from "../ogc/items.ts";
import { GEOJSON_TYPE, JSON_TYPE, OPENAPI_TYPE } from "../ogc/links.ts";
import { openApiDocument } from "../ogc/openapi.ts";
import {
  MATRIX_SET,
  matrixSetDocument,
  matrixSetsDocument,
  tilesetDocument,
  tilesetsDocument,
} from "../ogc/tile-documents.ts";
import type { TileService } from "../tiles/tile-service.ts";
import { requireTileLayer, requireTileNumbers, sendTile } from "./tiles.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Answers depend on who asks and in which form. */
const CACHING = { "cache-control": "private, no-cache", vary: "accept, cookie, authorization, accept-encoding" };

const originOf = (request: FastifyRequest): string => `${request.protocol}://${request.host}`;

/** JSON unless a browser asks, or the parameter `f` says so. @throws BAD_USER_INPUT for another form */
function formOf(request: FastifyRequest): "json" | "html" {
  const { f } = request.query as { f?: unknown };
  if (f === "json" || f === "html") return f;
  if (f !== undefined)
    throw userError(`there is no form "${String(f).slice(0, 40)}"`, { at: "f", hint: "json or html" });
  const accept = request.headers.accept ?? "";
  return accept.includes("text/html") && !/application\/(geo\+)?json/.test(accept) ? "html" : "json";
}

const read = (request: FastifyRequest, allowed: readonly string[] = ["f"]): DocumentRequest => ({
  base: `${originOf(request)}/ogc`,
  form: formOf(request),
  given: requireKnown(request.query, allowed),
});

const sendHtml = (reply: FastifyReply, html: string): FastifyReply =>
  reply.headers(CACHING).type("text/html; charset=utf-8").send(html);
const sendJson = (reply: FastifyReply, document: object, type: string): FastifyReply =>
  // As bytes, so that the type stays as the standard writes it.
  reply.headers({ ...CACHING, "content-type": type }).send(Buffer.from(JSON.stringify(document)));

const send = (reply: FastifyReply, { form }: DocumentRequest, document: object, type = JSON_TYPE): FastifyReply =>
  form === "html" ? sendHtml(reply, documentHtml(document)) : sendJson(reply, document, type);

interface CollectionParams {
  readonly id: string;
}

/** OGC API under `/ogc` (api/ogc/README.md): every answer under the permission of whoever asks. */
export function ogcRoutes(app: FastifyInstance, contextOf: ContextOf, tiles: TileService): void {
  const route = { config: { channel: "ogc" } } as const;
  const reader = async (request: FastifyRequest) => {
    const context = await contextOf(request);
    requireReader(context);
    return context;
  };
  const page = (path: string, document: (request: DocumentRequest) => object): void => {
    app.get(path, route, async (request, reply) => {
      await reader(request);
      const asked = read(request);
      return send(reply, asked, document(asked));
    });
  };
  page("/ogc", landingDocument);
  page("/ogc/", landingDocument);
  page("/ogc/conformance", conformanceDocument);
  page("/ogc/tileMatrixSets", matrixSetsDocument);
  page(`/ogc/tileMatrixSets/${MATRIX_SET}`, matrixSetDocument);
  app.get("/ogc/api", route, async (request, reply) => {
    const all = await listCollections(await reader(request));
    const asked = read(request);
    return send(reply, asked, openApiDocument(all, asked.base, version), OPENAPI_TYPE);
  });
  app.get("/ogc/collections", route, async (request, reply) => {
    const all = await listCollections(await reader(request));
    const asked = read(request);
    return send(reply, asked, collectionsDocument(all, asked));
  });
  const collectionPage = (
    path: string,
    document: (of: FeatureCollectionOf, request: DocumentRequest, origin: string) => object,
    type = JSON_TYPE,
  ): void => {
    app.get<{ Params: CollectionParams }>(`/ogc/collections/:id${path}`, route, async (request, reply) => {
      const of = await requireCollection(await contextOf(request), request.params.id);
      const asked = read(request);
      return send(reply, asked, document(of, asked, originOf(request)), type);
    });
  };
  collectionPage("", collectionDocument);
  collectionPage("/queryables", queryablesDocument, "application/schema+json");
  collectionPage("/tiles", (of, asked) => {
    requireTileLayer(of.kind);
    return tilesetsDocument(of, asked);
  });
  collectionPage(`/tiles/${MATRIX_SET}`, (of, asked, origin) =>
    tilesetDocument(of, requireTileLayer(of.kind), asked, origin),
  );
  itemRoutes(app, contextOf);
  app.get<{ Params: CollectionParams & { set: string; z: string; y: string; x: string } }>(
    "/ogc/collections/:id/tiles/:set/:z/:y/:x",
    route,
    async (request, reply) => {
      const { id, set, z, y, x } = request.params;
      const context = await contextOf(request);
      const of = await requireCollection(context, id);
      requireKnown(request.query, []);
      if (set !== MATRIX_SET)
        throw notFound(`there is no tile matrix set "${set.slice(0, 60)}" here`, {
          at: "tileMatrixSetId",
          hint: MATRIX_SET,
        });
      const tile = requireTileNumbers(z, x, y);
      const query = { county: of.county.county };
      return sendTile(request, reply, {
        tiles,
        layer: requireTileLayer(of.kind),
        context,
        county: of.county,
        tile,
        query,
      });
    },
  );
}

function itemRoutes(app: FastifyInstance, contextOf: ContextOf): void {
  const route = { config: { channel: "ogc" } } as const;
  app.get<{ Params: CollectionParams }>("/ogc/collections/:id/items", route, async (request, reply) => {
    const context = await contextOf(request);
    const of = await requireCollection(context, request.params.id);
    const { base, form, given } = read(request, itemParameters(of));
    const path = `${base}/collections/${of.id}`;
    const { document, crs } = await itemsDocument(context, of, given, form, path);
    reply.header("content-crs", `<${crs.uri}>`);
    return form === "html"
      ? sendHtml(reply, itemsHtml(document, of.id, path))
      : sendJson(reply, document, GEOJSON_TYPE);
  });
  app.get<{ Params: CollectionParams & { feature: string } }>(
    "/ogc/collections/:id/items/:feature",
    route,
    async (request, reply) => {
      const context = await contextOf(request);
      const of = await requireCollection(context, request.params.id);
      const { base, form, given } = read(request, ["f", "crs"]);
      const crs = requireCrs(given, "crs");
      const path = `${base}/collections/${of.id}`;
      const document = await itemDocument(context, of, request.params.feature, given, crs, form, path);
      reply.header("content-crs", `<${crs.uri}>`);
      return form === "html" ? sendHtml(reply, documentHtml(document, of.id)) : sendJson(reply, document, GEOJSON_TYPE);
    },
  );
}
