import { areaM2 } from "../geo/measure.ts";
import type { MultiPolygonRings } from "../model/geometry.ts";
import { readDay } from "./day.ts";
import type { FieldMap, FieldNames } from "./field-map.ts";
import { isFault, repairPolygon } from "./polygon-rings.ts";
import { propertyText } from "./property-text.ts";
import type { RawFeature } from "./raw-layer.ts";
import type { ImportLog } from "./report.ts";
import { placeKey } from "./stand-in.ts";

/** Fields of grids of a layer (党建, 综治, 城管 …) and the names they go by. */
export const GRID_LAYER_FIELDS: FieldNames = {
  id: ["id", "code", "gridcode", "网格编码", "网格编号", "编码", "编号", "代码", "fid", "objectid"],
  name: ["name", "namezh", "网格名称", "名称", "mc"],
  layer: ["layer", "gridlayer", "图层", "网格类型", "所属条线", "条线", "系统"],
  unit: ["unit", "org", "责任单位", "主管部门", "牵头单位", "单位"],
  date: ["date", "sourcedate", "updated", "更新日期", "更新时间", "划定日期"],
};

/** A grid of a layer as read. */
export interface GridLayerDraft {
  /** Where it stands in the file. */
  readonly at: string;
  /** Name of its layer. */
  readonly layer: string;
  /** Its code in the layer, or a key drawn from its place. */
  readonly code: string;
  readonly name: string;
  readonly unit: string | null;
  /** Day of the source, yyyy-mm-dd. */
  readonly date: string | null;
  readonly geometry: MultiPolygonRings;
  readonly areaM2: number;
}

/**
 * Reads grids of layers; what is no polygon is skipped into the log with its place.
 *
 * @param layerName the layer of grids that no column names
 * @param seen places by layer and code, over all files
 */
export async function readGridLayerDrafts(
  features: AsyncIterable<RawFeature>,
  fields: FieldMap,
  layerName: string,
  log: ImportLog,
  seen: Map<string, string>,
): Promise<GridLayerDraft[]> {
  const drafts: GridLayerDraft[] = [];
  for await (const { at, id, properties, geometry } of features) {
    const repaired = repairPolygon(geometry);
    if (isFault(repaired)) {
      log.skip(repaired.reason, { at, value: repaired.value, message: repaired.message });
      continue;
    }
    const layer = propertyText(properties, fields["layer"]) ?? layerName;
    const code = propertyText(properties, fields["id"]) ?? id ?? placeKey(repaired.geometry);
    const key = JSON.stringify([layer, code]);
    const first = seen.get(key);
    if (first !== undefined) {
      log.skip("duplicate_id", { at, value: code, message: `${first} has the same id in ${layer}` });
      continue;
    }
    seen.set(key, at);
    drafts.push({
      at,
      layer,
      code,
      name: propertyText(properties, fields["name"]) ?? code,
      unit: propertyText(properties, fields["unit"]) ?? null,
      date: readDay(properties, fields["date"], at, log),
      geometry: repaired.geometry,
      areaM2: areaM2(repaired.geometry),
    });
  }
  return drafts;
}
