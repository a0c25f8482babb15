import type { ImportKind } from "../../../data/importers/registry.ts";
import { runAreas, runGrids } from "./areas.ts";
import { runBuildings } from "./buildings.ts";
import { runCameras } from "./cameras.ts";
import { runCompounds } from "./compounds.ts";
import { runGridLayers } from "./grid-layers.ts";
import type { ImportRunner } from "./import-job.ts";
import { runIncidents } from "./incidents.ts";
import { runOrganisations, runStaff } from "./people.ts";
import { runPlaces } from "./places.ts";
import { runReference } from "./reference.ts";

const RUNNERS: Record<ImportKind, ImportRunner> = {
  areas: runAreas,
  grids: runGrids,
  buildings: runBuildings,
  incidents: runIncidents,
  compounds: runCompounds,
  organisations: runOrganisations,
  staff: runStaff,
  stations: runPlaces("stations", ["name"]),
  gauges: runPlaces("gauges", ["name"]),
  boards: runPlaces("boards", []),
  roads: runReference("roads"),
  water: runReference("water"),
  railways: runReference("railways"),
  blocks: runReference("blocks"),
  cameras: runCameras,
  layers: runGridLayers,
};

/** How each kind is read and written; each is told what it is, so that only files which can carry it are opened for it. */
export const IMPORT_RUNNERS = Object.fromEntries(
  Object.entries(RUNNERS).map(([kind, run]): [string, ImportRunner] => [
    kind,
    (database, job) => run(database, { ...job, kind: kind as ImportKind }),
  ]),
) as Record<ImportKind, ImportRunner>;
