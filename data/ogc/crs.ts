import type { ExportedGeometry } from "../exporters/column.ts";

/** A reference system that features can be asked for in. Coordinates stand in the order that its authority gives them. */
export interface FeatureCrs {
  readonly uri: string;
  readonly title: string;
  /** Degrees are rounded to the lattice, metres to the millimetre. */
  readonly fromWgs84: (lon: number, lat: number) => readonly [number, number];
  readonly toWgs84: (first: number, second: number) => readonly [lon: number, lat: number];
  /** What the longitudes of a box are in: the first numbers of its corners, or the second. */
  readonly longitude: "first" | "second";
  /** True where a box may cross the antimeridian. */
  readonly wraps: boolean;
}

/** Radius of the sphere of Web Mercator, metres (EPSG:3857). */
const RADIUS = 6_378_137;
const DEGREE = Math.PI / 180;
const round = (value: number, steps: number): number => Math.round(value * steps) / steps;

const EPSG = "http://www.opengis.net/def/crs/EPSG/0/";

const latLon = (code: number, title: string): FeatureCrs => ({
  uri: `${EPSG}${code}`,
  title,
  fromWgs84: (lon, lat) => [lat, lon],
  toWgs84: (lat, lon) => [lon, lat],
  longitude: "second",
  wraps: true,
});

export const CRS84: FeatureCrs = {
  uri: "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
  title: "WGS 84, longitude before latitude",
  fromWgs84: (lon, lat) => [lon, lat],
  toWgs84: (lon, lat) => [lon, lat],
  longitude: "first",
  wraps: true,
};

const WEB_MERCATOR: FeatureCrs = {
  uri: `${EPSG}3857`,
  title: "WGS 84 / Pseudo-Mercator, metres",
  fromWgs84: (lon, lat) => [
    round(RADIUS * lon * DEGREE, 1000),
    round(RADIUS * Math.log(Math.tan(Math.PI / 4 + (lat * DEGREE) / 2)), 1000),
  ],
  toWgs84: (x, y) => [x / RADIUS / DEGREE, (2 * Math.atan(Math.exp(y / RADIUS)) - Math.PI / 2) / DEGREE],
  longitude: "first",
  wraps: false,
};

/** The default first. CGCS2000 is taken as equal to WGS 84 at map accuracy (DESIGN rule 12); both have latitude first. */
export const FEATURE_CRS: readonly FeatureCrs[] = [
  CRS84,
  latLon(4326, "WGS 84, latitude before longitude"),
  latLon(4490, "CGCS2000 (China Geodetic Coordinate System 2000), latitude before longitude"),
  WEB_MERCATOR,
];

export const crsOfUri = (uri: string): FeatureCrs | undefined => FEATURE_CRS.find((one) => one.uri === uri);

function moved(coordinates: unknown, crs: FeatureCrs): unknown {
  const list = coordinates as readonly unknown[];
  const [first, second] = list;
  if (typeof first === "number" && typeof second === "number") return crs.fromWgs84(first, second);
  return list.map((one) => moved(one, crs));
}

/** A geometry of WGS 84 in another system; the type stays. */
export const inCrs = (geometry: ExportedGeometry, crs: FeatureCrs): ExportedGeometry =>
  crs === CRS84 ? geometry : { type: geometry.type, coordinates: moved(geometry.coordinates, crs) };
