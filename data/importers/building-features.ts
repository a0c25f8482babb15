import { labelPoint } from "../geo/label-point.ts";
import type { HouseholdCount } from "../households/count.ts";
import { readHouseholdCount } from "../households/count.ts";
import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import type { FieldMap } from "./field-map.ts";
import { isFault, repairPolygon } from "./polygon-rings.ts";
import { propertyText } from "./property-text.ts";
import type { RawFeature } from "./raw-layer.ts";
import type { ImportLog } from "./report.ts";
import { placeKey, squareOfPoint } from "./stand-in.ts";

export interface BuildingDraft {
  /** `file#feature`. */
  readonly at: string;
  /** What tells it from others on the next import: its id in the file, or a hash of its place. */
  readonly key: string;
  /** Its code in the file; null where it has none. */
  readonly code: string | null;
  /** Code or name of its compound, as the file has it. */
  readonly compound: string | null;
  /** Null: the file does not say. */
  readonly floors: number | null;
  /** Undefined: not known. */
  readonly count: HouseholdCount | undefined;
  /** False where a point came and a square stands for the outline. */
  readonly drawn: boolean;
  readonly geometry: MultiPolygonRings;
  readonly label: LonLat;
}

/** Half the side of the square that stands for a building given as a point, metres. */
const POINT_HALF_SIDE_M = 5;

/** Reads buildings; features that cannot be one are skipped into the log with their number. */
export async function readBuildingDrafts(
  features: AsyncIterable<RawFeature>,
  fields: FieldMap,
  log: ImportLog,
  seen: Map<string, string>,
): Promise<BuildingDraft[]> {
  const drafts: BuildingDraft[] = [];
  for await (const feature of features) {
    const { at } = feature;
    const square = squareOfPoint(feature.geometry, POINT_HALF_SIDE_M);
    const footprint = square ?? feature.geometry;
    if (square) log.flag("footprint_from_point", "buildings given as points stand as squares of 10 m");
    const repaired = repairPolygon(footprint);
    if (isFault(repaired)) {
      const message =
        repaired.reason === "not_polygon"
          ? `a building must be a Polygon, MultiPolygon or Point, not a ${repaired.value}`
          : repaired.message;
      log.skip(repaired.reason, { at, value: repaired.value, message });
      continue;
    }
    const code = propertyText(feature.properties, fields["id"]) ?? null;
    const key = code ?? feature.id ?? placeKey(repaired.geometry);
    const first = seen.get(key);
    if (first !== undefined) {
      log.skip("duplicate_id", { at, value: key, message: `${first} has the same id` });
      continue;
    }
    seen.set(key, at);
    const count = readHouseholdCount(feature.properties, fields, at, log);
    if (!count) log.flag("households_missing", `buildings without a count of households, first at ${at}: not known`);
    drafts.push({
      at,
      key,
      code,
      compound: propertyText(feature.properties, fields["compound"]) ?? null,
      floors: floorsOf(feature, fields["floors"], at, log),
      count,
      drawn: square === undefined,
      geometry: repaired.geometry,
      label: labelPoint(repaired.geometry),
    });
  }
  return drafts;
}

function floorsOf(feature: RawFeature, column: string | undefined, at: string, log: ImportLog): number | null {
  const text = propertyText(feature.properties, column);
  const value = text === undefined ? Number.NaN : Math.round(Number(text.replace(/[层F]$/i, "")));
  if (value >= 1 && value <= 200) return value;
  log.flag("floors_missing", `no usable number${column ? ` in "${column}"` : ""}, first at ${at}; taken as 1`);
  return null;
}
