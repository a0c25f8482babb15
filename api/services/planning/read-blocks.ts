import { basename } from "node:path";
import { isFault, repairPolygon } from "../../../data/importers/polygon-rings.ts";
import { propertyText } from "../../../data/importers/property-text.ts";
import type { RawFeature } from "../../../data/importers/raw-layer.ts";
import { dataError } from "../../../data/model/errors.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, toLattice } from "../../../data/model/geometry.ts";
import { type ReadFeatures, readFeatures } from "./read-features.ts";

/** Columns of a layer of blocks. */
export interface BlockColumns {
  readonly households: string;
  /** Grid of today. */
  readonly current: string | undefined;
  /** Area that grids may not reach across. */
  readonly within: string | undefined;
}

/** A block as its file has it. */
export interface ReadBlock {
  /** `file#feature`. */
  readonly at: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Ground, WGS 84 lon/lat; empty for a point. */
  readonly ground: MultiPolygonRings;
  readonly point: LonLat | undefined;
  readonly households: number;
  readonly current: string | undefined;
  readonly within: string | undefined;
}

export interface ReadBlocks extends Pick<ReadFeatures, "crs" | "skipped" | "fields"> {
  readonly blocks: readonly ReadBlock[];
}

/**
 * Reads blocks: polygons, or points (compounds, buildings).
 *
 * @throws DATA error naming the file or block at fault: a column that is not there, households that are no whole number
 *   from 0, a shape that is neither polygon nor point
 */
export async function readBlocks(file: string, crs: string | undefined, columns: BlockColumns): Promise<ReadBlocks> {
  const read = await readFeatures(file, crs);
  const name = basename(file);
  for (const flag of ["households", "current", "within"] as const) {
    const column = columns[flag];
    if (column !== undefined && !read.fields.includes(column))
      throw dataError(`${name} has no column "${column}"`, {
        at: name,
        hint: `--${flag} names one of its columns: ${read.fields.join(", ") || "it has none"}.`,
      });
  }
  const blocks = read.features.map((feature) => blockOf(feature, columns));
  if (blocks.length === 0) throw dataError(`${name} holds no block`, { at: name });
  const points = blocks.filter(({ point }) => point).length;
  if (points > 0 && points < blocks.length)
    throw dataError(`${name} holds ${points} points among ${blocks.length} blocks`, {
      at: name,
      hint: "Blocks are all polygons or all points.",
    });
  return { ...read, blocks };
}

function blockOf(feature: RawFeature, { households, current, within }: BlockColumns): ReadBlock {
  const { at, properties } = feature;
  const own = within === undefined ? undefined : propertyText(properties, within);
  if (within !== undefined && own === undefined)
    throw dataError(`A block has nothing in "${within}"`, { at, hint: "Say for each block which area it lies in." });
  return {
    at,
    properties,
    ...shapeOf(feature),
    households: wholeNumber(properties[households], households, at),
    current: current === undefined ? undefined : propertyText(properties, current),
    within: own,
  };
}

/** A count of households: a whole number from 0, as a number or as text. */
export function wholeNumber(value: unknown, column: string, at: string): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  const shown = JSON.stringify(value) ?? "nothing";
  if (typeof number !== "number" || !Number.isFinite(number))
    throw dataError(`"${column}" of a block is ${shown}, no number`, {
      at,
      hint: "Give each block its households; 0 where nobody lives.",
    });
  if (number < 0)
    throw dataError(`"${column}" of a block is ${shown}, less than 0`, { at, hint: "Correct the count." });
  if (!Number.isInteger(number))
    throw dataError(`"${column}" of a block is ${shown}, no whole number`, {
      at,
      hint: "Households are whole; round shares before.",
    });
  return number;
}

function shapeOf({ geometry, at }: RawFeature): Pick<ReadBlock, "ground" | "point"> {
  if (geometry?.type === "Point") {
    const [lon, lat] = geometry.coordinates as readonly number[];
    if (typeof lon === "number" && typeof lat === "number" && Math.abs(lon) <= 180 && Math.abs(lat) <= 90)
      return { ground: [], point: [fromLattice(toLattice(lon)), fromLattice(toLattice(lat))] };
  }
  const polygon = repairPolygon(geometry);
  if (isFault(polygon))
    throw dataError(`A block is no polygon and no point: ${polygon.message}`, {
      at,
      hint: "Take the feature out, or give it a shape.",
    });
  return { ground: polygon.geometry, point: undefined };
}
