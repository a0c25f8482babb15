import type { AreaDraft } from "../../../data/importers/area-features.ts";
import { readAreaDrafts } from "../../../data/importers/area-features.ts";
import { propertyText } from "../../../data/importers/feature-collection.ts";
import { AREA_FIELDS } from "../../../data/importers/field-map.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import type { AreaLevel } from "../../../data/model/codes.ts";
import { countyOfCode, levelOfCode } from "../../../data/model/codes.ts";
import { importAreas } from "../../../db/import/area-import.ts";
import { UsageError } from "../command.ts";
import type { GeoJsonInput } from "./geojson-files.ts";
import { readGeoJsonFiles } from "./geojson-files.ts";
import type { ImportJob, ImportRunner } from "./import-job.ts";

/** `import areas`: polygons of one level. */
export const runAreas: ImportRunner = async (database, job) => {
  const log = new ImportLog();
  const { inputs, crs, read } = await readGeoJsonFiles(job, AREA_FIELDS, log);
  const level = job.level ?? levelFromCodes(inputs, job);
  const seen = new Map<string, string>();
  const drafts: AreaDraft[] = inputs.flatMap(({ collection, fields }) =>
    readAreaDrafts(collection, level, job.county, fields, log, seen),
  );
  return importAreas(database, job, { level, drafts, read, crs, log });
};

/** `import grids`: the same as `import areas --level grid`. */
export const runGrids: ImportRunner = (database, job) => runAreas(database, { ...job, level: "grid" });

/** Codes in our own format say their level; others do not. */
function levelFromCodes(inputs: readonly GeoJsonInput[], job: ImportJob): AreaLevel {
  const levels = new Set<AreaLevel | undefined>();
  for (const { collection, fields } of inputs) {
    for (const feature of collection.features) {
      const code = propertyText(feature.properties, fields["code"]) ?? "";
      levels.add(countyOfCode(code) === job.county ? levelOfCode(code) : undefined);
    }
  }
  const [level] = levels;
  if (levels.size === 1 && level) return level;
  throw new UsageError(
    "--level is missing",
    `The codes are not all of one level of county ${job.county}, so it must be said.`,
  );
}
