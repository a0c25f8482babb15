import type { CameraDraft } from "../../../data/importers/cameras/camera-draft.ts";
import { withoutPiles } from "../../../data/importers/cameras/camera-positions.ts";
import { CAMERA_FIELDS, REQUIRED_CAMERA_FIELDS, readCameraRows } from "../../../data/importers/cameras/camera-rows.ts";
import { CatalogueMerge } from "../../../data/importers/cameras/catalogue-merge.ts";
import { requireFields } from "../../../data/importers/field-map.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { importCameras } from "../../../db/import/camera-import.ts";
import { crsOf } from "./areas.ts";
import { outlineOf } from "./county-of-job.ts";
import type { ImportRunner } from "./import-job.ts";
import { openPlaced, withPlaced } from "./open-placed.ts";
import { ReadTally } from "./read-tally.ts";

/** `import cameras`: the messages of a GB/T 28181 catalogue, all parts of a call together; points and tables. */
export const runCameras: ImportRunner = async (database, job) => {
  const log = new ImportLog(job.onSkip);
  return withPlaced(await openPlaced(job, CAMERA_FIELDS, log, await outlineOf(database, job)), async (layers) => {
    const seen = new Map<string, string>();
    const tally = new ReadTally(job);
    const read: CameraDraft[] = [];
    for (const layer of layers) {
      const features = tally.count(layer.features(log));
      if (layer.format !== "gb28181") {
        requireFields(layer.map, REQUIRED_CAMERA_FIELDS, layer.file);
        for (const draft of await readCameraRows(features, layer.map, log, seen)) read.push(draft);
        continue;
      }
      const merge = new CatalogueMerge(log);
      for await (const feature of features) merge.add(feature);
      for (const draft of merge.cameras()) {
        const { at, deviceCode } = draft;
        const first = seen.get(deviceCode);
        if (first === undefined) read.push(draft);
        else log.skip("duplicate_code", { at, value: deviceCode, message: `${first} has the same device code` });
      }
    }
    const drafts = withoutPiles(read, log);
    return importCameras(database, job, { drafts, read: tally.read(log), crs: crsOf(layers), log });
  });
};
