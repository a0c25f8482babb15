import { basename } from "node:path";
import type { Home } from "../../../data/blocks/homes.ts";
import { labelPoint } from "../../../data/geo/label-point.ts";
import { areaM2 } from "../../../data/geo/measure.ts";
import { largestRemainder, type SpreadPart, spreadWeights } from "../../../data/households/spread.ts";
import { BUILDING_FIELDS, resolveFields } from "../../../data/importers/field-map.ts";
import { isFault, repairPolygon } from "../../../data/importers/polygon-rings.ts";
import { propertyText } from "../../../data/importers/property-text.ts";
import { dataError, userError } from "../../../data/model/errors.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import { wholeNumber } from "./read-blocks.ts";
import { readFeatures } from "./read-features.ts";

/** Where homes have their households from: a column, or a total spread over them by floor area. */
export type HomeCounts = { readonly column: string } | { readonly total: number };

/**
 * Reads buildings, polygons or points, with their households.
 *
 * @throws DATA error naming the file or building at fault
 */
export async function readHomes(file: string, crs: string | undefined, counts: HomeCounts): Promise<Home[]> {
  const { features, fields } = await readFeatures(file, crs);
  const name = basename(file);
  if ("column" in counts && !fields.includes(counts.column))
    throw dataError(`${name} has no column "${counts.column}"`, {
      at: name,
      hint: `--households names one of: ${fields.join(", ") || "nothing"}; or spread a number with --total.`,
    });
  const { map } = resolveFields({}, fields, BUILDING_FIELDS, name);
  const homes = features.flatMap(({ geometry, properties, at }): (Home & SpreadPart)[] => {
    const compound = propertyText(properties, map["compound"]);
    const floors = Number(propertyText(properties, map["floors"]) ?? "") || null;
    const households = "column" in counts ? wholeNumber(properties[counts.column], counts.column, at) : 0;
    if (geometry?.type === "Point")
      return [{ at: geometry.coordinates as LonLat, households, compound, floors, footprintM2: null }];
    const polygon = repairPolygon(geometry);
    if (isFault(polygon)) return [];
    const footprintM2 = areaM2(polygon.geometry);
    return [{ at: labelPoint(polygon.geometry), households, compound, floors, footprintM2 }];
  });
  if (homes.length === 0) throw dataError(`${name} holds no building`, { at: name });
  if ("column" in counts) return homes;
  if (!Number.isInteger(counts.total)) throw userError("The total of households is no whole number", { at: "--total" });
  const spread = largestRemainder(counts.total, spreadWeights(homes).weights);
  return homes.map((home, n) => ({ ...home, households: spread[n] as number }));
}
