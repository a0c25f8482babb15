import { AREA_FIELDS, BUILDING_FIELDS, type FieldNames, INCIDENT_FIELDS } from "./field-map.ts";
import { REQUIRED_INCIDENT_FIELDS } from "./incident-rows.ts";
import { IMPORTERS, type ImportKind } from "./registry.ts";

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

const KNOWN: Readonly<Partial<Record<ImportKind, KindFields>>> = {
  areas: AREAS,
  grids: AREAS,
  buildings: { names: BUILDING_FIELDS, required: [], wanted: ["id", "households", "floors"], shape: "polygons" },
  incidents: {
    names: INCIDENT_FIELDS,
    required: REQUIRED_INCIDENT_FIELDS,
    wanted: ["id", "class", "state"],
    shape: "points",
  },
};

/** Fields of a kind; one that nobody described here goes by its fields' own names. */
export const kindFields = (kind: ImportKind): KindFields =>
  KNOWN[kind] ?? {
    names: Object.fromEntries(IMPORTERS[kind].fields.map((field) => [field, [field]])),
    required: [],
    wanted: [],
    shape: "table",
  };
