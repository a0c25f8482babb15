import type { Bbox } from "../model/geometry.ts";

/** Where a base map comes from: a file of tiles, a picture with coordinates, or a tile service of the intranet. */
export const BASE_MAP_KINDS = ["pmtiles", "geotiff", "service"] as const;
export type BaseMapKind = (typeof BASE_MAP_KINDS)[number];

/** What a tile is sent as. */
export const BASE_MAP_FORMATS = ["png", "jpeg", "webp", "avif", "mvt"] as const;
export type BaseMapFormat = (typeof BASE_MAP_FORMATS)[number];

export const MEDIA_TYPES: Readonly<Record<BaseMapFormat, string>> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  avif: "image/avif",
  mvt: "application/vnd.mapbox-vector-tile",
};

/** Reference systems that base maps come in. EPSG:4490 (CGCS2000) is taken as equal to EPSG:4326 at map accuracy. */
export const BASE_MAP_CRS = ["EPSG:3857", "EPSG:4326", "EPSG:4490"] as const;
export type BaseMapCrs = (typeof BASE_MAP_CRS)[number];

/** True where positions are degrees of longitude and latitude, false for metres of Web Mercator. */
export const inDegrees = (crs: BaseMapCrs): boolean => crs !== "EPSG:3857";

/** What a client needs to draw a base map (`/basemap/{county}.json`). */
export interface BaseMapDescription {
  readonly county: string;
  readonly kind: BaseMapKind;
  /** Vector tiles or pictures. */
  readonly type: "vector" | "raster";
  /** Address of a tile on this server, with `{z}`, `{x}` and `{y}` (XYZ, Web Mercator). */
  readonly tiles: string;
  /** Pixels across a tile. */
  readonly tileSize: 256 | 512;
  readonly minzoom: number;
  readonly maxzoom: number;
  /** West, south, east, north in degrees; null = everywhere. */
  readonly bounds: Bbox | null;
  /** Who made the map, and its review number (审图号): drawn on every map that shows it. */
  readonly source: string;
  readonly reviewNumber: string;
  /** ISO 8601. */
  readonly addedAt: string;
}

/**
 * Form of review numbers that the ministry and the provinces give: `GS(2024)0650号`, `GS京(2022)1061号`, `晋S(2023)005号`
 * (自然资源部 《地图审核管理规定》, article 27: year and number in the form of the deciding office).
 */
const REVIEW_NUMBER = /^[\p{Script=Han}A-Z]{1,6}\s*[(（[〔]\s*\d{4}\s*[)）\]〕]\s*\d+\s*号?$/u;

/** Does it look like a review number? Others are kept too: offices may write them in their own way. */
export const looksLikeReviewNumber = (text: string): boolean => REVIEW_NUMBER.test(text.trim());
