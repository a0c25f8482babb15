import { open, stat } from "node:fs/promises";
import type { BaseMapCrs, BaseMapFormat, BaseMapKind } from "../../data/basemap/base-map.ts";
import { inDegrees } from "../../data/basemap/base-map.ts";
import { degreeTiles, mercatorAddress } from "../../data/basemap/service-address.ts";
import { tileEdges } from "../../data/basemap/tile-edges.ts";
import { dataError } from "../../data/model/errors.ts";
import { type Bbox, toLattice } from "../../data/model/geometry.ts";
import { MAX_ZOOM, tileAt } from "../../data/tiles/tile-math.ts";
import { asFileError } from "../services/importing/input-files.ts";
import { GEOTIFF_TILE_PIXELS, GeotiffSource } from "./geotiff-source.ts";
import { decodeImage, imageFormat } from "./image-formats.ts";
import { PmtilesSource } from "./pmtiles-source.ts";
import { ServiceSource } from "./service-source.ts";

/** What was found out about a base map before it is registered. */
export interface Inspected {
  readonly kind: BaseMapKind;
  readonly format: BaseMapFormat;
  readonly tileSize: 256 | 512;
  readonly minZoom: number;
  readonly maxZoom: number;
  readonly bounds: Bbox | null;
  readonly crs: BaseMapCrs;
  readonly bytes: number | null;
}

const PMTILES = "PMTiles";
const TIFF_STARTS = ["II*\0", "MM\0*", "II+\0", "MM\0+"];

/** Kind of a file by its first bytes, whatever its name. @throws dataError for other files */
async function kindOf(path: string): Promise<"pmtiles" | "geotiff"> {
  const handle = await open(path, "r").catch((error: unknown) => {
    throw asFileError(error, path);
  });
  try {
    const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    const start = buffer.toString("latin1");
    if (start.startsWith(PMTILES)) return "pmtiles";
    if (TIFF_STARTS.some((magic) => start.startsWith(magic))) return "geotiff";
  } catch (error) {
    throw asFileError(error, path);
  } finally {
    await handle.close();
  }
  throw dataError(`${path} is neither a PMTiles file nor a GeoTIFF`, {
    at: path,
    hint: "MBTiles become PMTiles with `pmtiles convert`, pictures with a world file become GeoTIFF with `gdal_translate -a_srs`.",
  });
}

/** Looks at a file. @throws dataError where it is no base map */
export async function inspectFile(path: string): Promise<Inspected> {
  const kind = await kindOf(path);
  const { size: bytes } = await stat(path);
  if (kind === "geotiff") {
    const source = await GeotiffSource.open(path);
    try {
      const [minZoom, maxZoom] = source.zooms;
      // A tile of its middle, so that what cannot be drawn is refused here and not on the wall.
      const [west, south, east, north] = source.bounds;
      const middle = tileAt(toLattice((west + east) / 2), toLattice((south + north) / 2), maxZoom);
      if (!middle || !(await source.tile(middle)))
        throw dataError(`${path} has nothing where Web Mercator reaches`, { at: path });
      return {
        ...{ kind, format: "png", tileSize: GEOTIFF_TILE_PIXELS, minZoom, maxZoom, bytes },
        bounds: source.bounds,
        crs: source.crs,
      };
    } finally {
      await source.close();
    }
  }
  const source = await PmtilesSource.open(path);
  try {
    const { minZoom, maxZoom, minLon, minLat, maxLon, maxLat, numAddressedTiles } = source.header;
    if (numAddressedTiles === 0) throw dataError(`${path} has no tiles`, { at: path });
    return {
      kind,
      format: source.format,
      // Vector tiles have no pixels; pictures of PMTiles are told by themselves, and drawn alike.
      tileSize: source.format === "mvt" ? 512 : await pictureSize(source, path),
      ...{ minZoom, maxZoom: Math.min(22, maxZoom), bytes, crs: "EPSG:3857" },
      bounds: [minLon, minLat, maxLon, maxLat],
    };
  } finally {
    await source.close();
  }
}

/** Pixels across the pictures of a file: 512 where a PNG or JPEG says so. */
async function pictureSize(source: PmtilesSource, path: string): Promise<256 | 512> {
  const { minZoom, centerLon, centerLat } = source.header;
  const middle = tileAt(toLattice(centerLon), toLattice(centerLat), minZoom);
  const tile = middle && (await source.tile(middle));
  if (!tile) return 256;
  if (!imageFormat(tile.bytes)) throw dataError(`${path} says that it holds pictures, and does not`, { at: path });
  if (tile.format !== "png" && tile.format !== "jpeg") return tile.bytes.length > 60_000 ? 512 : 256;
  return (await decodeImage(tile.bytes)).width >= 512 ? 512 : 256;
}

/** What an administrator says of a service; nothing of it can be found out by itself. */
export interface ServiceTerms {
  readonly template: string;
  readonly crs: BaseMapCrs;
  readonly firstMatrix: number;
  readonly minZoom: number | undefined;
  readonly maxZoom: number | undefined;
}

/**
 * Asks a service for the tile in the middle of the county.
 *
 * @throws dataError where it does not answer, or with something else than a picture
 */
export async function inspectService(terms: ServiceTerms, [west, south, east, north]: Bbox): Promise<Inspected> {
  const { template, crs, firstMatrix } = terms;
  const degrees = inDegrees(crs);
  const [minZoom, maxZoom] = [terms.minZoom ?? (degrees ? 1 : 0), terms.maxZoom ?? MAX_ZOOM];
  const source = new ServiceSource(template, crs, firstMatrix);
  const z = Math.max(minZoom, Math.min(maxZoom, 10));
  const tile = tileAt(toLattice((west + east) / 2), toLattice((south + north) / 2), z);
  const bad = (message: string, cause?: unknown): Error =>
    dataError(message, {
      at: "URL",
      hint: "Check address, key, --crs and --first-matrix; open the address of one tile in a browser on this machine.",
      cause,
    });
  if (!tile) throw bad("the county lies outside Web Mercator");
  const { y } = tileEdges(tile, 1, crs);
  const address = degrees
    ? degreeTiles(tile, [y[0] as number, y[1] as number], firstMatrix).addresses[0]
    : mercatorAddress(tile, firstMatrix);
  const bytes =
    address &&
    (await source.fetch(address).catch((error: unknown) => {
      throw bad((error as Error).message, error);
    }));
  const format = bytes && imageFormat(bytes);
  if (!bytes || !format) throw bad(`the service has no tile ${z}/${tile.x}/${tile.y}, in the middle of the county`);
  if (degrees) {
    const { width } = await decodeImage(bytes).catch((error: Error) => {
      throw bad(error.message, error);
    });
    if (width !== 256) throw bad(`its tiles have ${width} pixels; tiles in degrees must have 256`);
  }
  const wide = !degrees && (format === "png" || format === "jpeg") && (await decodeImage(bytes)).width >= 512;
  return {
    ...{ kind: "service", format: degrees ? "png" : format, tileSize: wide ? 512 : 256 },
    ...{ minZoom, maxZoom, bounds: null, crs, bytes: null },
  };
}
