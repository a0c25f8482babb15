import { requireFields } from "../../../data/importers/field-map.ts";
import {
  PLACE_FIELDS,
  type PlaceDrafts,
  type PlaceKind,
  readPlaceDrafts,
} from "../../../data/importers/place-features.ts";
import { flagPiles } from "../../../data/importers/point-piles.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { importPlaces } from "../../../db/import/place-import.ts";
import { crsOf } from "./areas.ts";
import { outlineOf } from "./county-of-job.ts";
import type { ImportRunner } from "./import-job.ts";
import { openPlaced, withPlaced } from "./open-placed.ts";
import { ReadTally } from "./read-tally.ts";

/** `import stations|gauges|boards`: points from any format, or tables with longitude and latitude. */
export const runPlaces =
  <Kind extends PlaceKind>(kind: Kind, required: readonly string[]): ImportRunner =>
  async (database, job) => {
    const log = new ImportLog(job.onSkip);
    return withPlaced(
      await openPlaced(job, PLACE_FIELDS[kind], log, await outlineOf(database, job)),
      async (layers) => {
        const seen = new Map<string, string>();
        const tally = new ReadTally(job);
        const drafts: PlaceDrafts[Kind][] = [];
        for (const layer of layers) {
          requireFields(layer.map, required, layer.file);
          for (const draft of await readPlaceDrafts(tally.count(layer.features(log)), kind, layer.map, log, seen))
            drafts.push(draft);
        }
        flagPiles(
          drafts.map(({ point }) => point),
          kind,
          log,
        );
        const source = [...new Set(layers.map(({ file }) => file))].join(", ");
        return importPlaces(database, job, { kind, drafts, read: tally.read(log), source, crs: crsOf(layers), log });
      },
    );
  };
