import { Prng } from "../demo/prng.ts";
import type { LonLat } from "../model/geometry.ts";
import { fromLattice, toLattice } from "../model/geometry.ts";
import type { RawGeometry } from "./raw-layer.ts";

/** Metres in a degree of latitude, mean (WGS 84). */
const METRES_PER_DEGREE = 111_195;

/**
 * A square round a point, on the lattice, that stands for an outline which the file does not have.
 *
 * @param halfSideM half of its side, metres
 * @returns undefined for what is no point
 */
export function squareOfPoint(geometry: RawGeometry | null, halfSideM: number): RawGeometry | undefined {
  const point = pointOf(geometry);
  if (!point || Math.abs(point[1]) > 89) return undefined;
  const [lon, lat] = point;
  const dy = halfSideM / METRES_PER_DEGREE;
  const dx = dy / Math.cos((lat * Math.PI) / 180);
  const corner = (x: number, y: number): LonLat => [fromLattice(toLattice(lon + x)), fromLattice(toLattice(lat + y))];
  const ring = [corner(-dx, -dy), corner(dx, -dy), corner(dx, dy), corner(-dx, dy), corner(-dx, -dy)];
  return { type: "Polygon", coordinates: [ring] };
}

/** The position of a point feature, WGS 84 lon/lat; undefined for anything else, and outside the globe. */
export function pointOf(geometry: RawGeometry | null): LonLat | undefined {
  if (!geometry) return undefined;
  const coordinates =
    geometry.type === "MultiPoint" && Array.isArray(geometry.coordinates) && geometry.coordinates.length === 1
      ? geometry.coordinates[0]
      : geometry.coordinates;
  if ((geometry.type !== "Point" && geometry.type !== "MultiPoint") || !Array.isArray(coordinates)) return undefined;
  const [lon, lat] = coordinates as unknown[];
  if (typeof lon !== "number" || typeof lat !== "number") return undefined;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : undefined;
}

/** A key for a feature that its source gives none: drawn from its place and name, equal on the next import of the same file. */
export function placeKey(...parts: readonly unknown[]): string {
  const stream = new Prng(JSON.stringify(parts.length === 1 ? parts[0] : parts));
  return `place:${[0, 1, 2, 3].map(() => stream.uint32().toString(16).padStart(8, "0")).join("")}`;
}
