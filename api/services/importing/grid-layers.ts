import {
  GRID_LAYER_FIELDS,
  type GridLayerDraft,
  readGridLayerDrafts,
} from "../../../data/importers/grid-layer-features.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { importGridLayers } from "../../../db/import/grid-layer-import.ts";
import { crsOf } from "./areas.ts";
import { outlineOf } from "./county-of-job.ts";
import type { ImportRunner } from "./import-job.ts";
import { openPlaced, withPlaced } from "./open-placed.ts";
import { ReadTally } from "./read-tally.ts";

/** `import layers`: grids of party, governance and other layers; the layer is a column, `--layer-of-grids`, or the file's layer. */
export const runGridLayers: ImportRunner = async (database, job) => {
  const log = new ImportLog(job.onSkip);
  return withPlaced(await openPlaced(job, GRID_LAYER_FIELDS, log, await outlineOf(database, job)), async (layers) => {
    const seen = new Map<string, string>();
    const tally = new ReadTally(job);
    const drafts: GridLayerDraft[] = [];
    for (const layer of layers)
      for (const draft of await readGridLayerDrafts(
        tally.count(layer.features(log)),
        layer.map,
        job.layerOfGrids ?? layer.name.replace(/\.[a-z]{2,8}$/i, ""),
        log,
        seen,
      ))
        drafts.push(draft);
    const source = [...new Set(layers.map(({ file }) => file))].join(", ");
    return importGridLayers(database, job, { drafts, read: tally.read(log), source, crs: crsOf(layers), log });
  });
};
