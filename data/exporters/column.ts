import type { Resource } from "../policy/policy.ts";

/**
 * What a column holds.
 * - `text`: words; `code`: characters that only look like a number, so that no program may count with them.
 * - `instant`: a moment; `date`: a day of the calendar.
 */
export type ColumnType = "text" | "code" | "integer" | "number" | "boolean" | "instant" | "date";

/** A value as the database gives it: instants as ISO 8601 in UTC, dates as YYYY-MM-DD. */
export type ExportValue = string | number | boolean | null;

export interface ExportColumn<Name extends string = string> {
  readonly name: Name;
  readonly type: ColumnType;
  readonly label: { readonly zh: string; readonly en: string };
  /** What the viewer must be allowed to read beside the kind itself; who may not gets a file without the column. */
  readonly resource?: Resource;
  /** Unit or words, for descriptions. */
  readonly note?: string;
}

/** Declares a column. */
export const column = <const Name extends string>(
  name: Name,
  type: ColumnType,
  zh: string,
  en: string,
  more: { readonly resource?: Resource; readonly note?: string } = {},
): ExportColumn<Name> => ({ name, type, label: { zh, en }, ...more });

/** Stands beside every count of households: shown as ≈, and read back as such. */
export const ESTIMATED = column("estimated", "boolean", "户数为估算", "The count of households is an estimate");

/** Where the features of a kind stand. */
export type ExportGeometry = "MultiPolygon" | "Point" | "Geometry" | "none";

export interface ExportKindDescription<Name extends string = string> {
  readonly label: { readonly zh: string; readonly en: string };
  readonly description: { readonly zh: string; readonly en: string };
  /** What the viewer must be allowed to read. */
  readonly resource: Resource;
  readonly geometry: ExportGeometry;
  /**
   * What time means here: `valid` = versions that hold for a while (as of an instant, those valid then), `opened` = things
   * that happen at an instant, `none` = there is no time.
   */
  readonly time: "valid" | "opened" | "none";
  /** Column of tables that has the id of a feature; `null` where another column names it (cases have their own numbers). */
  readonly idColumn: "id" | null;
  readonly columns: readonly ExportColumn<Name>[];
}

/** A row of any kind. */
export interface ExportRow {
  /** Row id: the feature's id. */
  readonly id: string;
  /** Where reading goes on after it. */
  readonly key: string;
  readonly values: Readonly<Record<string, ExportValue>>;
  /** GeoJSON geometry in WGS 84, longitude first; null for what has no place. */
  readonly geometry: ExportedGeometry | null;
}

/** A geometry as PostGIS writes it as GeoJSON. */
export interface ExportedGeometry {
  readonly type: string;
  readonly coordinates: unknown;
}
