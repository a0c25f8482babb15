import { COMPOUND_FIELDS, type CompoundDraft, readCompoundDrafts } from "../../../data/importers/compound-features.ts";
import { requireFields } from "../../../data/importers/field-map.ts";
import { flagPiles } from "../../../data/importers/point-piles.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { importCompounds } from "../../../db/import/compound-import.ts";
import { crsOf } from "./areas.ts";
import { outlineOf } from "./county-of-job.ts";
import type { ImportRunner } from "./import-job.ts";
import { openPlaced, withPlaced } from "./open-placed.ts";
import { ReadTally } from "./read-tally.ts";

/** `import compounds`: outlines or points of residential compounds with their households. */
export const runCompounds: ImportRunner = async (database, job) => {
  const log = new ImportLog(job.onSkip);
  return withPlaced(await openPlaced(job, COMPOUND_FIELDS, log, await outlineOf(database, job)), async (layers) => {
    const seen = new Map<string, string>();
    const tally = new ReadTally(job);
    const drafts: CompoundDraft[] = [];
    for (const layer of layers) {
      requireFields(layer.map, ["name"], layer.file);
      for (const draft of await readCompoundDrafts(tally.count(layer.features(log)), layer.map, log, seen))
        drafts.push(draft);
    }
    // An outline cannot be a default; only what came as a point can.
    flagPiles(
      drafts.filter(({ drawn }) => !drawn).map(({ label }) => label),
      "compounds",
      log,
    );
    return importCompounds(database, job, { drafts, read: tally.read(log), crs: crsOf(layers), log });
  });
};
