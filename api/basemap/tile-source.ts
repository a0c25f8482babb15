import type { BaseMapFormat } from "../../data/basemap/base-map.ts";
import type { TileId } from "../../data/tiles/tile-math.ts";

/** A tile as it is sent. */
export interface BaseMapTile {
  readonly bytes: Uint8Array;
  readonly format: BaseMapFormat;
}

/** Tiles of Web Mercator (XYZ) of one base map. */
export interface TileSource {
  /** The tile; undefined where the map has nothing. */
  tile(tile: TileId): Promise<BaseMapTile | undefined>;
  close(): Promise<void>;
}
