import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { BaseMapDescription, BaseMapFormat } from "../../data/basemap/base-map.ts";
import type { TileId } from "../../data/tiles/tile-math.ts";
import type { Database } from "../../db/driver.ts";
import { type BaseMapRow, findBaseMap } from "../../db/repositories/base-map-repository.ts";
import { RefusedRequest } from "../hardening/request-guards.ts";
import { ByteBudgetCache, CachedBytes, SharedFlights } from "../tiles/tile-cache.ts";
import type { EnvironmentMap } from "./environment-map.ts";
import { GeotiffSource } from "./geotiff-source.ts";
import { PmtilesSource } from "./pmtiles-source.ts";
import { ServiceSource } from "./service-source.ts";
import type { TileSource } from "./tile-source.ts";

/** Folder of base maps below the data directory. */
export const baseMapFolder = (dir: string): string => join(dir, "basemap");

/** Tiles kept in memory, bytes. */
const TILE_BYTES = 96 * 1024 * 1024;
/** What is registered is read anew after this time: a map asks for dozens of tiles at once. */
const KNOWN_MS = 5_000;

interface Opened {
  readonly version: string;
  readonly source: Promise<TileSource>;
}

interface Known {
  readonly row: Promise<BaseMapRow | undefined>;
  readonly readAt: number;
}

/** A tile that was made: its bytes, or nothing where the map has nothing. */
export interface MadeTile {
  readonly content: CachedBytes | undefined;
  readonly format: BaseMapFormat;
}

/** What a client needs to draw a base map. */
export function describeBaseMap(row: BaseMapRow): BaseMapDescription {
  const { county, kind, west, south, east, north } = row;
  return {
    county,
    kind,
    type: row.format === "mvt" ? "vector" : "raster",
    tiles: `/basemap/${county}/{z}/{x}/{y}?v=${row.version}`,
    tileSize: row.tileSize,
    minzoom: row.minZoom,
    maxzoom: row.maxZoom,
    bounds: west === null || south === null || east === null || north === null ? null : [west, south, east, north],
    source: row.source,
    reviewNumber: row.reviewNumber,
    addedAt: row.addedAt,
  };
}

/** Opens what a row registers. @throws RefusedRequest 503 where its file is not where it was */
async function openSource(row: BaseMapRow, path: string, now: () => number): Promise<TileSource> {
  if (row.url !== null) return new ServiceSource(row.url, row.crs, row.firstMatrix, now);
  const there = await stat(path).catch(() => undefined);
  if (!there?.isFile())
    throw new RefusedRequest(
      503,
      row.file === null
        ? "the base map that the environment names is gone"
        : `the base map of ${row.county} is registered, but its file is not in this server's folder`,
      row.file === null
        ? "Put the file of BASEMAP_FILE back, or name another one and start the server again."
        : `Copy ${row.file} to ${"<data directory>"}/basemap, or set the base map again: jingwei basemap set`,
      { at: "basemap" },
    );
  return row.kind === "geotiff" ? GeotiffSource.open(path) : PmtilesSource.open(path);
}

/** Base maps of the server's counties: what is registered, opened once, with the tiles that were made lately. */
export class BaseMaps {
  readonly #database: Database;
  readonly #dir: string;
  readonly #now: () => number;
  readonly #fallback: EnvironmentMap | undefined;
  readonly #known = new Map<string, Known>();
  readonly #opened = new Map<string, Opened>();
  readonly #tiles = new ByteBudgetCache<MadeTile>(TILE_BYTES);
  readonly #flights = new SharedFlights<MadeTile>();

  /** @param fallback the base map of counties that have none of their own */
  constructor(database: Database, dir: string, now: () => number, fallback?: EnvironmentMap) {
    this.#fallback = fallback;
    this.#database = database;
    this.#dir = dir;
    this.#now = now;
  }

  /** What is registered for a county, else what the environment names; undefined for nothing. Whoever asks has been asked for the map's permission. */
  async find(county: string): Promise<BaseMapRow | undefined> {
    const known = this.#known.get(county);
    if (known && this.#now() - known.readAt < KNOWN_MS) return known.row;
    const set = this.#database.transaction({ kind: "county", county }, (tx) => findBaseMap(tx, county));
    const row = set.then((own) => own ?? (this.#fallback && { ...this.#fallback.row, county }));
    this.#known.set(county, { row, readAt: this.#now() });
    row.catch(() => this.#known.delete(county));
    return row;
  }

  /** A tile of a base map, from memory where it was made lately. */
  async tile(row: BaseMapRow, tile: TileId): Promise<MadeTile> {
    const { z, x, y } = tile;
    if (z < row.minZoom || z > row.maxZoom) return { content: undefined, format: row.format };
    const key = [row.county, row.version, z, x, y].join("/");
    const known = this.#tiles.get(key);
    if (known) return known;
    return this.#flights.join(key, async () => {
      const source = await this.#source(row);
      const made = await source.tile(tile);
      const entry: MadeTile = {
        content: made && made.bytes.length > 0 ? new CachedBytes(made.bytes) : undefined,
        format: made?.format ?? row.format,
      };
      this.#tiles.set(key, entry, entry.content?.size ?? 256);
      return entry;
    });
  }

  #source(row: BaseMapRow): Promise<TileSource> {
    const opened = this.#opened.get(row.county);
    if (opened?.version === row.version) return opened.source;
    if (opened) closeWhenDone(opened);
    const own = join(baseMapFolder(this.#dir), row.file ?? "");
    const path = row.file === null ? (this.#fallback?.path ?? own) : own;
    const entry = { version: row.version, source: openSource(row, path, this.#now) };
    this.#opened.set(row.county, entry);
    entry.source.catch(() => {
      if (this.#opened.get(row.county) === entry) this.#opened.delete(row.county);
    });
    return entry.source;
  }

  /** Closes files. */
  async close(): Promise<void> {
    const opened = [...this.#opened.values()];
    this.#opened.clear();
    for (const { source } of opened) await source.then((one) => one.close()).catch(() => undefined);
  }
}

/** A map that was replaced: tiles on their way may still read it for a moment. */
const REPLACED_MS = 5_000;
function closeWhenDone({ source }: Opened): void {
  setTimeout(() => void source.then((one) => one.close()).catch(() => undefined), REPLACED_MS).unref();
}
