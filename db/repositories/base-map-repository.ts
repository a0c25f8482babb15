import type { BaseMapCrs, BaseMapFormat, BaseMapKind } from "../../data/basemap/base-map.ts";
import type { Transaction } from "../driver.ts";

/** A county's base map as it is registered. */
export interface BaseMapRow {
  readonly county: string;
  readonly kind: BaseMapKind;
  readonly source: string;
  /** 审图号. */
  readonly reviewNumber: string;
  /** Changes with the content. */
  readonly version: string;
  readonly format: BaseMapFormat;
  readonly tileSize: 256 | 512;
  readonly minZoom: number;
  readonly maxZoom: number;
  /** Degrees; null = everywhere. */
  readonly west: number | null;
  readonly south: number | null;
  readonly east: number | null;
  readonly north: number | null;
  /** Name in the folder of base maps; null for services. */
  readonly file: string | null;
  readonly bytes: number | null;
  /** Template of a service's tiles; null for files. */
  readonly url: string | null;
  readonly crs: BaseMapCrs;
  readonly firstMatrix: number;
  /** ISO 8601. */
  readonly addedAt: string;
  readonly addedBy: string;
}

/** The county's base map; undefined where it has none. */
export async function findBaseMap(tx: Transaction, county: string): Promise<BaseMapRow | undefined> {
  const [row] = await tx.rows<BaseMapRow>(
    `SELECT b.county, b.kind, b.source, b.review_number AS "reviewNumber", b.version, b.format, b.tile_size AS "tileSize",
       b.min_zoom AS "minZoom", b.max_zoom AS "maxZoom", b.west, b.south, b.east, b.north, b.file, b.byte_count AS bytes,
       b.url, b.crs, b.first_matrix AS "firstMatrix", b.added_at AS "addedAt", b.added_by AS "addedBy"
     FROM base_map b WHERE b.county = $1`,
    [county],
    "byKey",
  );
  return row;
}

/** Registers the county's base map in place of the one before. */
export const putBaseMap = (tx: Transaction, row: BaseMapRow): Promise<number> =>
  tx.execute(
    `INSERT INTO base_map (county, kind, source, review_number, version, format, tile_size, min_zoom, max_zoom, west, south,
       east, north, file, byte_count, url, crs, first_matrix, added_at, added_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19::timestamptz, $20)
     ON CONFLICT (county) DO UPDATE SET kind = excluded.kind, source = excluded.source,
       review_number = excluded.review_number, version = excluded.version, format = excluded.format,
       tile_size = excluded.tile_size, min_zoom = excluded.min_zoom, max_zoom = excluded.max_zoom, west = excluded.west,
       south = excluded.south, east = excluded.east, north = excluded.north, file = excluded.file,
       byte_count = excluded.byte_count, url = excluded.url, crs = excluded.crs, first_matrix = excluded.first_matrix,
       added_at = excluded.added_at, added_by = excluded.added_by`,
    [
      row.county,
      row.kind,
      row.source,
      row.reviewNumber,
      row.version,
      row.format,
      row.tileSize,
      row.minZoom,
      row.maxZoom,
      row.west,
      row.south,
      row.east,
      row.north,
      row.file,
      row.bytes,
      row.url,
      row.crs,
      row.firstMatrix,
      row.addedAt,
      row.addedBy,
    ],
  );

/** Forgets the county's base map. */
export const deleteBaseMap = (tx: Transaction, county: string): Promise<number> =>
  tx.execute("DELETE FROM base_map WHERE county = $1", [county]);
