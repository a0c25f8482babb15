import { fromFile, type GeoTIFF, type GeoTIFFImage } from "geotiff";
import type { BaseMapCrs } from "../../data/basemap/base-map.ts";
import { type RgbaImage, resample } from "../../data/basemap/resample.ts";
import { tileEdges, toDegrees, widthInDegrees } from "../../data/basemap/tile-edges.ts";
import { dataError } from "../../data/model/errors.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import { MAX_ZOOM, type TileId } from "../../data/tiles/tile-math.ts";
import { toPng } from "./image-formats.ts";
import type { BaseMapTile, TileSource } from "./tile-source.ts";

/** Pixels across a tile that is drawn. */
export const GEOTIFF_TILE_PIXELS = 512;
/** Pixels across the part of the picture that is read for a tile, at most: zooms that need more are not served. */
const MAX_WINDOW = 4096;

/** The picture at one size: the whole, or one of its overviews. */
interface Level {
  readonly image: GeoTIFFImage;
  readonly width: number;
  readonly height: number;
  /** Units of the reference system per pixel; both positive. */
  readonly pixelX: number;
  readonly pixelY: number;
}

const WEB_MERCATOR_CODES = [3857, 3785, 900913];

function crsOf(image: GeoTIFFImage, path: string): BaseMapCrs {
  const keys = image.getGeoKeys();
  const projected: unknown = keys?.ProjectedCSTypeGeoKey;
  const geographic: unknown = keys?.GeographicTypeGeoKey;
  if (projected !== undefined && WEB_MERCATOR_CODES.includes(Number(projected))) return "EPSG:3857";
  if (projected === undefined && geographic === 4326) return "EPSG:4326";
  if (projected === undefined && geographic === 4490) return "EPSG:4490";
  const found = projected ?? geographic;
  throw dataError(
    found === undefined
      ? `${path} does not say in which reference system it is`
      : `${path} is in EPSG:${found}; base maps are in EPSG:4326, 4490 or 3857`,
    { at: path, hint: "Bring it there first: gdalwarp -t_srs EPSG:3857 -r bilinear IN.tif OUT.tif" },
  );
}

