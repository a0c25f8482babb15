import { requireFields } from "../../../data/importers/field-map.ts";
import {
  ORGANISATION_FIELDS,
  type OrganisationDraft,
  readOrganisationDrafts,
} from "../../../data/importers/organisation-rows.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import {
  REQUIRED_STAFF_FIELDS,
  readStaffDrafts,
  STAFF_FIELDS,
  type StaffDraft,
  sayDropped,
} from "../../../data/importers/staff-rows.ts";
import { importOrganisations } from "../../../db/import/organisation-import.ts";
import { importStaff } from "../../../db/import/staff-import.ts";
import { crsOf } from "./areas.ts";
import { outlineOf } from "./county-of-job.ts";
import type { ImportRunner } from "./import-job.ts";
import { openPlaced, withPlaced } from "./open-placed.ts";
import { ReadTally } from "./read-tally.ts";

/** `import organisations`: units with their credit codes and duty telephones, from tables or layers. */
export const runOrganisations: ImportRunner = async (database, job) => {
  const log = new ImportLog(job.onSkip);
  return withPlaced(await openPlaced(job, ORGANISATION_FIELDS, log, await outlineOf(database, job)), async (layers) => {
    const seen = new Map<string, string>();
    const tally = new ReadTally(job);
    const drafts: OrganisationDraft[] = [];
    for (const layer of layers) {
      requireFields(layer.map, ["name"], layer.file);
      for (const draft of await readOrganisationDrafts(tally.count(layer.features(log)), layer.map, log, seen))
        drafts.push(draft);
    }
    return importOrganisations(database, job, { drafts, read: tally.read(log), crs: crsOf(layers), log });
  });
};

/** `import staff`: duty staff with their posts and the areas that they serve, from tables. */
export const runStaff: ImportRunner = async (database, job) => {
  const log = new ImportLog(job.onSkip);
  return withPlaced(await openPlaced(job, STAFF_FIELDS, log, await outlineOf(database, job)), async (layers) => {
    const tally = new ReadTally(job);
    const dropped = new Set<string>();
    const drafts: StaffDraft[] = [];
    for (const layer of layers) {
      requireFields(layer.map, REQUIRED_STAFF_FIELDS, layer.file);
      for (const draft of await readStaffDrafts(tally.count(layer.features(log)), layer.map, log, dropped))
        drafts.push(draft);
    }
    sayDropped(dropped, log);
    return importStaff(database, job, { drafts, read: tally.read(log), crs: crsOf(layers), log });
  });
};
