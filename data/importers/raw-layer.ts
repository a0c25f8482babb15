import type { ImportLog } from "./report.ts";

/** Formats that can be read; decided by a file's content, not by its ending. */
export type FormatName = "geojson" | "geojsonl" | "shapefile" | "geopackage" | "kml" | "csv" | "xlsx" | "gb28181";

/** A geometry as the file has it: GeoJSON nesting, the file's own numbers, x then y as they stand. */
export interface RawGeometry {
  readonly type: string;
  readonly coordinates: unknown;
}

/** A feature or row as found, before anything in it is trusted. */
export interface RawFeature {
  /**
   * Where it stands: `file.csv:42` (line), `file.shp#3` (feature, first = 1), `file.gpkg/layer#3` in a file of several
   * layers.
   */
  readonly at: string;
  /** First = 1, as a person counts; for lines of text the line. */
  readonly number: number;
  /** The format's own id of the feature; undefined where it has none. */
  readonly id: string | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  /** `null` for a feature without place, as every row of a plain table is. */
  readonly geometry: RawGeometry | null;
}

/** Reasons for which a layer leaves out a row before a reader of any kind sees it; stable. */
export const LAYER_REASONS = [
  "broken_line",
  "wrong_column_count",
  "broken_feature",
  "not_feature",
  "broken_record",
  "broken_geometry",
  "bad_wkt",
] as const;

/** One layer of a file: a file of several layers gives several. */
export interface RawLayer {
  readonly name: string;
  /** Base name of the file, as errors and reports name it; within a zip that of the entry. */
  readonly file: string;
  readonly format: FormatName;
  /** The file's own word: WKT of a .prj, srs of a GeoPackage, `crs` member of GeoJSON; undefined = it says nothing. */
  readonly declaredCrs: string | undefined;
  /** Names of the properties, in the file's order. */
  readonly fields: readonly string[];
  /** Names of what stands in the file and may not be held, so that it is never read; undefined where nothing does. */
  readonly withheld?: readonly string[] | undefined;
  /** Positions from all over the file, as they stand, where opening it has passed them anyway. */
  readonly sample?: readonly (readonly [x: number, y: number])[] | undefined;
  /**
   * A fresh pass from the start. Memory does not grow with the file. What cannot be read goes to the log with its place.
   *
   * @throws DATA error naming file and place where the rest of the file cannot be read
   */
  features(log: ImportLog): AsyncGenerator<RawFeature>;
  close(): Promise<void>;
}

/** A layer whose columns are known and whose coordinates are WGS 84. */
export interface PlacedLayer {
  readonly name: string;
  readonly file: string;
  readonly format: FormatName;
  /** Names of the properties, in the file's order. */
  readonly fields: readonly string[];
  /** Which property holds each field. */
  readonly map: Readonly<Record<string, string>>;
  /** Reference system and how it was known, for `ImportReport.crs`. */
  readonly crs: string;
  /** As `RawLayer.features`, in WGS 84 longitude and latitude on the 1e-7 degree lattice. */
  features(log: ImportLog): AsyncGenerator<RawFeature>;
  close(): Promise<void>;
}
