/** A text in the two languages of the interface. */
export interface BothWords {
  readonly zh: string;
  readonly en: string;
}

/**
 * A reference system that input can be in. Both ways take and give `x` before `y`: longitude before latitude in
 * degrees, or easting before northing in the system's own unit, whatever axis order its authority lists. Where a
 * position cannot be converted, both numbers of the result are NaN.
 */
export interface Crs {
  /** `EPSG:4547`, `GCJ-02`, `BD-09`, `GCJ-02+EPSG:3857` (encrypted positions that were projected), `+proj=…`. */
  readonly id: string;
  readonly label: BothWords;
  /** To WGS 84 longitude and latitude, degrees. */
  toWgs84(x: number, y: number): readonly [lon: number, lat: number];
  /** From WGS 84 longitude and latitude, degrees. */
  fromWgs84(lon: number, lat: number): readonly [x: number, y: number];
}

/** Position that could not be converted. */
export const NOWHERE: readonly [number, number] = [Number.NaN, Number.NaN];
