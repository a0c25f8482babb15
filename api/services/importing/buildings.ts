import type { BuildingDraft } from "../../../data/importers/building-features.ts";
import { readBuildingDrafts } from "../../../data/importers/building-features.ts";
import { BUILDING_FIELDS } from "../../../data/importers/field-map.ts";
import { flagPiles } from "../../../data/importers/point-piles.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { importBuildings } from "../../../db/import/building-import.ts";
import { crsOf } from "./areas.ts";
import { outlineOf } from "./county-of-job.ts";
import type { ImportRunner } from "./import-job.ts";
import { openPlaced, withPlaced } from "./open-placed.ts";
import { ReadTally } from "./read-tally.ts";

/** `import buildings`: footprints or points with households and floors. */
export const runBuildings: ImportRunner = async (database, job) => {
  const log = new ImportLog(job.onSkip);
  return withPlaced(await openPlaced(job, BUILDING_FIELDS, log, await outlineOf(database, job)), async (layers) => {
    const seen = new Map<string, string>();
    const tally = new ReadTally(job);
    const drafts: BuildingDraft[] = [];
    for (const layer of layers)
      for (const draft of await readBuildingDrafts(tally.count(layer.features(log)), layer.map, log, seen))
        drafts.push(draft);
    // An outline cannot be a default; only what came as a point can.
    flagPiles(
      drafts.filter(({ drawn }) => !drawn).map(({ label }) => label),
      "buildings",
      log,
    );
    return importBuildings(database, job, { drafts, read: tally.read(log), crs: crsOf(layers), log });
  });
};
