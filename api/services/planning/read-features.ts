import { basename } from "node:path";
import type { RawFeature } from "../../../data/importers/raw-layer.ts";
import { ImportLog, type SkipGroup } from "../../../data/importers/report.ts";
import { openPlaced, withPlaced } from "../importing/open-placed.ts";

/** What a file holds, of any format that can be imported. */
export interface ReadFeatures {
  /** In WGS 84 lon/lat on the lattice. */
  readonly features: readonly RawFeature[];
  /** Names of the columns of all layers. */
  readonly fields: readonly string[];
  readonly crs: string;
  readonly skipped: readonly SkipGroup[];
}

/**
 * Reads all features of a file at once.
 *
 * @throws AppError naming the file that cannot be read
 */
export async function readFeatures(file: string, crs: string | undefined): Promise<ReadFeatures> {
  const log = new ImportLog();
  return withPlaced(await openPlaced({ files: [file], crs, map: {}, held: true }, {}, log), async (layers) => {
    const features: RawFeature[] = [];
    for (const layer of layers) for await (const feature of layer.features(log)) features.push(feature);
    return {
      features,
      fields: [...new Set(layers.flatMap((layer) => layer.fields))],
      crs: [...new Set(layers.map((layer) => layer.crs))].join(", ") || basename(file),
      skipped: log.skipped(),
    };
  });
}
