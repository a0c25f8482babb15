import { AREA_LEVELS, type AreaLevel } from "../../data/model/codes.ts";
import { bugError } from "../../data/model/errors.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";
import { areaWithin, type Viewer } from "../../data/policy/viewer.ts";
import { areaLayer, type TileArea, tileArea } from "../../data/tiles/area-tile.ts";
import { encodeTile, type TileValue } from "../../data/tiles/mvt-writer.ts";
import { type WeighedPolygons, weighCoverage } from "../../data/tiles/shared-lines.ts";
import type { Transaction } from "../../db/driver.ts";
import { areaFeatures, compoundFeatures, footprintFeatures } from "../../db/repositories/geojson-repository.ts";
import { inCounty, nowIso } from "../context.ts";
import type { CountyModel } from "../mappers.ts";
import { AREA_PARAMETERS, COUNTY_PARAMETERS } from "./parameters.ts";
import { type CountyQuery, keptSource, type TileLayer, type TileRequest, type VectorLayer } from "./tile-layer.ts";

const MAXZOOM = 16;
/** Boundaries change at the start of a day in some zone: all zones are whole quarters of an hour apart. */
const BOUNDARY_PERIOD_MS = 900_000;
const boundaryPeriod = (_: CountyModel, nowMs: number): string => String(Math.floor(nowMs / BOUNDARY_PERIOD_MS));
/** Zoom from which an address that names no levels has each. */
const LEVEL_FROM: Readonly<Record<AreaLevel, number>> = { county: 0, town: 6, community: 9, grid: 11, micro: 12 };

interface Feature {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: { readonly type: string; readonly coordinates: MultiPolygonRings };
}

/** Attributes that a tile can carry: texts, numbers and truth values of a feature, without what is null. */
function attributes(properties: Feature["properties"], names: readonly string[]): Record<string, TileValue> {
  const found: Record<string, TileValue> = {};
  for (const name of names) {
    const value = properties[name];
    if (typeof value === "number") found[name] = name === "areaM2" ? Math.round(value) : value;
    else if (typeof value === "string" || typeof value === "boolean") found[name] = value;
  }
  return found;
}

/** Bytes in memory of an area, about: positions, weights, and the objects around them. */
const sizeOf = (area: TileArea): number =>
  area.polygons.reduce((sum, rings) => sum + rings.reduce((all, { weight }) => all + weight.length * 24 + 200, 0), 600);

/**
 * Features of a county, ready for tiles.
 *
 * @param weigh makes their borders ready
 */
async function shapes(
  request: TileRequest<unknown>,
  name: string,
  read: (tx: Transaction) => Promise<Uint8Array | undefined>,
  names: readonly string[],
  weigh: (areas: readonly MultiPolygonRings[]) => WeighedPolygons[],
): Promise<readonly TileArea[]> {
  return keptSource(request, name, async () => {
    const bytes = await inCounty(request.context, request.county.county, read);
    if (!bytes) throw bugError(`the database gave no ${name}`);
    const { features } = JSON.parse(Buffer.from(bytes).toString("utf8")) as { readonly features: readonly Feature[] };
    const polygons = weigh(features.map(({ geometry }) => geometry.coordinates));
    const value = features.map(({ properties }, i) => tileArea(polygons[i] ?? [], attributes(properties, names)));
    return { value, size: value.reduce((sum, area) => sum + sizeOf(area), 0) };
  });
}

const AREA_FIELDS = {
  code: "String: code of the area; its beginning is the code of what it lies in",
  id: "String: global id",
  name: "String: name",
  level: "String: county, town, community, grid or micro",
  kind: "String: kind of the area within its level",
  urban: "Boolean: a street and what lies in it",
  households: "Number: households inside; absent where they are not known",
  areaM2: "Number: area in square metres",
};

/** Areas of one level as they are bounded now; neighbours of a level simplify their common borders alike. */
const areasOf = (request: TileRequest<unknown>, level: AreaLevel): Promise<readonly TileArea[]> =>
  shapes(
    request,
    `areas.${level}.${boundaryPeriod(request.county, request.context.nowMs)}`,
    (tx) => areaFeatures(tx, request.county.county, [level], nowIso(request.context), false),
    Object.keys(AREA_FIELDS),
    weighCoverage,
  );

