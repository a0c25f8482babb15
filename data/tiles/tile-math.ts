import { LATTICE_PER_DEGREE } from "../model/geometry.ts";

/** Units across a tile: what MVT calls its extent. */
export const EXTENT = 4096;
/** Tiles finer than this are not made: a unit is 0.4 mm on the ground there; clients enlarge the last ones instead. */
export const MAX_ZOOM = 18;
/** Zooms below this one carry counts of cells instead of points: far out, points hide each other and weigh megabytes. */
export const POINTS_FROM_ZOOM = 12;

/** A tile of the XYZ scheme (OGC WebMercatorQuad): x counts east from 180° W, y counts south from 85.0511° N. */
export interface TileId {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** Half-open box of lattice positions, 1e-7 degree: west ≤ lon < east, south ≤ lat < north. */
export interface LatticeBox {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

const HALF_CIRCLE = 180 * LATTICE_PER_DEGREE;
const CIRCLE = 2 * HALF_CIRCLE;
const LATTICE_RADIANS = Math.PI / HALF_CIRCLE;

/** Web Mercator position of a longitude, 0 (180° W) … 1. @param lon 1e-7 degree */
export const worldX = (lon: number): number => (lon + HALF_CIRCLE) / CIRCLE;

/** Web Mercator position of a latitude, 0 (85.0511° N) … 1, southwards. @param lat 1e-7 degree */
export function worldY(lat: number): number {
  const sin = Math.sin(lat * LATTICE_RADIANS);
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}

/** First lattice longitude of a column of tiles. */
export const westOfColumn = (zoom: number, column: number): number =>
  Math.ceil((column * CIRCLE) / 2 ** zoom) - HALF_CIRCLE;

/**
 * End of a row of tiles towards the north: the first lattice latitude that lies outside it, so that `lat` is in row `r`
 * when `northOfRow(r + 1) <= lat < northOfRow(r)`. Found with the forward projection alone, so that every position of the
 * lattice has exactly one row at each zoom, and the rows of a zoom lie whole in those of the zoom before.
 */
export function northOfRow(zoom: number, row: number): number {
  const edge = row / 2 ** zoom;
  const guess = (Math.atan(Math.sinh(Math.PI * (1 - 2 * edge))) / LATTICE_RADIANS) | 0;
  let lat = guess;
  while (worldY(lat) >= edge) lat++;
  while (worldY(lat - 1) < edge) lat--;
  return lat;
}

/** Positions that lie in a tile: each in exactly one tile of a zoom. */
export const boxOfTile = ({ z, x, y }: TileId): LatticeBox => ({
  west: westOfColumn(z, x),
  south: northOfRow(z, y + 1),
  east: westOfColumn(z, x + 1),
  north: northOfRow(z, y),
});

/** The tile that a position lies in; undefined beyond 85.0511° of latitude. @param lon, lat 1e-7 degree */
export function tileAt(lon: number, lat: number, z: number): TileId | undefined {
  const tiles = 2 ** z;
  const y = Math.floor(worldY(lat) * tiles);
  if (!(y >= 0 && y < tiles)) return undefined;
  return { z, x: Math.min(tiles - 1, Math.floor(((lon + HALF_CIRCLE) * tiles) / CIRCLE)), y };
}

/** Does a box hold a position? */
export const holds = (box: LatticeBox, lon: number, lat: number): boolean =>
  lon >= box.west && lon < box.east && lat >= box.south && lat < box.north;

/** Is it a tile of its zoom? */
export const isTile = ({ z, x, y }: TileId): boolean =>
  [z, x, y].every(Number.isInteger) && z >= 0 && z <= MAX_ZOOM && x >= 0 && x < 2 ** z && y >= 0 && y < 2 ** z;
