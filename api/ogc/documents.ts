import { exportOf } from "../../data/exporters/registry.ts";
import { CRS84, FEATURE_CRS } from "../../data/ogc/crs.ts";
import type { FeatureCollectionOf } from "./collections.ts";
import type { TextQuery } from "./item-query.ts";
import { GEOJSON_TYPE, HTML_TYPE, JSON_TYPE, type Link, MVT_TYPE, OPENAPI_TYPE, selfLinks } from "./links.ts";

const OGC = "http://www.opengis.net/spec";
/** What is held to (OGC 17-069r4, 18-058r1, 20-057). */
export const CONFORMANCE: readonly string[] = [
  `${OGC}/ogcapi-features-1/1.0/conf/core`,
  `${OGC}/ogcapi-features-1/1.0/conf/geojson`,
  `${OGC}/ogcapi-features-1/1.0/conf/html`,
  `${OGC}/ogcapi-features-1/1.0/conf/oas30`,
  `${OGC}/ogcapi-features-2/1.0/conf/crs`,
  `${OGC}/ogcapi-tiles-1/1.0/conf/core`,
  `${OGC}/ogcapi-tiles-1/1.0/conf/tileset`,
  `${OGC}/ogcapi-tiles-1/1.0/conf/tilesets-list`,
  `${OGC}/ogcapi-tiles-1/1.0/conf/geodata-tilesets`,
  `${OGC}/ogcapi-tiles-1/1.0/conf/mvt`,
];

export interface LinkedDocument {
  readonly title: string;
  readonly description?: string;
  readonly links: readonly Link[];
}

/** Which form of which document is asked for. @param base address of `/ogc` */
export interface DocumentRequest {
  readonly base: string;
  readonly form: "json" | "html";
  readonly given: TextQuery;
}

export const landingDocument = ({ base, form, given }: DocumentRequest): LinkedDocument => ({
  title: "经纬 Jingwei",
  description:
    "一张图的要素与矢量切片服务，按登录者的权限给出。 Features and vector tiles of the map, as far as whoever asks may see them.",
  links: [
    ...selfLinks(base, given, form),
    { href: `${base}/api`, rel: "service-desc", type: OPENAPI_TYPE, title: "OpenAPI 3.0" },
    { href: `${base}/api?f=html`, rel: "service-doc", type: HTML_TYPE, title: "接口说明 the interface in words" },
    { href: `${base}/conformance`, rel: "conformance", type: JSON_TYPE, title: "符合的标准 conformance" },
    { href: `${base}/collections`, rel: "data", type: JSON_TYPE, title: "要素集 collections" },
    {
      href: `${base}/tileMatrixSets`,
      rel: "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes",
      type: JSON_TYPE,
      title: "切片方案 tile matrix sets",
    },
  ],
});

export const conformanceDocument = ({ base, form, given }: DocumentRequest) => ({
  title: "符合的标准 Conformance",
  conformsTo: CONFORMANCE,
  links: selfLinks(`${base}/conformance`, given, form),
});

/** Box of a county that has no areas yet: the world. */
const WORLD = [-180, -90, 180, 90];

/** One collection (OGC 17-069r4, 7.13 and 7.14). */
export function collectionDocument(of: FeatureCollectionOf, { base, form, given }: DocumentRequest) {
  const { west, south, east, north, name } = of.county;
  const description = exportOf(of.kind);
  const path = `${base}/collections/${of.id}`;
  const known = west !== null && south !== null && east !== null && north !== null;
  const dated = description.time !== "none";
  return {
    id: of.id,
    title: `${name} ${description.label.zh} ${description.label.en}`,
    description: `${description.description.zh}。 ${description.description.en}.`,
    attribution: of.county.source,
    extent: {
      spatial: { bbox: [known ? [west, south, east, north] : WORLD], crs: CRS84.uri },
      ...(dated
        ? {
            temporal: {
              interval: [[null, description.time === "opened" ? of.county.lastOpenedAt : null]],
              trs: "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            },
          }
        : {}),
    },
    itemType: "feature",
    crs: FEATURE_CRS.map(({ uri }) => uri),
    storageCrs: CRS84.uri,
    links: [
      ...selfLinks(path, given, form),
      { href: `${path}/items`, rel: "items", type: GEOJSON_TYPE, title: "要素 features" },
      { href: `${path}/items?f=html`, rel: "items", type: HTML_TYPE, title: "要素 features" },
      {
        href: `${path}/queryables`,
        rel: "http://www.opengis.net/def/rel/ogc/1.0/queryables",
        type: "application/schema+json",
        title: "可查询字段 queryables",
      },
      ...(of.tiled ? tileLinks(path) : []),
    ],
  };
}

const tileLinks = (path: string) => [
  {
    href: `${path}/tiles`,
    rel: "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
    type: JSON_TYPE,
    title: "矢量切片 vector tiles",
  },
  {
    href: `${path}/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}`,
    rel: "item",
    type: MVT_TYPE,
    title: "矢量切片 vector tile",
    templated: true,
  },
];

export const collectionsDocument = (all: readonly FeatureCollectionOf[], request: DocumentRequest) => ({
  title: "要素集 Collections",
  links: selfLinks(`${request.base}/collections`, request.given, request.form),
  crs: FEATURE_CRS.map(({ uri }) => uri),
  collections: all.map((one) => collectionDocument(one, { ...request, form: "json", given: {} })),
});

const SCHEMA_TYPES = {
  text: { type: "string" },
  code: { type: "string" },
  integer: { type: "integer" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  instant: { type: "string", format: "date-time" },
  date: { type: "string", format: "date" },
} as const;

/** JSON schema of a column. */
export const columnSchema = (column: FeatureCollectionOf["columns"][number]) => ({
  ...SCHEMA_TYPES[column.type],
  title: `${column.label.zh} ${column.label.en}`,
  ...(column.note ? { description: column.note } : {}),
});

/** What can be asked for by `name=value`, as a JSON schema (OGC 19-079r2, 7.2). */
export const queryablesDocument = (of: FeatureCollectionOf, { base }: DocumentRequest) => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: `${base}/collections/${of.id}/queryables`,
  type: "object",
  title: of.id,
  properties: Object.fromEntries(of.columns.map((column) => [column.name, columnSchema(column)])),
  additionalProperties: false,
});