interface AreaQuery extends CountyQuery {
  readonly levels?: readonly AreaLevel[] | undefined;
}

const levelLayer = (id: string, level: AreaLevel, minzoom: number): VectorLayer => ({
  id,
  description: `Areas of the level ${level}`,
  minzoom,
  maxzoom: MAXZOOM,
  fields: AREA_FIELDS,
});

export const AREAS: TileLayer<AreaQuery> = {
  name: "areas",
  description: "Boundaries of the county and what lies in it, one layer per level",
  resource: "map",
  minzoom: 0,
  maxzoom: MAXZOOM,
  parameters: AREA_PARAMETERS,
  vectorLayers: ({ levels }) =>
    AREA_LEVELS.filter((level) => !levels || levels.includes(level)).map((level) =>
      levelLayer(level, level, levels ? 0 : LEVEL_FROM[level]),
    ),
  live: false,
  period: boundaryPeriod,
  permission: () => "map",
  async encode(request) {
    const { tile, query, room } = request;
    const levels = AREA_LEVELS.filter((level) =>
      query.levels ? query.levels.includes(level) : tile.z >= LEVEL_FROM[level],
    );
    const layers = [];
    for (const level of levels) layers.push({ level, areas: await areasOf(request, level) });
    return encodeTile(
      layers.map(({ level, areas }) => areaLayer(level, areas, tile)),
      room,
    );
  },
};

export const GRIDS: TileLayer<CountyQuery> = {
  name: "grids",
  description: "Boundaries of the county's grids",
  resource: "map",
  minzoom: 6,
  maxzoom: MAXZOOM,
  parameters: COUNTY_PARAMETERS,
  vectorLayers: () => [levelLayer("grids", "grid", 6)],
  live: false,
  period: boundaryPeriod,
  permission: () => "map",
  encode: async (request) =>
    encodeTile([areaLayer("grids", await areasOf(request, "grid"), request.tile)], request.room),
};

/** Each by itself: they share no borders that must stay together. */
const weighApart = (areas: readonly MultiPolygonRings[]): WeighedPolygons[] =>
  areas.flatMap((polygons) => weighCoverage([polygons]));

/** A layer of outlines that changes with loads alone. */
function outlines(
  layer: Pick<TileLayer<CountyQuery>, "name" | "description" | "resource" | "minzoom" | "permission">,
  fields: Readonly<Record<string, string>>,
  read: (tx: Transaction, county: string) => Promise<Uint8Array | undefined>,
): TileLayer<CountyQuery> {
  const { name, description, minzoom } = layer;
  return {
    ...layer,
    maxzoom: MAXZOOM,
    parameters: COUNTY_PARAMETERS,
    vectorLayers: () => [{ id: name, description, minzoom, maxzoom: MAXZOOM, fields }],
    live: false,
    period: () => "",
    async encode(request) {
      const { county } = request.county;
      const areas = await shapes(request, name, (tx) => read(tx, county), Object.keys(fields), weighApart);
      return encodeTile([areaLayer(name, areas, request.tile)], request.room);
    },
  };
}

export const COMPOUNDS = outlines(
  { name: "compounds", description: "Outlines of compounds", resource: "map", minzoom: 10, permission: () => "map" },
  {
    id: "String: global id",
    name: "String: name",
    kind: "String: residential, village_cluster, institution or commercial",
    households: "Number: households inside; absent for one, which is somebody's home",
    communityCode: "String: code of its community",
  },
  compoundFeatures,
);

export const BUILDINGS = outlines(
  {
    name: "buildings",
    description: "Outlines of buildings inside the area of one's grant",
    resource: "household",
    minzoom: 13,
    permission: (viewer: Viewer | null, { county }) => (viewer && areaWithin(viewer, county)) ?? "none",
  },
  {
    households: "Number: households inside; absent for one, which is somebody's home",
    floors: "Number: floors",
    code: "String: code of the deepest area it stands in",
  },
  footprintFeatures,
);
