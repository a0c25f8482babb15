import { fromLattice, type LonLat, toLattice } from "../../model/geometry.ts";
import { cosDegrees } from "../geography/local-plane.ts";

/** Metres in a degree of latitude (mean meridian of WGS 84, ± 0.6 %: enough to scatter demo points). */
const METRES_PER_DEGREE = 111_195;

/** Metres in a degree of longitude at a latitude in degrees. */
export const metresPerLonDegree = (lat: number): number => METRES_PER_DEGREE * cosDegrees(lat);

/** A point moved east and north by metres, on the 1e-7 degree lattice. */
export function offsetMetres([lon, lat]: LonLat, eastM: number, northM: number): LonLat {
  return [
    fromLattice(toLattice(lon + eastM / metresPerLonDegree(lat))),
    fromLattice(toLattice(lat + northM / METRES_PER_DEGREE)),
  ];
}

/** East and north metres from `a` to `b` (flat approximation, good over a county's demo distances). */
export function metresBetween(a: LonLat, b: LonLat): readonly [east: number, north: number] {
  return [(b[0] - a[0]) * metresPerLonDegree(a[1]), (b[1] - a[1]) * METRES_PER_DEGREE];
}

/** Squared distance in metres². */
export function distanceSquared(a: LonLat, b: LonLat): number {
  const [east, north] = metresBetween(a, b);
  return east * east + north * north;
}

/**
 * Compass bearing of a vector, whole degrees clockwise from north, 0 … 359. The arctangent of a ratio in 0 … 1 is
 * taken as `z · (45 − (z − 1) · (14 + 3.83 z))` degrees, which errs by less than 0.3° and uses no library function.
 */
export function bearingDeg(east: number, north: number): number {
  const x = east < 0 ? -east : east;
  const y = north < 0 ? -north : north;
  if (x === 0 && y === 0) return 0;
  const z = x < y ? x / y : y / x;
  const small = z * (45 - (z - 1) * (14 + 3.83 * z));
  const fromNorth = x < y ? small : 90 - small;
  const quadrant =
    north >= 0 ? (east >= 0 ? fromNorth : 360 - fromNorth) : east >= 0 ? 180 - fromNorth : 180 + fromNorth;
  return Math.floor(quadrant + 0.5) % 360;
}
