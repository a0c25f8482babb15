import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { MEDIA_TYPES } from "../../data/basemap/base-map.ts";
import { notFound } from "../../data/model/errors.ts";
import type { BaseMapRow } from "../../db/repositories/base-map-repository.ts";
import { type BaseMaps, describeBaseMap } from "../basemap/base-maps.ts";
import type { ContextOf } from "../context.ts";
import { currentCounty } from "../services/current-county.ts";
import { requireCounty, requireRole } from "../services/require.ts";
import { isKnown, parseParameters } from "./parameters.ts";
import { requireTileNumbers } from "./tiles.ts";

const VARY = { vary: "cookie, authorization, accept-encoding" };
/** A tile whose address names its version never changes: a week in the browser's own cache. */
const FOR_GOOD = { ...VARY, "cache-control": "private, max-age=604800, immutable" };
const ASK_AGAIN = { ...VARY, "cache-control": "private, no-cache" };

const QUERY = z.strictObject({ v: z.string().max(64).optional() });

/**
 * The county's own base map: `/basemap/{county}.json` says what it is (204 where there is none), `/basemap/{county}/z/x/y`
 * are its tiles (XYZ, Web Mercator), for whoever may see the county's outlines.
 */
export function baseMapRoutes(app: FastifyInstance, contextOf: ContextOf, maps: BaseMaps): void {
  const requireMap = async (request: FastifyRequest, county: string): Promise<BaseMapRow | undefined> => {
    const context = await contextOf(request);
    requireRole(context, "map", "/basemap");
    await requireCounty(context, county, "county", currentCounty);
    return maps.find(county);
  };
  app.get<{ Params: { file: string } }>(
    "/basemap/:file",
    { config: { channel: "tiles" } },
    async (request, reply): Promise<FastifyReply> => {
      const { file } = request.params;
      if (!file.endsWith(".json"))
        throw notFound(`"${file}" does not end with .json`, {
          at: "path",
          hint: "Base maps are described at /basemap/{county}.json; their tiles are /basemap/{county}/{z}/{x}/{y}.",
        });
      parseParameters(z.strictObject({}), request.query);
      const row = await requireMap(request, file.slice(0, -".json".length));
      reply.headers(ASK_AGAIN);
      return row ? reply.send(describeBaseMap(row)) : reply.code(204).send();
    },
  );
  app.get<{ Params: { county: string; z: string; x: string; y: string } }>(
    "/basemap/:county/:z/:x/:y",
    { config: { channel: "tiles" } },
    async (request, reply): Promise<FastifyReply> => {
      const { county, z: zoom, x, y } = request.params;
      const tile = requireTileNumbers(zoom, x, y);
      const { v } = parseParameters(QUERY, request.query);
      const row = await requireMap(request, county);
      if (!row)
        throw notFound(`county ${county} has no base map`, {
          at: "county",
          hint: "An administrator sets one: jingwei basemap set",
        });
      const { content, format } = await maps.tile(row, tile);
      reply.headers(v === row.version ? FOR_GOOD : ASK_AGAIN);
      if (!content) return reply.code(204).send();
      reply.header("etag", content.etag);
      if (isKnown(request, content.etag)) return reply.code(304).send();
      // Pictures are packed already; vector tiles are not.
      const { bytes, encoding } = await content.form(
        format === "mvt" ? request.headers["accept-encoding"]?.toString() : undefined,
      );
      if (encoding) reply.header("content-encoding", encoding);
      return reply.type(MEDIA_TYPES[format]).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  );
}
