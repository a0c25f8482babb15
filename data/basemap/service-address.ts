import { userError } from "../model/errors.ts";
import type { TileId } from "../tiles/tile-math.ts";
import { type BaseMapCrs, inDegrees } from "./base-map.ts";

/** Pixels across a tile of a service: WMTS and XYZ services have 256. */
export const SERVICE_TILE_PIXELS = 256;

/** How a WMTS is asked that has no address for single tiles. */
export interface WmtsLayer {
  readonly layer: string;
  readonly style: string;
  readonly matrixSet: string;
  /** `tiles` or a media type. */
  readonly format: string;
}

/** A place in a tile grid: name of the matrix, row from north, column from west. */
export interface TileAddress {
  readonly matrix: number;
  readonly row: number;
  readonly column: number;
}

const PLACES: readonly (readonly [RegExp, keyof TileAddress])[] = [
  [/\{(z|level|tilematrix)\}/gi, "matrix"],
  [/\{(y|row|tilerow)\}/gi, "row"],
  [/\{(x|col|tilecol)\}/gi, "column"],
];

/**
 * Checks the address of a tile service and gives its template. Only http and https, and no placeholder before the path:
 * the server asks this one host and no other.
 *
 * @param wmts what to ask for where the address has no placeholders (WMTS 1.0.0, key-value form)
 * @throws BAD_USER_INPUT
 */
export function serviceTemplate(text: string, wmts: WmtsLayer | undefined): string {
  const refuse = (why: string, hint: string) => userError(`${text}: ${why}`, { at: "URL", hint });
  const plain = text.replace(/\{[^{}]*\}/g, "0");
  if (!URL.canParse(plain)) throw refuse("this is not an address", "It starts with http:// or https://.");
  const url = new URL(plain);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw refuse(`${url.protocol} is no way to a tile service`, "It starts with http:// or https://.");
  if (url.username !== "" || url.password !== "")
    throw refuse("it holds a user name or password", "Use the key of the service in the query, as its manual says.");
  const path = text.slice(text.indexOf("://") + 3).search(/[/?#]/);
  const host = path < 0 ? text : text.slice(0, text.indexOf("://") + 3 + path);
  if (/[{}]/.test(host)) throw refuse("the host has a placeholder", "Name one host; it is the only one that is asked.");
  const template = wmts && !/[{}]/.test(text) ? keyValueTemplate(url, wmts) : text;
  for (const [pattern] of PLACES)
    if (template.search(pattern) < 0)
      throw refuse(
        "placeholders are missing",
        "Write {z}, {x} and {y} (or {TileMatrix}, {TileCol} and {TileRow}) where a tile's numbers go, or name --layer and --matrix-set of a WMTS.",
      );
  const unknown = PLACES.reduce((rest, [pattern]) => rest.replace(pattern, ""), template).match(/\{[^{}]*\}/);
  if (unknown) throw refuse(`${unknown[0]} is not known`, "Placeholders are {z}, {x} and {y}.");
  return template;
}

function keyValueTemplate(url: URL, { layer, style, matrixSet, format }: WmtsLayer): string {
  const known = new Set(["service", "request", "version", "layer", "style", "tilematrixset", "format"]);
  const own = [...url.searchParams].filter(([name]) => !known.has(name.toLowerCase()));
  const query = new URLSearchParams([
    ["SERVICE", "WMTS"],
    ["REQUEST", "GetTile"],
    ["VERSION", "1.0.0"],
    ["LAYER", layer],
    ["STYLE", style],
    ["TILEMATRIXSET", matrixSet],
    ["FORMAT", format],
    ...own,
  ]);
  return `${url.origin}${url.pathname}?${query}&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}`;
}

/** Address of one tile. */
export const tileUrl = (template: string, address: TileAddress): string =>
  PLACES.reduce((url, [pattern, name]) => url.replace(pattern, String(address[name])), template);

/**
 * Number that the first matrix has where nothing is said: 0 for the one tile of Web Mercator; 1 for the two tiles of 180
 * degrees that degree grids begin with (天地图 `c`; OGC's WorldCRS84Quad calls it 0).
 */
export const firstMatrixOf = (crs: BaseMapCrs): number => (inDegrees(crs) ? 1 : 0);

/** The tile of a Web Mercator service that is a tile of ours. */
export const mercatorAddress = ({ z, x, y }: TileId, firstMatrix: number): TileAddress => ({
  matrix: z + firstMatrix,
  row: y,
  column: x,
});

/** Rows of a degree grid that a Web Mercator tile of the same width lies on, and where they begin. */
export interface DegreeTiles {
  readonly addresses: readonly TileAddress[];
  /** Latitude of the northern edge of the first row, and degrees of a pixel. */
  readonly north: number;
  readonly pixel: number;
}

/**
 * Tiles of a degree grid under a Web Mercator tile. Both cut the world into 2^z columns, so one column of them has as
 * many pixels across; rows are 180 / 2^(z−1) degrees tall, counted from 90° N. Mercator's rows are shorter: one to three
 * of them reach under the tile, with half a pixel to interpolate from.
 *
 * @param tile of zoom 1 or more: a degree grid begins with two tiles
 * @param latitudes of the tile's northern and southern edge
 */
export function degreeTiles(
  { z, x }: TileId,
  [north, south]: readonly [north: number, south: number],
  firstMatrix: number,
): DegreeTiles {
  const span = 360 / 2 ** z;
  const pixel = span / SERVICE_TILE_PIXELS;
  const rows = 2 ** (z - 1);
  const first = Math.max(0, Math.floor((90 - north - pixel / 2) / span));
  const last = Math.min(rows - 1, Math.ceil((90 - south + pixel / 2) / span) - 1);
  return {
    addresses: Array.from({ length: last - first + 1 }, (_, n) => ({
      matrix: z - 1 + firstMatrix,
      row: first + n,
      column: x,
    })),
    north: 90 - first * span,
    pixel,
  };
}
