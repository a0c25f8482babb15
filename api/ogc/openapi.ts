import { FEATURE_CRS } from "../../data/ogc/crs.ts";
import type { FeatureCollectionOf } from "./collections.ts";
import { columnSchema } from "./documents.ts";
import { DEFAULT_LIMIT, MAX_LIMIT } from "./item-query.ts";
import { GEOJSON_TYPE, HTML_TYPE, JSON_TYPE, MVT_TYPE } from "./links.ts";
import { MATRIX_SET } from "./tile-documents.ts";

const ref = (kind: "parameters" | "responses" | "schemas", name: string) => ({ $ref: `#/components/${kind}/${name}` });
const FORM = ref("parameters", "f");
const ERRORS = {
  "400": ref("responses", "Problem"),
  "401": ref("responses", "Problem"),
  "403": ref("responses", "Problem"),
  "404": ref("responses", "Problem"),
  "429": ref("responses", "Problem"),
};

const operation = (
  operationId: string,
  summary: string,
  parameters: readonly object[],
  types: readonly string[],
  schema: object = { type: "object" },
) => ({
  get: {
    operationId,
    summary,
    parameters,
    responses: {
      "200": {
        description: summary,
        content: Object.fromEntries(
          types.map((type) => [type, { schema: type === HTML_TYPE ? { type: "string" } : schema }]),
        ),
      },
      ...ERRORS,
    },
  },
});

/** Paths of one collection, with its own properties as parameters. */
function collectionPaths(of: FeatureCollectionOf): Readonly<Record<string, object>> {
  const path = `/collections/${of.id}`;
  const name = of.id.replace(".", "_");
  const properties = of.columns.map((column) => ({
    name: column.name,
    in: "query",
    required: false,
    description: `${column.label.zh} ${column.label.en}`,
    schema: columnSchema(column),
    style: "form",
    explode: false,
  }));
  const features = [GEOJSON_TYPE, HTML_TYPE];
  const both = [JSON_TYPE, HTML_TYPE];
  const tile = ["tileMatrix", "tileRow", "tileCol"].map((one) => ref("parameters", one));
  const { get: tileGet } = operation(`tile_${name}`, "矢量切片 a vector tile", tile, [MVT_TYPE], {
    type: "string",
    format: "binary",
  });
  return {
    [path]: operation(`collection_${name}`, "要素集说明 the collection", [FORM], both),
    [`${path}/queryables`]: operation(
      `queryables_${name}`,
      "可查询字段 what can be asked for",
      [FORM],
      ["application/schema+json", HTML_TYPE],
    ),
    [`${path}/items`]: operation(
      `items_${name}`,
      "要素 features",
      [
        ...["f", "bbox", "bbox-crs", "datetime", "limit", "crs", "cursor"].map((one) => ref("parameters", one)),
        ...properties,
      ],
      features,
      ref("schemas", "FeatureCollection"),
    ),
    [`${path}/items/{featureId}`]: operation(
      `item_${name}`,
      "一个要素 one feature",
      [ref("parameters", "featureId"), FORM, ref("parameters", "crs")],
      features,
      ref("schemas", "Feature"),
    ),
    ...(of.tiled
      ? {
          [`${path}/tiles`]: operation(`tilesets_${name}`, "切片集 tilesets", [FORM], both),
          [`${path}/tiles/${MATRIX_SET}`]: operation(`tileset_${name}`, "切片集说明 the tileset", [FORM], both),
          [`${path}/tiles/${MATRIX_SET}/{tileMatrix}/{tileRow}/{tileCol}`]: {
            get: { ...tileGet, responses: { ...tileGet.responses, "204": { description: "空切片 an empty tile" } } },
          },
        }
      : {}),
  };
}

const query = (name: string, description: string, schema: object) => ({
  name,
  in: "query",
  required: false,
  description,
  schema,
  style: "form",
  explode: false,
});
const inPath = (name: string, description: string, schema: object) => ({
  name,
  in: "path",
  required: true,
  description,
  schema,
});

const URIS = FEATURE_CRS.map(({ uri }) => uri);
const crs = (description: string) => ({
  ...{ description },
  schema: { type: "string", format: "uri", enum: URIS, default: URIS[0] },
});

