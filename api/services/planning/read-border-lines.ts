import { type BorderLine, walkOf, weightOf } from "../../../data/blocks/border-lines.ts";
import { isFault, repairPolygon } from "../../../data/importers/polygon-rings.ts";
import type { RawFeature } from "../../../data/importers/raw-layer.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import { readFeatures } from "./read-features.ts";

/**
 * Reads what borders may run along: lines and polygons of roads, water and railways. Points are left out.
 *
 * @param otherwise weight of what does not say what it is; a barrier where absent
 */
export async function readBorderLines(
  files: readonly string[],
  crs: string | undefined,
  otherwise?: number,
): Promise<BorderLine[]> {
  const lines: BorderLine[] = [];
  for (const file of files)
    for (const feature of (await readFeatures(file, crs)).features) {
      const line = borderLine(feature, otherwise);
      if (line) lines.push(line);
    }
  return lines;
}

function borderLine({ geometry, properties }: RawFeature, otherwise?: number): BorderLine | undefined {
  if (!geometry) return undefined;
  const weight = weightOf(properties, otherwise);
  const walk = walkOf(properties);
  if (geometry.type === "LineString" || geometry.type === "MultiLineString") {
    const parts = (geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates) as LonLat[][];
    return { lines: parts.filter((part) => part.length > 1), ground: [], weight, ...walk };
  }
  if (geometry.type !== "Polygon" && geometry.type !== "MultiPolygon") return undefined;
  const polygon = repairPolygon(geometry);
  if (isFault(polygon)) return undefined;
  return { lines: polygon.geometry.flat(), ground: polygon.geometry, weight, ...walk };
}
