import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { notFound, userError } from "../../data/model/errors.ts";
import { isTile, MAX_ZOOM, type TileId } from "../../data/tiles/tile-math.ts";
import type { ContextOf, RequestContext } from "../context.ts";
import type { CountyModel } from "../mappers.ts";
import { currentCounty } from "../services/current-county.ts";
import { requireCounty, requireRole } from "../services/require.ts";
import { TILE_LAYERS, tileLayer } from "../tiles/registry.ts";
import type { CountyQuery, TileLayer } from "../tiles/tile-layer.ts";
import type { TileService } from "../tiles/tile-service.ts";
import { parseParameters } from "./parameters.ts";

const TILE_TYPE = "application/vnd.mapbox-vector-tile";
const CACHING = { "cache-control": "private, no-cache", vary: "cookie, authorization, accept-encoding" };

interface TileParams {
  readonly layer: string;
  readonly z: string;
  readonly x: string;
  readonly file: string;
}

/** The layer of a name. @throws NOT_FOUND */
export function requireTileLayer(name: string): TileLayer<CountyQuery> {
  const layer = tileLayer(name);
  if (layer) return layer;
  throw notFound(`there is no layer "${name}"`, {
    at: "layer",
    hint: `Layers are ${Object.keys(TILE_LAYERS).join(", ")}.`,
  });
}

/** Takes the number off an address: `…/123.mvt`. */
function requireFile(file: string, ending: string): string {
  if (file.endsWith(ending)) return file.slice(0, -ending.length);
  throw notFound(`"${file}" does not end with ${ending}`, {
    at: "path",
    hint: "Tiles are /tiles/{layer}/{z}/{x}/{y}.mvt, their description is /tiles/{layer}.json.",
  });
}

/** A tile of three numbers as they stand in an address. @throws BAD_USER_INPUT where there is none */
export function requireTileNumbers(z: string, x: string, y: string): TileId {
  const [zoom, column, row] = [z, x, y].map((text) => (/^\d{1,7}$/.test(text) ? Number(text) : -1));
  const tile = { z: zoom ?? -1, x: column ?? -1, y: row ?? -1 };
  if (isTile(tile)) return tile;
  const at = tile.z < 0 || tile.z > MAX_ZOOM ? "z" : tile.x < 0 || tile.x >= 2 ** tile.z ? "x" : "y";
  throw userError(`there is no tile ${z}/${x}/${y}`, {
    at,
    hint: `z is 0 … ${MAX_ZOOM}, x and y are 0 … 2^z − 1 (XYZ: y counts from north).`,
  });
}

/** A tile that is to be sent. */
interface TileAnswer {
  readonly tiles: TileService;
  readonly layer: TileLayer<CountyQuery>;
  readonly context: RequestContext;
  readonly county: CountyModel;
  readonly tile: TileId;
  readonly query: CountyQuery;
}

/** Sends a tile: 304 to who has it, 204 where it is empty. */
export async function sendTile(
  request: FastifyRequest,
  reply: FastifyReply,
  { tiles, layer, context, county, tile, query }: TileAnswer,
): Promise<FastifyReply> {
  const made = await tiles.tile(layer, context, county, tile, query);
  // Closed = handed to the system whole, or given up.
  if (reply.raw.closed) made.done();
  else reply.raw.once("close", () => made.done());
  reply.headers({ ...CACHING, etag: made.etag });
  const known = request.headers["if-none-match"]?.split(",").map((one) => one.trim());
  if (known?.includes(made.etag)) return reply.code(304).send();
  if (made.bytes.length === 0) return reply.code(204).send();
  const { bytes, encoding } = await made.form(request.headers["accept-encoding"]?.toString());
  if (encoding) reply.header("content-encoding", encoding);
  return reply.type(TILE_TYPE).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** Layer, query and county of a request, as far as its viewer may ask for them. */
async function requireRequest(
  contextOf: ContextOf,
  request: FastifyRequest,
  name: string,
): Promise<{ layer: TileLayer<CountyQuery>; query: CountyQuery; context: RequestContext; county: CountyModel }> {
  const layer = requireTileLayer(name);
  const query = parseParameters(layer.parameters, request.query);
  const context = await contextOf(request);
  requireRole(context, layer.resource, `/tiles/${name}`);
  const county = await requireCounty(context, query.county, "county", currentCounty);
  await layer.check?.(context, county, query);
  return { layer, query, context, county };
}

/** TileJSON 3.0.0. @param query text of the request's own query, which the tiles take too */
function describe(layer: TileLayer<CountyQuery>, query: CountyQuery, county: CountyModel, base: string, text: string) {
  const { west, south, east, north } = county;
  const box =
    west === null || south === null || east === null || north === null ? undefined : [west, south, east, north];
  return {
    tilejson: "3.0.0",
    name: `${county.name} ${layer.name}`,
    description: layer.description,
    attribution: county.source,
    scheme: "xyz",
    tiles: [`${base}/tiles/${layer.name}/{z}/{x}/{y}.mvt?${text}`],
    minzoom: layer.minzoom,
    maxzoom: layer.maxzoom,
    ...(box
      ? {
          bounds: box,
          center: [((west ?? 0) + (east ?? 0)) / 2, ((south ?? 0) + (north ?? 0)) / 2, Math.max(layer.minzoom, 10)],
        }
      : {}),
    vector_layers: layer.vectorLayers(query),
  };
}

/**
 * Vector tiles (MVT 2.1, Web Mercator, XYZ) and what describes them (TileJSON), for our own map and for QGIS, MapLibre
 * and whatever else reads them with an API token. An empty tile is 204.
 */
export function tilesRoutes(app: FastifyInstance, contextOf: ContextOf, service: TileService): void {
  app.get<{ Params: TileParams }>(
    "/tiles/:layer/:z/:x/:file",
    { config: { channel: "tiles" } },
    async (request, reply): Promise<FastifyReply> => {
      const { z, x, file } = request.params;
      const tile = requireTileNumbers(z, x, requireFile(file, ".mvt"));
      const { layer, query, context, county } = await requireRequest(contextOf, request, request.params.layer);
      return sendTile(request, reply, { tiles: service, layer, context, county, tile, query });
    },
  );
  app.get<{ Params: { file: string } }>(
    "/tiles/:file",
    { config: { channel: "tiles" } },
    async (request, reply): Promise<FastifyReply> => {
      const name = requireFile(request.params.file, ".json");
      const { layer, query, county } = await requireRequest(contextOf, request, name);
      const text = request.url.slice(request.url.indexOf("?") + 1);
      const base = `${request.protocol}://${request.host}`;
      return reply.headers(CACHING).send(describe(layer, query, county, base, text));
    },
  );
}
