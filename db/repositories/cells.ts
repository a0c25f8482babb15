import type { Bbox } from "../../data/model/geometry.ts";
import type { Params } from "./params.ts";

/**
 * The lattice of 0.01 degrees that points of cases and cameras carry as `cell` (migration 0011): row × 36001 + column,
 * both counted from the south-west corner of the world. Comparing plain numbers is leakproof, so an index over `cell`
 * serves under row-level security, where an index of PostGIS does not (data rule 7).
 */
const ROW = 36_001;
const rowOf = (lat: number): number => Math.floor((lat + 90) * 100);
const columnOf = (lon: number): number => Math.floor((lon + 180) * 100);
/** A box of more cells than this is about as large as a county: an index would not help. */
const MAX_CELLS = 4096;

/**
 * Cells that a box touches; undefined for a box of more than 4,096 cells (64 × 64, about 70 km of meridian).
 *
 * @param bbox west, south, east, north, degrees WGS 84
 */
export function cellsOfBox([west, south, east, north]: Bbox): number[] | undefined {
  const columns = columnOf(east) - columnOf(west) + 1;
  const rows = rowOf(north) - rowOf(south) + 1;
  if (!(columns > 0 && rows > 0)) return [];
  if (columns * rows > MAX_CELLS) return undefined;
  const first = rowOf(south) * ROW + columnOf(west);
  return Array.from({ length: columns * rows }, (_, n) => first + Math.floor(n / columns) * ROW + (n % columns));
}

/** Condition that the points of table `alias` lie in a box: its cells for the index, then the box itself. */
export function inBox(params: Params, alias: string, bbox: Bbox): string {
  const cells = cellsOfBox(bbox);
  const corners = bbox.map((degrees) => `${params.add(degrees)}::float8`);
  const exact = `ST_Intersects(${alias}.geom, ST_MakeEnvelope(${corners.join(", ")}, 4326))`;
  return cells ? `${alias}.cell = ANY(${params.add(cells)}::int[]) AND ${exact}` : exact;
}
