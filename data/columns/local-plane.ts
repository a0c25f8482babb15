import { LATTICE_PER_DEGREE, type LonLat } from "../model/geometry.ts";

/** Mean Earth radius of IUGG 1980, metres: good to 0.5 % for distances, which is all that density needs. */
const EARTH_RADIUS_M = 6_371_008.8;
const METRES_PER_DEGREE = (EARTH_RADIUS_M * Math.PI) / 180;

/**
 * A flat plane in metres around an origin (equirectangular projection): x east, y north. Over a county (≤ 200 km) a
 * square cell is square to better than 2 %; areas are true at the origin's latitude.
 */
export interface LocalPlane {
  readonly origin: LonLat;
  /** Metres in a degree of longitude and of latitude at the origin. */
  readonly perLon: number;
  readonly perLat: number;
}

/** The plane around `origin` (WGS 84 lon, lat in degrees). */
export function localPlane(origin: LonLat): LocalPlane {
  return {
    origin,
    perLon: METRES_PER_DEGREE * Math.cos((origin[1] * Math.PI) / 180),
    perLat: METRES_PER_DEGREE,
  };
}

/** Degrees to metres on the plane: x east, y north. */
export const toPlane = (plane: LocalPlane, lon: number, lat: number): readonly [x: number, y: number] => [
  (lon - plane.origin[0]) * plane.perLon,
  (lat - plane.origin[1]) * plane.perLat,
];

/** Metres on the plane to degrees: lon, lat. */
export const fromPlane = (plane: LocalPlane, x: number, y: number): LonLat => [
  plane.origin[0] + x / plane.perLon,
  plane.origin[1] + y / plane.perLat,
];

/** Lattice column values (1e-7 degree) to metres on the plane. */
export const latticeToPlane = (plane: LocalPlane, lon: number, lat: number): readonly [x: number, y: number] =>
  toPlane(plane, lon / LATTICE_PER_DEGREE, lat / LATTICE_PER_DEGREE);
