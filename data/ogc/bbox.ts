import { userError } from "../model/errors.ts";
import type { Bbox } from "../model/geometry.ts";
import type { FeatureCrs } from "./crs.ts";

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const HINT = "Four numbers, or six with heights: the lower corner, then the upper one, in the axis order of bbox-crs.";

/**
 * Boxes in degrees WGS 84 of the parameter `bbox`: one, or two where it crosses the antimeridian. Heights are not looked
 * at. A box may be a line or a point.
 *
 * @throws BAD_USER_INPUT that names the parameter
 */
export function parseBbox(text: string, crs: FeatureCrs): Bbox[] {
  const parts = text.split(",").map((part) => part.trim());
  const numbers = parts.map(Number);
  if (
    !(parts.length === 4 || parts.length === 6) ||
    !parts.every((part) => NUMBER.test(part)) ||
    !numbers.every(Number.isFinite)
  )
    throw userError(`"${text.slice(0, 100)}" is no box`, { at: "bbox", hint: HINT });
  const [a = 0, b = 0, c = 0, d = 0] = parts.length === 4 ? numbers : [numbers[0], numbers[1], numbers[3], numbers[4]];
  const lower = crs.toWgs84(a, b);
  const upper = crs.toWgs84(c, d);
  const [west, south, east, north] = [lower[0], lower[1], upper[0], upper[1]];
  const outside =
    [west, east].some((lon) => !(Math.abs(lon) <= 180.000001)) || [south, north].some((lat) => !(Math.abs(lat) <= 90));
  if (outside) throw userError(`"${text.slice(0, 100)}" lies outside the world`, { at: "bbox", hint: HINT });
  if (south > north || (west > east && !crs.wraps))
    throw userError(`the lower corner of "${text.slice(0, 100)}" is above the upper one`, { at: "bbox", hint: HINT });
  if (west <= east) return [[west, south, east, north]];
  return [
    [west, south, 180, north],
    [-180, south, east, north],
  ];
}
