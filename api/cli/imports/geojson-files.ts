import { coordinateRange, detectCrs } from "../../../data/geo/detect-crs.ts";
import type { RawCollection } from "../../../data/importers/feature-collection.ts";
import { readFeatureCollection } from "../../../data/importers/feature-collection.ts";
import type { FieldMap, FieldNames } from "../../../data/importers/field-map.ts";
import { resolveFields } from "../../../data/importers/field-map.ts";
import type { ImportLog } from "../../../data/importers/report.ts";
import { dataError } from "../../../data/model/errors.ts";
import { readWholeFile } from "../input-files.ts";
import type { ImportJob } from "./import-job.ts";

export interface GeoJsonInput {
  readonly collection: RawCollection;
  readonly fields: FieldMap;
}

/**
 * Reads all GeoJSON files of a job, checks that their coordinates are degrees and finds the properties of the fields.
 *
 * @throws AppError naming the file (and line) that cannot be read
 */
export async function readGeoJsonFiles(
  job: ImportJob,
  names: FieldNames,
  log: ImportLog,
): Promise<{ readonly inputs: readonly GeoJsonInput[]; readonly crs: string; readonly read: number }> {
  const inputs: GeoJsonInput[] = [];
  const systems = new Set<string>();
  let read = 0;
  for (const file of job.files) {
    const { name, bytes } = await readWholeFile(file);
    const collection = readFeatureCollection(bytes, name);
    if (collection.features.length === 0) throw dataError(`${name} holds no feature`, { at: name });
    const range = coordinateRange(collection.features.map((feature) => feature.geometry?.coordinates));
    systems.add(detectCrs(job.crs, collection.crsName, range, name).label);
    const header = [...new Set(collection.features.flatMap((feature) => Object.keys(feature.properties)))];
    const { map, guessed } = resolveFields(job.map, header, names, name);
    if (guessed.length > 0)
      log.flag("guessed_fields", `taken from the properties' names: ${guessed.join(", ")}`, guessed.length);
    inputs.push({ collection, fields: map });
    read += collection.features.length;
  }
  return { inputs, crs: [...systems].join(", "), read };
}
