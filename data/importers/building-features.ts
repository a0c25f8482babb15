import { labelPoint } from "../geo/label-point.ts";
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
  readonly floors: number;
  readonly households: number;
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
    const footprint = squareOfPoint(feature.geometry, POINT_HALF_SIDE_M) ?? feature.geometry;
    if (footprint !== feature.geometry)
      log.flag("footprint_from_point", "buildings given as points stand as squares of 10 m");
    const repaired = repairPolygon(footprint);
    if (isFault(repaired)) {
      const message =
        repaired.reason === "not_polygon"
          ? `a building must be a Polygon, MultiPolygon or Point, not a ${repaired.value}`
          : repaired.message;
      log.skip(repaired.reason, { at, value: repaired.value, message });
      continue;
    }
    const key = propertyText(feature.properties, fields["id"]) ?? feature.id ?? placeKey(repaired.geometry);
    const first = seen.get(key);
    if (first !== undefined) {
      log.skip("duplicate_id", { at, value: key, message: `${first} has the same id` });
      continue;
    }
    seen.set(key, at);
    drafts.push({
      at,
      key,
      floors: wholeNumber(feature, fields["floors"], 1, "floors_missing", at, log),
      households: wholeNumber(feature, fields["households"], 0, "households_missing", at, log),
      geometry: repaired.geometry,
      label: labelPoint(repaired.geometry),
    });
  }
  return drafts;
}

function wholeNumber(
  feature: RawFeature,
  column: string | undefined,
  fallback: number,
  kind: string,
  at: string,
  log: ImportLog,
): number {
  const text = propertyText(feature.properties, column);
  const value = text === undefined ? Number.NaN : Math.round(Number(text));
  if (value >= 0 && value <= 32_767) return value;
  log.flag(kind, `no usable number${column ? ` in "${column}"` : ""}, first at ${at}; taken as ${fallback}`);
  return fallback;
}
