import { type BaseMapCrs, inDegrees } from "../../data/basemap/base-map.ts";
import { type RgbaImage, resample } from "../../data/basemap/resample.ts";
import {
  degreeTiles,
  mercatorAddress,
  SERVICE_TILE_PIXELS,
  type TileAddress,
  tileUrl,
} from "../../data/basemap/service-address.ts";
import { tileEdges } from "../../data/basemap/tile-edges.ts";
import type { TileId } from "../../data/tiles/tile-math.ts";
import { RefusedRequest } from "../hardening/request-guards.ts";
import { decodeImage, imageFormat, toPng } from "./image-formats.ts";
import type { BaseMapTile, TileSource } from "./tile-source.ts";

/** How long a service may take for a tile, ms. */
const TIMEOUT_MS = 10_000;
/** Largest tile that is taken, bytes: an aerial photograph of 512 pixels has a third of it. */
const MAX_TILE_BYTES = 2 * 1024 * 1024;
/** How long a service that did not answer is left alone, ms: a page must not wait for each of a hundred tiles. */
const REST_MS = 15_000;

/** Why a tile could not be had; 502, so that it is told apart from a tile that is not there. */
const failure = (message: string, retryAfter?: number, cause?: unknown): RefusedRequest =>
  new RefusedRequest(
    502,
    `the base map's service: ${message}`,
    "Its administrator can say more; other layers are not concerned.",
    {
      at: "basemap",
      ...(retryAfter === undefined ? {} : { retryAfter }),
      cause,
    },
  );

/** Reads an answer up to the limit; what is longer is broken off, not held in memory. */
async function readLimited(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > MAX_TILE_BYTES) throw failure(`the answer is larger than ${MAX_TILE_BYTES} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

/**
 * A tile service of the intranet, asked by the server. Only the host of the template is asked: redirects are refused, and
 * what comes back must be a picture by its type and by its bytes.
 */
export class ServiceSource implements TileSource {
  readonly #template: string;
  readonly #crs: BaseMapCrs;
  readonly #firstMatrix: number;
  readonly #now: () => number;
  #restUntil = 0;

  constructor(template: string, crs: BaseMapCrs, firstMatrix: number, now: () => number = Date.now) {
    this.#template = template;
    this.#crs = crs;
    this.#firstMatrix = firstMatrix;
    this.#now = now;
  }

  async tile(tile: TileId): Promise<BaseMapTile | undefined> {
    if (!inDegrees(this.#crs)) {
      const bytes = await this.fetch(mercatorAddress(tile, this.#firstMatrix));
      const format = bytes && imageFormat(bytes);
      return bytes && format && { bytes, format };
    }
    return tile.z < 1 ? undefined : this.#fromDegrees(tile);
  }

  /** Rows of the degree grid one below the other, drawn anew on Mercator's. */
  async #fromDegrees(tile: TileId): Promise<BaseMapTile | undefined> {
    const { y } = tileEdges(tile, SERVICE_TILE_PIXELS, this.#crs);
    const latitudes = [y[0] as number, y[SERVICE_TILE_PIXELS] as number] as const;
    const { addresses, north, pixel } = degreeTiles(tile, latitudes, this.#firstMatrix);
    const size = SERVICE_TILE_PIXELS;
    const mosaic: RgbaImage = {
      width: size,
      height: size * addresses.length,
      data: new Uint8ClampedArray(size * size * addresses.length * 4),
    };
    const found = await Promise.all(
      addresses.map(async (address, n) => {
        const bytes = await this.fetch(address);
        if (!bytes) return false;
        const image = await decodeImage(bytes).catch((error: Error) => {
          throw failure(error.message, undefined, error);
        });
        if (image.width !== size || image.height !== size)
          throw failure(`a tile has ${image.width} × ${image.height} pixels, not ${size} × ${size}`);
        (mosaic.data as Uint8ClampedArray).set(image.data, n * size * size * 4);
        return true;
      }),
    );
    if (!found.includes(true)) return undefined;
    const columns = Float64Array.from({ length: size + 1 }, (_, i) => i);
    const rows = y.map((latitude) => (north - latitude) / pixel);
    return { bytes: toPng(resample(mosaic, columns, rows)), format: "png" };
  }

  /**
   * One tile of the service as it is; undefined where it has none.
   *
   * @throws RefusedRequest 502
   */
  async fetch(address: TileAddress): Promise<Uint8Array | undefined> {
    const rest = this.#restUntil - this.#now();
    if (rest > 0) throw failure("it did not answer a moment ago", Math.ceil(rest / 1000));
    let response: Response;
    try {
      response = await fetch(tileUrl(this.#template, address), {
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { accept: "image/*" },
      });
    } catch (error) {
      this.#restUntil = this.#now() + REST_MS;
      throw failure(`it does not answer (${reason(error)})`, REST_MS / 1000, error);
    }
    if (response.status === 404 || response.status === 204) {
      await response.body?.cancel();
      return undefined;
    }
    const type = response.headers.get("content-type") ?? "";
    if (!response.ok || !/^(image\/|application\/octet-stream)/i.test(type)) {
      await response.body?.cancel();
      throw failure(response.ok ? `it sent "${type.slice(0, 60)}", not a picture` : `it answered ${response.status}`);
    }
    const bytes = await readLimited(response).catch((error: unknown) => {
      throw error instanceof RefusedRequest
        ? error
        : failure(`its answer broke off (${reason(error)})`, undefined, error);
    });
    if (!imageFormat(bytes)) throw failure("what it sent is not PNG, JPEG, WebP or AVIF");
    return bytes;
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }
}

/** Why `fetch` failed: the name of the system's error where there is one. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  return code ?? (error.name === "TimeoutError" ? `no answer in ${TIMEOUT_MS / 1000} s` : error.message);
}
