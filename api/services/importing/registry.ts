import type { ImportKind } from "../../../data/importers/registry.ts";
import { runAreas, runGrids } from "./areas.ts";
import { runBuildings } from "./buildings.ts";
import { runCompounds } from "./compounds.ts";
import type { ImportRunner } from "./import-job.ts";
import { runIncidents } from "./incidents.ts";
import { runOrganisations, runStaff } from "./people.ts";
import { runPlaces } from "./places.ts";
import { runReference } from "./reference.ts";

/** How each kind is read and written. */
export const IMPORT_RUNNERS: Record<ImportKind, ImportRunner> = {
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
};
