import type { AreaDraft } from "../../../data/importers/area-features.ts";
import { readAreaDrafts } from "../../../data/importers/area-features.ts";
import { repairDrafts } from "../../../data/importers/area-repair.ts";
import { AREA_FIELDS } from "../../../data/importers/field-map.ts";
import { propertyText } from "../../../data/importers/property-text.ts";
import type { PlacedLayer } from "../../../data/importers/raw-layer.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import type { AreaLevel } from "../../../data/model/codes.ts";
import { countyOfCode, levelOfCode, withoutFill } from "../../../data/model/codes.ts";
import { userError } from "../../../data/model/errors.ts";
import { importAreas } from "../../../db/import/area-import.ts";
import { importEdition } from "../../../db/import/edition-import.ts";
import { outlineOf } from "./county-of-job.ts";
import type { ImportJob, ImportRunner } from "./import-job.ts";
import { openPlaced, withPlaced } from "./open-placed.ts";
import { ReadTally } from "./read-tally.ts";

/** `import areas`: polygons of one level. */
export const runAreas: ImportRunner = async (database, job) => {
  const log = new ImportLog(job.onSkip);
  return withPlaced(await openPlaced(job, AREA_FIELDS, log, await outlineOf(database, job)), async (layers) => {
    const level = job.level ?? (await levelFromCodes(layers, job));
    const seen = new Map<string, string>();
    const tally = new ReadTally(job);
    const drafts: AreaDraft[] = [];
    for (const layer of layers)
      for (const draft of await readAreaDrafts(
        tally.count(layer.features(log)),
        level,
        job.county,
        layer.map,
        log,
        seen,
      ))
        drafts.push(draft);
    const repaired = job.repair === false ? drafts : repairDrafts(drafts, log);
    const input = { level, drafts: repaired, read: tally.read(log), crs: crsOf(layers), log };
    return job.edition ? importEdition(database, job, { ...input, ...job.edition }) : importAreas(database, job, input);
  });
};

/** `import grids`: the same as `import areas --level grid`. */
export const runGrids: ImportRunner = (database, job) => runAreas(database, { ...job, level: "grid" });

/** Reference systems of the layers, for the report. */
export const crsOf = (layers: readonly PlacedLayer[]): string => [...new Set(layers.map(({ crs }) => crs))].join(", ");

/** Codes in our own format say their level; others do not. */
async function levelFromCodes(layers: readonly PlacedLayer[], job: ImportJob): Promise<AreaLevel> {
  const levels = new Set<AreaLevel | undefined>();
  for (const layer of layers) {
    for await (const { properties } of layer.features(new ImportLog())) {
      const code = withoutFill(propertyText(properties, layer.map["code"]) ?? "");
      levels.add(countyOfCode(code) === job.county ? levelOfCode(code) : undefined);
    }
  }
  const [level] = levels;
  if (levels.size === 1 && level) return level;
  throw userError("--level is missing", {
    at: "--level",
    hint: `The codes are not all of one level of county ${job.county}, so it must be said.`,
  });
}
