import { basename } from "node:path";
import type { BorderLine } from "../../../data/blocks/border-lines.ts";
import { type Home, unitsOf } from "../../../data/blocks/homes.ts";
import { streetBlocks } from "../../../data/blocks/street-blocks.ts";
import { labelPoint } from "../../../data/geo/label-point.ts";
import { areaM2 } from "../../../data/geo/measure.ts";
import { largestRemainder } from "../../../data/households/spread.ts";
import { isFault, repairPolygon } from "../../../data/importers/polygon-rings.ts";
import { dataError } from "../../../data/model/errors.ts";
import type { MultiPolygonRings } from "../../../data/model/geometry.ts";
import type { ReadBlock, ReadBlocks } from "./read-blocks.ts";
import { readBorderLines } from "./read-border-lines.ts";
import { readFeatures } from "./read-features.ts";
import { type HomeCounts, readHomes } from "./read-homes.ts";

/** Blocks that are yet to be cut by streets. */
export interface StreetSource {
  /** Paths of streets, rivers and railways. */
  readonly streets: readonly string[];
  /** Path of the outline. */
  readonly outline: string | undefined;
  /** Path of the buildings; without it the total is spread by area. */
  readonly homes: string | undefined;
  readonly counts: HomeCounts;
}

export interface StreetBlocks extends ReadBlocks {
  /** What borders run along: the streets themselves. */
  readonly lines: readonly BorderLine[];
  readonly cut: readonly string[];
  readonly homesOutside: number;
}

/** Weight of a street that does not say what it is. */
const STREET = 1;

/**
 * Cuts blocks by streets and gives them the households of the buildings in them.
 *
 * @throws DATA error naming the file at fault, and where streets enclose nothing
 */
export async function readStreetBlocks(
  { streets, outline, homes, counts }: StreetSource,
  crs: string | undefined,
  max: number,
): Promise<StreetBlocks> {
  const lines = await readBorderLines(streets, crs, STREET);
  const inside = outline === undefined ? undefined : await readOutline(outline, crs);
  const polygons = streetBlocks(
    lines.flatMap((line) => line.lines),
    { outline: inside },
  );
  const name = streets.map((file) => basename(file)).join(", ");
  if (polygons.length === 0)
    throw dataError(`The streets of ${name} enclose no block`, {
      at: name,
      hint: "Give the outline with --outline, or more streets.",
    });
  const people = homes === undefined ? spreadByArea(polygons, counts) : await readHomes(homes, crs, counts);
  const { units, outside } = unitsOf(polygons, people, { max });
  const blocks = units.map(
    (unit, n): ReadBlock => ({
      at: `block ${n + 1}`,
      properties: {
        block: n + 1,
        households: unit.households,
        buildings: homes === undefined ? null : unit.homes.length,
        cut: unit.cut,
      },
      ground: unit.ground,
      point: undefined,
      households: unit.households,
      current: undefined,
      within: undefined,
    }),
  );
  return {
    blocks,
    lines,
    crs: "EPSG:4326",
    skipped: [],
    fields: [],
    cut: blocks.flatMap(({ at }, n) => (units[n]?.cut ? [at] : [])),
    homesOutside: outside.length,
  };
}

async function readOutline(file: string, crs: string | undefined): Promise<MultiPolygonRings> {
  const { features } = await readFeatures(file, crs);
  const polygons = features.flatMap(({ geometry }) => {
    const polygon = repairPolygon(geometry);
    return isFault(polygon) ? [] : polygon.geometry;
  });
  if (polygons.length === 0) throw dataError(`${basename(file)} holds no polygon`, { at: basename(file) });
  return polygons;
}

/** A total over blocks by their area, as homes in them. */
function spreadByArea(polygons: readonly MultiPolygonRings[], counts: HomeCounts): Home[] {
  if ("column" in counts)
    throw dataError("Households need a file that has them", {
      at: "--homes",
      hint: "Give --homes FILE, or --total N.",
    });
  const spread = largestRemainder(counts.total, polygons.map(areaM2));
  return polygons.map((polygon, n) => ({ at: labelPoint(polygon), households: spread[n] as number }));
}