/** A GeoTIFF whose axes run east and south, drawn anew as tiles of Web Mercator. */
export class GeotiffSource implements TileSource {
  /** Largest first. */
  readonly #levels: readonly Level[];
  readonly #file: GeoTIFF;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    file: GeoTIFF,
    levels: readonly Level[],
    readonly crs: BaseMapCrs,
    readonly west: number,
    readonly north: number,
    readonly nodata: number | null,
  ) {
    this.#file = file;
    this.#levels = levels;
  }

  /** @throws dataError where the file is no GeoTIFF in a reference system of base maps, or lies askew */
  static async open(path: string): Promise<GeotiffSource> {
    const file = await fromFile(path).catch((error: unknown) => {
      throw dataError(`${path} cannot be read as GeoTIFF: ${(error as Error).message}`, { at: path, cause: error });
    });
    try {
      return await GeotiffSource.#of(file, path);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  static async #of(file: GeoTIFF, path: string): Promise<GeotiffSource> {
    const whole = await file.getImage(0);
    const crs = crsOf(whole, path);
    const askew = (): Error =>
      dataError(`${path} does not lie along the axes of its reference system`, {
        at: path,
        hint: "gdalwarp draws it anew: gdalwarp -t_srs EPSG:3857 IN.tif OUT.tif",
      });
    const transformation: unknown = await whole.fileDirectory.loadValue("ModelTransformation");
    if (transformation && [1, 4].some((n) => (transformation as number[])[n] !== 0)) throw askew();
    const [pixelX = 0, pixelY = 0] = whole.getResolution();
    if (!(pixelX > 0 && pixelY < 0)) throw askew();
    // GTRasterType 2: the tie point is the middle of a pixel.
    const half = whole.getGeoKeys()?.GTRasterTypeGeoKey === 2 ? 0.5 : 0;
    const [x = 0, y = 0] = whole.getOrigin();
    const levels: Level[] = [];
    for (let n = 0; n < (await file.getImageCount()); n++) {
      const image = n === 0 ? whole : await file.getImage(n);
      const kind = Number((await image.fileDirectory.loadValue("NewSubfileType")) ?? 0);
      // Bit 0: a reduced form of the picture; bit 2: a mask. Other pages are other pictures.
      if (n > 0 && ((kind & 1) === 0 || (kind & 4) !== 0)) continue;
      const [width, height] = [image.getWidth(), image.getHeight()];
      levels.push({
        image,
        width,
        height,
        pixelX: (pixelX * whole.getWidth()) / width,
        pixelY: (-pixelY * whole.getHeight()) / height,
      });
    }
    levels.sort((a, b) => b.width - a.width);
    const source = new GeotiffSource(file, levels, crs, x - half * pixelX, y - half * pixelY, whole.getGDALNoData());
    const [west, south, east, north] = source.bounds;
    if (!(west >= -180.001 && east <= 360 && south >= -90.001 && north <= 90.001 && west < east && south < north))
      throw dataError(`${path} lies outside the world: ${source.bounds.join(", ")}`, { at: path });
    return source;
  }

  get #whole(): Level {
    return this.#levels[0] as Level;
  }

  /** West, south, east, north in degrees. */
  get bounds(): Bbox {
    const { width, height, pixelX, pixelY } = this.#whole;
    const [west, north] = toDegrees(this.west, this.north, this.crs);
    const [east, south] = toDegrees(this.west + width * pixelX, this.north - height * pixelY, this.crs);
    return [west, south, east, north];
  }

  /** Zooms at which tiles are made: down to the picture's own pixels, up to where too many of them lie under a tile. */
  get zooms(): readonly [min: number, max: number] {
    const zoomOf = (pixel: number): number => Math.log2(360 / (GEOTIFF_TILE_PIXELS * widthInDegrees(pixel, this.crs)));
    const max = Math.min(MAX_ZOOM, Math.max(0, Math.ceil(zoomOf(this.#whole.pixelX) - 0.01)));
    const smallest = this.#levels.at(-1) as Level;
    if (smallest.width <= MAX_WINDOW && smallest.height <= MAX_WINDOW) return [0, max];
    // A tile of zoom z has 360 / 2^z degrees; its rows are at most as tall on the ground.
    const reach = Math.log2(MAX_WINDOW / GEOTIFF_TILE_PIXELS);
    return [Math.min(max, Math.max(0, Math.ceil(zoomOf(smallest.pixelX) - reach))), max];
  }

  /** One at a time: decoding and drawing take the processor, and requests of the server come first. */
  tile(tile: TileId): Promise<BaseMapTile | undefined> {
    const made = this.#turn.then(() => this.#make(tile));
    this.#turn = made.catch(() => undefined);
    return made;
  }

  async #make(tile: TileId): Promise<BaseMapTile | undefined> {
    const edges = tileEdges(tile, GEOTIFF_TILE_PIXELS, this.crs);
    const wanted = ((edges.x[GEOTIFF_TILE_PIXELS] as number) - (edges.x[0] as number)) / GEOTIFF_TILE_PIXELS;
    // The smallest form that has as many pixels as the tile.
    const level = this.#levels.findLast(({ pixelX }) => pixelX <= wanted * 1.01) ?? this.#whole;
    const columns = edges.x.map((x) => (x - this.west) / level.pixelX);
    const rows = edges.y.map((y) => (this.north - y) / level.pixelY);
    const span = (places: Float64Array, size: number): readonly [from: number, to: number] => [
      Math.max(0, Math.floor(places[0] as number) - 1),
      Math.min(size, Math.ceil(places.at(-1) as number) + 1),
    ];
    const [left, right] = span(columns, level.width);
    const [top, bottom] = span(rows, level.height);
    if (left >= right || top >= bottom) return undefined;
    if (right - left > MAX_WINDOW * 2 || bottom - top > MAX_WINDOW * 2) return undefined;
    const pixels = await this.#read(level, [left, top, right, bottom]);
    const drawn = resample(
      pixels,
      columns.map((x) => x - left),
      rows.map((y) => y - top),
    );
    return { bytes: toPng(drawn), format: "png" };
  }

  async #read({ image }: Level, window: [number, number, number, number]): Promise<RgbaImage> {
    const [left, top, right, bottom] = window;
    const [width, height] = [right - left, bottom - top];
    const samples = await image.readRGB({ window, interleave: true, enableAlpha: true });
    const channels = samples.length / (width * height);
    const data = new Uint8ClampedArray(width * height * 4);
    // Samples of 16 bits are brought to 8; those of 8 stay.
    const shift = samples instanceof Uint16Array ? 257 : 1;
    for (let i = 0; i < width * height; i++) {
      const at = i * channels;
      const [red, green, blue] = [samples[at] as number, samples[at + 1] as number, samples[at + 2] as number];
      const nothing = this.nodata !== null && red === this.nodata && green === this.nodata && blue === this.nodata;
      data[i * 4] = red / shift;
      data[i * 4 + 1] = green / shift;
      data[i * 4 + 2] = blue / shift;
      data[i * 4 + 3] = nothing ? 0 : channels === 4 ? (samples[at + 3] as number) / shift : 255;
    }
    return { width, height, data };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
