import type { TileId } from "../tiles/tile-math.ts";
import { type BaseMapCrs, inDegrees } from "./base-map.ts";

/** Half the width of the world of Web Mercator (EPSG:3857), metres. */
const HALF_WORLD_M = 20_037_508.342789244;

/** Places of the edges between the pixels of a tile in a reference system, west to east and north to south. */
export interface TileEdges {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Latitude of a Web Mercator position. @param world 0 (85.0511° N) … 1, southwards */
const latitudeOf = (world: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * world))) * 180) / Math.PI;

/**
 * Edges of the pixels of a Web Mercator tile: its columns and rows lie along the axes of each reference system that base
 * maps come in, so two lists say all.
 *
 * @param size pixels across the tile
 * @returns `size + 1` places each; degrees, or metres in EPSG:3857; y falls southwards
 */
export function tileEdges({ z, x, y }: TileId, size: number, crs: BaseMapCrs): TileEdges {
  const tiles = 2 ** z;
  const world = (tile: number, pixel: number): number => (tile + pixel / size) / tiles;
  const degrees = inDegrees(crs);
  const place = (west: number): number => (degrees ? west * 360 - 180 : (2 * west - 1) * HALF_WORLD_M);
  const rows = (north: number): number => (degrees ? latitudeOf(north) : (1 - 2 * north) * HALF_WORLD_M);
  return {
    x: Float64Array.from({ length: size + 1 }, (_, i) => place(world(x, i))),
    y: Float64Array.from({ length: size + 1 }, (_, i) => rows(world(y, i))),
  };
}

/** Longitude and latitude of a place in a reference system of base maps. */
export function toDegrees(x: number, y: number, crs: BaseMapCrs): readonly [lon: number, lat: number] {
  if (inDegrees(crs)) return [x, y];
  return [(x / HALF_WORLD_M) * 180, latitudeOf((1 - y / HALF_WORLD_M) / 2)];
}

/** Width in degrees of longitude of a length along x. */
export const widthInDegrees = (length: number, crs: BaseMapCrs): number =>
  inDegrees(crs) ? length : (length / HALF_WORLD_M) * 180;
