import { dataError, userError } from "../model/errors.ts";

/** Reference systems that input may be declared in; all but `wgs84` and `cgcs2000` need a conversion. */
export interface InputCrs {
  /** As shown in reports and stored in `source_crs`, e.g. `EPSG:4326 (declared)`. */
  readonly label: string;
  /** How it was known. */
  readonly by: "flag" | "declared" | "ranges";
}

/** Identifiers that mean WGS 84 or CGCS2000 with longitude first in GeoJSON; the two are equal at map accuracy (data rule 12). */
const GEOGRAPHIC: readonly (readonly [pattern: RegExp, name: string])[] = [
  [
    /^(wgs-?84|urn:ogc:def:crs:ogc:(1\.3|):crs84|ogc:crs84|http:\/\/www\.opengis\.net\/def\/crs\/ogc\/1\.3\/crs84)$/i,
    "EPSG:4326",
  ],
  [/^(epsg:4326|urn:ogc:def:crs:epsg:[\d.]*:4326|http:\/\/www\.opengis\.net\/def\/crs\/epsg\/0\/4326)$/i, "EPSG:4326"],
  [/^(cgcs-?2000|epsg:4490|urn:ogc:def:crs:epsg:[\d.]*:4490)$/i, "EPSG:4490"],
];

const UNSUPPORTED_HINT =
  "Convert the file to WGS 84 longitude and latitude (EPSG:4326) first, for example: ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson";

/** Bounding range of a file's coordinates, first axis then second. */
export interface CoordinateRange {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

const geographicName = (name: string): string | undefined =>
  GEOGRAPHIC.find(([pattern]) => pattern.test(name.trim()))?.[1];

/**
 * Decides in which reference system a file is: by the `--crs` flag, else by the file's own member, else by the range
 * of its numbers.
 *
 * @param flag value of `--crs`; `auto` or undefined to detect
 * @param declared the file's `crs` member, undefined without one
 * @param range of all coordinates; undefined when the file has none
 * @param file named in errors
 * @throws USER error for a system that we do not convert yet; DATA error when the numbers cannot be degrees
 */
export function detectCrs(
  flag: string | undefined,
  declared: string | undefined,
  range: CoordinateRange | undefined,
  file: string,
): InputCrs {
  const wanted = flag === undefined || flag === "auto" ? undefined : flag;
  const name = wanted ?? declared;
  const known = name === undefined ? undefined : geographicName(name);
  if (name !== undefined && !known) {
    const message = `${file}: coordinates in ${name} cannot be read yet`;
    throw wanted
      ? userError(message, { at: "--crs", hint: UNSUPPORTED_HINT })
      : dataError(message, { at: file, hint: UNSUPPORTED_HINT });
  }
  if (range && !inDegrees(range)) {
    const shown = `x ${range.minX.toFixed(1)} … ${range.maxX.toFixed(1)}, y ${range.minY.toFixed(1)} … ${range.maxY.toFixed(1)}`;
    throw dataError(
      `${file}: its coordinates are not degrees (${shown})${known ? ` although it says ${name}` : ""}; they look projected, in metres or feet`,
      {
        at: file,
        hint: UNSUPPORTED_HINT,
      },
    );
  }
  if (known) return { label: `${known} (${wanted ? "--crs" : "declared"})`, by: wanted ? "flag" : "declared" };
  return { label: "EPSG:4326 (assumed: no declaration, numbers are degrees)", by: "ranges" };
}

const inDegrees = (range: CoordinateRange): boolean =>
  range.minX >= -180 && range.maxX <= 180 && range.minY >= -90 && range.maxY <= 90;

/** Range of all positions in nested GeoJSON coordinates; undefined without any number. */
export function coordinateRange(coordinates: Iterable<unknown>): CoordinateRange | undefined {
  const range = {
    minX: Number.POSITIVE_INFINITY,
    minY: Number.POSITIVE_INFINITY,
    maxX: Number.NEGATIVE_INFINITY,
    maxY: Number.NEGATIVE_INFINITY,
  };
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    const [x, y] = value;
    if (typeof x === "number" && typeof y === "number") {
      range.minX = Math.min(range.minX, x);
      range.maxX = Math.max(range.maxX, x);
      range.minY = Math.min(range.minY, y);
      range.maxY = Math.max(range.maxY, y);
      return;
    }
    for (const inner of value) visit(inner);
  };
  for (const value of coordinates) visit(value);
  return range.minX <= range.maxX ? range : undefined;
}
