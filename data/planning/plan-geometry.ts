import { userError } from "../model/errors.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, type Ring, toLattice } from "../model/geometry.ts";

/** Positions of one cell at most: a grid has some hundred, a county's outline some ten thousand. */
const MOST_POSITIONS = 50_000;

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/**
 * A cell's ground as a desk sends it: a GeoJSON Polygon or MultiPolygon, WGS 84 lon/lat, taken to the 1e-7 degree lattice. Only its form
 * is checked; whether rings cross and neighbours fit is the referee's question, since a draft may be unfinished.
 *
 * @throws BAD_USER_INPUT for what is no such geometry
 */
export function planGeometry(value: unknown, at: string): MultiPolygonRings {
  const { type, coordinates } = (value ?? {}) as { readonly type?: unknown; readonly coordinates?: unknown };
  const polygons = type === "Polygon" ? [coordinates] : type === "MultiPolygon" ? coordinates : undefined;
  if (!isList(polygons) || polygons.length === 0)
    throw userError("the geometry is no polygon", { at, hint: "A GeoJSON Polygon or MultiPolygon in WGS 84." });
  let positions = 0;
  const ringOf = (ring: unknown): Ring => {
    if (!isList(ring) || ring.length < 4)
      throw userError("a ring has fewer than three corners", { at, hint: "Close rings by their first position." });
    positions += ring.length;
    if (positions > MOST_POSITIONS)
      throw userError(`the geometry has more than ${MOST_POSITIONS} positions`, { at, hint: "Simplify the line." });
    const line = ring.map((position) => positionOf(position, at));
    const [first, last] = [line[0] as LonLat, line[line.length - 1] as LonLat];
    if (first[0] !== last[0] || first[1] !== last[1])
      throw userError("a ring is not closed", { at, hint: "Its last position repeats the first." });
    return line;
  };
  return polygons.map((rings) => {
    if (!isList(rings) || rings.length === 0)
      throw userError("a polygon has no ring", { at, hint: "Its exterior comes first, then its holes." });
    return rings.map(ringOf);
  });
}

function positionOf(position: unknown, at: string): LonLat {
  const [lon, lat] = isList(position) ? position : [];
  if (typeof lon === "number" && typeof lat === "number" && Math.abs(lon) <= 180 && Math.abs(lat) <= 90)
    return [fromLattice(toLattice(lon)), fromLattice(toLattice(lat))];
  throw userError("a position is not longitude, latitude", { at, hint: "Degrees WGS 84, longitude first." });
}
