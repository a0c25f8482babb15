import { orient2d } from "robust-predicates";
import { metresPerDegree } from "../geo/measure.ts";
import { type LonLat, type MultiPolygonRings, type Ring, toLattice } from "../model/geometry.ts";

/** "Near a border", metres (DESIGN section 4, rule 4): within it all owners are shown and none is guessed. */
export const NEAR_BORDER_M = 5;

/** An area that may own a point. */
export interface NearArea {
  readonly code: string;
  /** WGS 84 lon/lat, on the 1e-7 degree lattice. */
  readonly geometry: MultiPolygonRings;
}

/** An area and how far a point lies from it. */
export interface OwnerDistance {
  readonly code: string;
  /** Metres; 0 inside it and on its line. */
  readonly distanceM: number;
}

/**
 * Areas that a point belongs to or may belong to: all those within 5 m, lowest code first. One, where nothing is in doubt;
 * none outside all.
 *
 * Edges are straight in longitude and latitude, as everywhere in Jingwei (RFC 7946): PostGIS measures `geography` along
 * great circles, which leave a long border by metres (an edge of 10 km along the 40th parallel by 1.6 m in its middle).
 *
 * @param areas the lowest areas around the point; further ones do no harm
 * @param point WGS 84 lon/lat; it is taken to the lattice first
 */
export function candidateOwners(areas: readonly NearArea[], point: LonLat): OwnerDistance[] {
  return areas
    .map(({ code, geometry }) => ({ code, distanceM: distanceToArea(geometry, point) }))
    .filter(({ distanceM }) => distanceM <= NEAR_BORDER_M)
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

/**
 * Metres from a point to an area, 0 inside. Exact (to 0.1 mm) within 100 m; what is further away is measured on the plane
 * of the point, too coarsely for anything but "far".
 */
export function distanceToArea(geometry: MultiPolygonRings, point: LonLat): number {
  const x = toLattice(point[0]);
  const y = toLattice(point[1]);
  const perDegree = metresPerDegree(point[1]);
  // Metres in a lattice unit.
  const scaleX = perDegree.lon / 1e7;
  const scaleY = perDegree.lat / 1e7;
  let inside = false;
  let nearest = Number.POSITIVE_INFINITY;
  for (const rings of geometry) {
    for (const ring of rings) {
      const found = ringAround(ring, x, y, scaleX, scaleY);
      if (found.squared === 0) return 0;
      if (found.inside) inside = !inside;
      nearest = Math.min(nearest, found.squared);
    }
  }
  return inside ? 0 : Math.sqrt(nearest);
}

/** Whether a ring turns around a point (even-odd, by exact arithmetic on the lattice), and the square of the metres to it. */
function ringAround(ring: Ring, x: number, y: number, scaleX: number, scaleY: number) {
  let inside = false;
  let squared = Number.POSITIVE_INFINITY;
  for (let i = 1; i < ring.length; i++) {
    const [lon1, lat1] = ring[i - 1] as LonLat;
    const [lon2, lat2] = ring[i] as LonLat;
    const x1 = toLattice(lon1) - x;
    const y1 = toLattice(lat1) - y;
    const x2 = toLattice(lon2) - x;
    const y2 = toLattice(lat2) - y;
    const turn = orient2d(x1, y1, x2, y2, 0, 0);
    if (turn === 0 && x1 * x2 <= 0 && y1 * y2 <= 0) return { inside: false, squared: 0 };
    // A ray towards east: an edge counts with its lower end, without its upper one.
    if (y1 > 0 !== y2 > 0 && turn > 0 === y1 > y2) inside = !inside;
    squared = Math.min(squared, squaredToSegment(x1 * scaleX, y1 * scaleY, x2 * scaleX, y2 * scaleY));
  }
  return { inside, squared };
}

/** Square of the distance from the origin to a segment. */
function squaredToSegment(x1: number, y1: number, x2: number, y2: number): number {
  const dx = x2 - x1;
  const dy = y2 - y1;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, -(x1 * dx + y1 * dy) / length));
  const nearX = x1 + along * dx;
  const nearY = y1 + along * dy;
  return nearX * nearX + nearY * nearY;
}
