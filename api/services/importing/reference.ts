import type { ReferenceDraft } from "../../../data/importers/reference-features.ts";
import { readReferenceDrafts } from "../../../data/importers/reference-features.ts";
import { REFERENCE_FIELDS, type ReferenceKind } from "../../../data/importers/reference-fields.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { importReference } from "../../../db/import/reference-import.ts";
import { crsOf } from "./areas.ts";
import { outlineOf } from "./county-of-job.ts";
import type { ImportRunner } from "./import-job.ts";
import { openPlaced, withPlaced } from "./open-placed.ts";
import { ReadTally } from "./read-tally.ts";

/** `import roads|water|railways|blocks`: layers that the map draws and that borders are snapped to. */
export const runReference =
  (kind: ReferenceKind): ImportRunner =>
  async (database, job) => {
    const log = new ImportLog(job.onSkip);
    return withPlaced(
      await openPlaced(job, REFERENCE_FIELDS[kind], log, await outlineOf(database, job)),
      async (layers) => {
        const seen = new Map<string, string>();
        const tally = new ReadTally(job);
        const drafts: ReferenceDraft[] = [];
        for (const layer of layers)
          for (const draft of await readReferenceDrafts(tally.count(layer.features(log)), kind, layer.map, log, seen))
            drafts.push(draft);
        const source = [...new Set(layers.map(({ file }) => file))].join(", ");
        return importReference(database, job, { kind, drafts, read: tally.read(log), source, crs: crsOf(layers), log });
      },
    );
  };
