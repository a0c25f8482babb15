import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { asFileError } from "../importing/input-files.ts";
import type { ReadBlock } from "./read-blocks.ts";

/** Column of the proposed grid; one of that name in the input is kept as `grid_before`. */
const GRID = "grid";

/**
 * Writes blocks with their grids as GeoJSON (RFC 7946), one feature a line: beside the file first, then into place.
 *
 * @param gridOf name of the grid of each block
 */
export async function writeProposal(
  file: string,
  blocks: readonly ReadBlock[],
  gridOf: (block: number) => string | number,
): Promise<void> {
  const part = `${file}.part`;
  try {
    await pipeline(Readable.from(text(blocks, gridOf)), createWriteStream(part));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw asFileError(error, file);
  }
}

/** Features that are put into one piece of text. */
const PIECE = 500;

function* text(blocks: readonly ReadBlock[], gridOf: (block: number) => string | number): Generator<string> {
  yield '{"type":"FeatureCollection","features":[\n';
  for (let first = 0; first < blocks.length; first += PIECE) {
    const lines = blocks
      .slice(first, first + PIECE)
      .map((block, n) => JSON.stringify(featureOf(block, gridOf(first + n))));
    yield `${first > 0 ? ",\n" : ""}${lines.join(",\n")}`;
  }
  yield "\n]}\n";
}

function featureOf({ properties, ground, point }: ReadBlock, grid: string | number): object {
  const before = GRID in properties ? { [`${GRID}_before`]: properties[GRID] } : {};
  const [only, ...more] = ground;
  return {
    type: "Feature",
    properties: { ...properties, ...before, [GRID]: grid },
    geometry: point
      ? { type: "Point", coordinates: point }
      : more.length === 0
        ? { type: "Polygon", coordinates: only }
        : { type: "MultiPolygon", coordinates: ground },
  };
}
