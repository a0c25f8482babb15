import { CAMERA_FIELDS, REQUIRED_CAMERA_FIELDS } from "./cameras/camera-rows.ts";
import { COMPOUND_FIELDS } from "./compound-features.ts";
import { AREA_FIELDS, BUILDING_FIELDS, type FieldNames, INCIDENT_FIELDS } from "./field-map.ts";
import { GRID_LAYER_FIELDS } from "./grid-layer-features.ts";
import { REQUIRED_INCIDENT_FIELDS } from "./incident-rows.ts";
import { ORGANISATION_FIELDS } from "./organisation-rows.ts";
import { PLACE_FIELDS } from "./place-features.ts";
import { REFERENCE_FIELDS } from "./reference-fields.ts";
import type { ImportKind } from "./registry.ts";
import { REQUIRED_STAFF_FIELDS, STAFF_FIELDS } from "./staff-rows.ts";

/** Columns of a kind, for whoever maps them by hand. */
export interface KindFields {
  /** Fields and the names that columns for them go by. */
  readonly names: FieldNames;
  /** Fields without which nothing is read. */
  readonly required: readonly string[];
  /** Fields that are made up where they are missing, which is rarely wanted: their lack is warned of. */
  readonly wanted: readonly string[];
  /** What a layer of it is drawn with; `table` also comes without a place. */
  readonly shape: "polygons" | "points" | "lines" | "table";
}

const AREAS: KindFields = { names: AREA_FIELDS, required: [], wanted: ["code", "name"], shape: "polygons" };

/** Fields of each kind; a new kind does not compile without. */
export const KIND_FIELDS: Readonly<Record<ImportKind, KindFields>> = {
  areas: AREAS,
  grids: AREAS,
  buildings: { names: BUILDING_FIELDS, required: [], wanted: ["id", "households", "floors"], shape: "polygons" },
  incidents: {
    names: INCIDENT_FIELDS,
    required: REQUIRED_INCIDENT_FIELDS,
    wanted: ["id", "class", "state"],
    shape: "points",
  },
  compounds: { names: COMPOUND_FIELDS, required: ["name"], wanted: ["id", "households"], shape: "polygons" },
  organisations: { names: ORGANISATION_FIELDS, required: ["name"], wanted: ["code"], shape: "table" },
  staff: { names: STAFF_FIELDS, required: REQUIRED_STAFF_FIELDS, wanted: ["org", "kind", "phone"], shape: "table" },
  stations: { names: PLACE_FIELDS.stations, required: ["name"], wanted: ["kind"], shape: "points" },
  gauges: { names: PLACE_FIELDS.gauges, required: ["name"], wanted: ["kind"], shape: "points" },
  boards: { names: PLACE_FIELDS.boards, required: [], wanted: ["grid"], shape: "points" },
  roads: { names: REFERENCE_FIELDS.roads, required: [], wanted: ["class", "name"], shape: "lines" },
  water: { names: REFERENCE_FIELDS.water, required: [], wanted: ["name"], shape: "lines" },
  railways: { names: REFERENCE_FIELDS.railways, required: [], wanted: [], shape: "lines" },
  blocks: { names: REFERENCE_FIELDS.blocks, required: [], wanted: [], shape: "polygons" },
  layers: { names: GRID_LAYER_FIELDS, required: [], wanted: ["id", "name"], shape: "polygons" },
  cameras: { names: CAMERA_FIELDS, required: REQUIRED_CAMERA_FIELDS, wanted: ["name", "status"], shape: "points" },
};
