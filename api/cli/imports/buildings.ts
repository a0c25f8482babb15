import { readBuildingDrafts } from "../../../data/importers/building-features.ts";
import { BUILDING_FIELDS } from "../../../data/importers/field-map.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { importBuildings } from "../../../db/import/building-import.ts";
import { readGeoJsonFiles } from "./geojson-files.ts";
import type { ImportRunner } from "./import-job.ts";

/** `import buildings`: footprints or points with households and floors. */
export const runBuildings: ImportRunner = async (database, job) => {
  const log = new ImportLog();
  const { inputs, crs, read } = await readGeoJsonFiles(job, BUILDING_FIELDS, log);
  const seen = new Map<string, string>();
  const drafts = inputs.flatMap(({ collection, fields }) => readBuildingDrafts(collection, fields, log, seen));
  return importBuildings(database, job, { drafts, read, crs, log });
};
