import type { ColumnType, ExportValue } from "../../data/exporters/column.ts";
import type { Bbox } from "../../data/model/geometry.ts";

/** A span of time; an end that is absent is open. Instants are ISO 8601. */
export interface FeatureSpan {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** False = `to` itself is outside. */
  readonly closed: boolean;
}

/** Which features of a kind are asked for; all conditions hold. */
export interface FeatureQuery {
  readonly county: string;
  /** Code of an area; the county's own six digits hold what lies outside every area too. */
  readonly inside: string;
  /**
   * Kinds whose boundaries have time: versions valid at some instant of the span (`from` = `to`: as of an instant).
   * Kinds of things that happen: those that began in it. Others have no time and are always in.
   */
  readonly span?: FeatureSpan | undefined;
  /** The instant of the request, ISO 8601: who holds a post now. */
  readonly now: string;
  /** A feature is in when its geometry meets one of the boxes; a box may be a line or a point. Degrees WGS 84. */
  readonly boxes?: readonly Bbox[] | undefined;
  /** Columns that must have a value. */
  readonly equals?: readonly FeatureEquality[] | undefined;
  /** Cases: five-digit classes or two-digit majors; states. */
  readonly classes?: readonly string[] | undefined;
  readonly states?: readonly string[] | undefined;
  readonly severities?: readonly string[] | undefined;
  readonly sources?: readonly string[] | undefined;
  /** Cases that are or were late at an instant (ISO 8601), or that are not. */
  readonly late?: { readonly is: boolean; readonly asOf: string } | undefined;
  /** One feature, by its row id. */
  readonly id?: string | undefined;
}

export interface FeatureEquality {
  readonly column: string;
  readonly type: ColumnType;
  readonly value: Exclude<ExportValue, null>;
}
