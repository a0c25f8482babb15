import type { LonLat, MultiPolygonRings, PolygonRings, Ring } from "../model/geometry.ts";
import { fromLattice, toLattice } from "../model/geometry.ts";

export interface RepairedPolygon {
  readonly geometry: MultiPolygonRings;
  /** Rings that were not closed. */
  readonly closed: number;
  /** Rings turned round: RFC 7946 wants exteriors counter-clockwise; a convention, not a fault. */
  readonly turned: number;
  /** Rings or parts left out because they enclose nothing on the lattice. */
  readonly dropped: number;
}

/** Why a geometry cannot be an area. */
export interface PolygonFault {
  readonly reason: "not_polygon" | "no_geometry" | "bad_coordinates" | "empty_polygon";
  readonly message: string;
  readonly value: string;
}

/**
 * Makes a clean MultiPolygon out of GeoJSON polygons: positions snapped to the 1e-7 degree lattice, repeated ones
 * dropped, rings closed and turned (exterior counter-clockwise, holes clockwise), rings without extent left out.
 * Self-intersection is not repaired here.
 *
 * @param geometry as read, WGS 84 lon/lat
 */
export function repairPolygon(
  geometry: { readonly type: string; readonly coordinates: unknown } | null,
): RepairedPolygon | PolygonFault {
  if (!geometry) return { reason: "no_geometry", message: "the feature has no geometry", value: "null" };
  const { type, coordinates } = geometry;
  if (type !== "Polygon" && type !== "MultiPolygon") {
    return { reason: "not_polygon", message: `an area must be a Polygon or MultiPolygon, not a ${type}`, value: type };
  }
  const parts = type === "Polygon" ? [coordinates] : coordinates;
  if (!Array.isArray(parts)) return badCoordinates(coordinates);
  const polygons: PolygonRings[] = [];
  const tally = { closed: 0, turned: 0, dropped: 0 };
  for (const part of parts) {
    if (!Array.isArray(part)) return badCoordinates(part);
    const rings: Ring[] = [];
    for (const [index, raw] of part.entries()) {
      if (isClean(raw, index === 0)) {
        rings.push(raw);
        continue;
      }
      const positions = readPositions(raw);
      if (!Array.isArray(positions)) return positions;
      const ring = cleanRing(positions, index === 0, tally);
      if (ring) rings.push(ring);
      else if (index === 0) break;
    }
    if (rings.length > 0) polygons.push(rings);
  }
  if (polygons.length === 0) {
    return {
      reason: "empty_polygon",
      message: "no ring encloses any ground",
      value: JSON.stringify(coordinates) ?? "",
    };
  }
  return { geometry: polygons, ...tally };
}

export const isFault = (result: RepairedPolygon | PolygonFault): result is PolygonFault => "reason" in result;

const badCoordinates = (value: unknown): PolygonFault => ({
  reason: "bad_coordinates",
  message: "a position must be two numbers, longitude −180…180 then latitude −90…90",
  value: JSON.stringify(value) ?? String(value),
});

/** A ring with nothing to repair, as most are: no copy of it need be made. */
function isClean(raw: unknown, exterior: boolean): raw is Ring {
  if (!Array.isArray(raw) || raw.length < 4) return false;
  const [first] = raw;
  if (!isOnLattice(first)) return false;
  let before: LonLat = first;
  let doubleArea = 0;
  for (let i = 1; i < raw.length; i++) {
    const at: unknown = raw[i];
    if (!isOnLattice(at) || (at[0] === before[0] && at[1] === before[1])) return false;
    const one = (toLattice(before[0]) - toLattice(first[0])) * (toLattice(at[1]) - toLattice(first[1]));
    const two = (toLattice(at[0]) - toLattice(first[0])) * (toLattice(before[1]) - toLattice(first[1]));
    doubleArea += one - two;
    before = at;
  }
  return before[0] === first[0] && before[1] === first[1] && doubleArea !== 0 && doubleArea > 0 === exterior;
}

const isOnLattice = (position: unknown): position is LonLat =>
  Array.isArray(position) && position.length === 2 && isDegrees(position[0], 180) && isDegrees(position[1], 90);

const isDegrees = (value: unknown, most: number): boolean =>
  typeof value === "number" && value >= -most && value <= most && fromLattice(toLattice(value)) === value;

function readPositions(raw: unknown): (readonly [number, number])[] | PolygonFault {
  if (!Array.isArray(raw)) return badCoordinates(raw);
  const out: (readonly [number, number])[] = [];
  for (const position of raw) {
    const [lon, lat] = Array.isArray(position) ? position : [];
    if (typeof lon !== "number" || typeof lat !== "number" || !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) {
      return badCoordinates(position);
    }
    out.push([toLattice(lon), toLattice(lat)]);
  }
  return out;
}

function cleanRing(
  positions: readonly (readonly [number, number])[],
  exterior: boolean,
  tally: { closed: number; turned: number; dropped: number },
): Ring | undefined {
  const first = positions[0];
  const last = positions[positions.length - 1];
  const wasClosed = first && last && first[0] === last[0] && first[1] === last[1];
  const open: (readonly [number, number])[] = [];
  for (const position of positions) {
    const previous = open[open.length - 1];
    if (!previous || previous[0] !== position[0] || previous[1] !== position[1]) open.push(position);
  }
  if (open.length > 1 && open[0]?.[0] === open[open.length - 1]?.[0] && open[0]?.[1] === open[open.length - 1]?.[1])
    open.pop();
  const doubleArea = open.length < 3 ? 0 : signedDoubleArea(open);
  if (doubleArea === 0) {
    tally.dropped++;
    return undefined;
  }
  if (!wasClosed) tally.closed++;
  if (doubleArea > 0 !== exterior) {
    tally.turned++;
    open.reverse();
  }
  return [...open, open[0] as readonly [number, number]].map(([x, y]): LonLat => [fromLattice(x), fromLattice(y)]);
}

/** Twice the shoelace area in lattice units², taken from the first position to keep the products small. */
function signedDoubleArea(ring: readonly (readonly [number, number])[]): number {
  const [x0, y0] = ring[0] as readonly [number, number];
  let sum = 0;
  for (let i = 1; i + 1 < ring.length; i++) {
    const [x1, y1] = ring[i] as readonly [number, number];
    const [x2, y2] = ring[i + 1] as readonly [number, number];
    sum += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  }
  return sum;
}
