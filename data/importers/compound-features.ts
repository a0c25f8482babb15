import { labelPoint } from "../geo/label-point.ts";
import type { HouseholdCount } from "../households/count.ts";
import { readHouseholdCount } from "../households/count.ts";
import type { CompoundKind } from "../model/area.ts";
import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import type { FieldMap, FieldNames } from "./field-map.ts";
import { HOUSEHOLD_FIELDS } from "./field-map.ts";
import { isFault, repairPolygon } from "./polygon-rings.ts";
import { propertyText } from "./property-text.ts";
import type { RawFeature } from "./raw-layer.ts";
import type { ImportLog } from "./report.ts";
import { placeKey, squareOfPoint } from "./stand-in.ts";

/** Fields of compounds and the names they go by. */
export const COMPOUND_FIELDS: FieldNames = {
  id: ["id", "code", "compoundid", "编码", "小区编码", "小区代码", "编号", "fid", "objectid"],
  name: ["name", "namezh", "名称", "小区名称", "小区", "院落名称", "楼院名称", "mc"],
  kind: ["kind", "type", "小区类型", "类型"],
  ...HOUSEHOLD_FIELDS,
};

export interface CompoundDraft {
  readonly at: string;
  /** What tells it from others on the next import. */
  readonly key: string;
  readonly sourceRef: string | null;
  readonly kind: CompoundKind;
  readonly name: string;
  /** Undefined: not known. */
  readonly count: HouseholdCount | undefined;
  readonly geometry: MultiPolygonRings;
  readonly label: LonLat;
  /** False where a point came and a square stands for the outline. */
  readonly drawn: boolean;
}

/** Half the side of the square that stands for a compound given as a point, metres. */
const POINT_HALF_SIDE_M = 40;

const KINDS: readonly (readonly [RegExp, CompoundKind])[] = [
  [/^village|村|自然村|屯/i, "village_cluster"],
  [/^institution|单位|机关|学校|医院/i, "institution"],
  [/^commerc|商/i, "commercial"],
];

/** Reads compounds, polygons or points; what cannot be one is skipped into the log with its place. */
export async function readCompoundDrafts(
  features: AsyncIterable<RawFeature>,
  fields: FieldMap,
  log: ImportLog,
  seen: Map<string, string>,
): Promise<CompoundDraft[]> {
  const drafts: CompoundDraft[] = [];
  for await (const { at, id, properties, geometry } of features) {
    const square = squareOfPoint(geometry, POINT_HALF_SIDE_M);
    if (square) log.flag("outline_from_point", "compounds given as points stand as squares of 80 m");
    const repaired = repairPolygon(square ?? geometry);
    if (isFault(repaired)) {
      log.skip(repaired.reason, { at, value: repaired.value, message: repaired.message });
      continue;
    }
    const name = propertyText(properties, fields["name"]);
    if (name === undefined) {
      log.skip("no_name", { at, value: "", message: "a compound needs a name" });
      continue;
    }
    const sourceRef = propertyText(properties, fields["id"]) ?? id ?? null;
    const key = sourceRef ?? placeKey(repaired.geometry);
    const first = seen.get(key);
    if (first !== undefined) {
      log.skip("duplicate_id", { at, value: key, message: `${first} has the same id` });
      continue;
    }
    seen.set(key, at);
    const word = propertyText(properties, fields["kind"]) ?? "";
    const count = readHouseholdCount(properties, fields, at, log);
    if (!count) log.flag("households_missing", `compounds without a count of households, first at ${at}: not known`);
    drafts.push({
      at,
      key,
      sourceRef,
      kind: KINDS.find(([pattern]) => pattern.test(word))?.[1] ?? "residential",
      name,
      count,
      geometry: repaired.geometry,
      label: labelPoint(repaired.geometry),
      drawn: square === undefined,
    });
  }
  return drafts;
}