const PARAMETERS = {
  f: query("f", "形式 the form of the answer; by Accept when absent", { type: "string", enum: ["json", "html"] }),
  bbox: query("bbox", "方框 a box: four numbers, or six with heights, in the axis order of bbox-crs", {
    oneOf: [
      { type: "array", items: { type: "number" }, minItems: 4, maxItems: 4 },
      { type: "array", items: { type: "number" }, minItems: 6, maxItems: 6 },
    ],
  }),
  "bbox-crs": { name: "bbox-crs", in: "query", required: false, ...crs("方框的坐标系 the reference system of bbox") },
  crs: { name: "crs", in: "query", required: false, ...crs("结果的坐标系 the reference system of the answer") },
  datetime: query("datetime", "时间 an instant or an interval, ISO 8601, open ends as ..", { type: "string" }),
  limit: query("limit", "每页条数 features on a page", {
    type: "integer",
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
  }),
  cursor: query("cursor", "下一页从何处开始 where the page begins; taken from the link rel=next", { type: "string" }),
  featureId: inPath("featureId", "要素标识 id of the feature", { type: "string", format: "uuid" }),
  tileMatrix: inPath("tileMatrix", "级别 zoom", { type: "integer", minimum: 0 }),
  tileRow: inPath("tileRow", "行 row, from the north", { type: "integer", minimum: 0 }),
  tileCol: inPath("tileCol", "列 column, from the west", { type: "integer", minimum: 0 }),
};

const SCHEMAS = {
  Problem: {
    type: "object",
    required: ["title", "status", "detail", "code"],
    properties: {
      type: { type: "string" },
      title: { type: "string" },
      status: { type: "integer" },
      detail: { type: "string" },
      code: { type: "string" },
      path: { type: "string" },
      hint: { type: "string" },
    },
  },
  Feature: {
    type: "object",
    required: ["type", "id", "properties", "geometry"],
    properties: {
      type: { type: "string", enum: ["Feature"] },
      id: { type: "string" },
      properties: { type: "object", nullable: true },
      geometry: { type: "object", nullable: true },
      links: { type: "array", items: { type: "object" } },
    },
  },
  FeatureCollection: {
    type: "object",
    required: ["type", "features", "numberMatched", "numberReturned", "timeStamp", "links"],
    properties: {
      type: { type: "string", enum: ["FeatureCollection"] },
      numberMatched: { type: "integer" },
      numberReturned: { type: "integer" },
      timeStamp: { type: "string", format: "date-time" },
      links: { type: "array", items: { type: "object" } },
      features: { type: "array", items: { $ref: "#/components/schemas/Feature" } },
    },
  },
};

/** The interface as OpenAPI 3.0.3: every path with the collections that the viewer has. @param base address of `/ogc` */
export const openApiDocument = (all: readonly FeatureCollectionOf[], base: string, version: string) => ({
  openapi: "3.0.3",
  info: {
    title: "经纬 Jingwei · OGC API",
    version,
    description: "OGC API – Features 1.0, CRS by reference, vector tiles; under the permission of whoever asks.",
  },
  servers: [{ url: base }],
  security: [{ bearer: [] }, { basic: [] }],
  paths: {
    "/": operation("landing", "入口 landing page", [FORM], [JSON_TYPE, HTML_TYPE]),
    "/conformance": operation("conformance", "符合的标准 conformance", [FORM], [JSON_TYPE, HTML_TYPE]),
    "/collections": operation("collections", "要素集 collections", [FORM], [JSON_TYPE, HTML_TYPE]),
    "/tileMatrixSets": operation("tileMatrixSets", "切片方案 tile matrix sets", [FORM], [JSON_TYPE, HTML_TYPE]),
    [`/tileMatrixSets/${MATRIX_SET}`]: operation(
      "tileMatrixSet",
      "切片方案 the tile matrix set",
      [FORM],
      [JSON_TYPE, HTML_TYPE],
    ),
    ...Object.assign({}, ...all.map(collectionPaths)),
  },
  components: {
    parameters: PARAMETERS,
    schemas: SCHEMAS,
    responses: {
      Problem: {
        description: "拒绝或错误 a refusal or an error (RFC 9457)",
        content: { "application/problem+json": { schema: ref("schemas", "Problem") } },
      },
    },
    securitySchemes: {
      bearer: { type: "http", scheme: "bearer", description: "API token: jingwei token add" },
      basic: { type: "http", scheme: "basic", description: "any user name; the API token as the password" },
    },
  },
});
