import { AREA_FIELDS, BUILDING_FIELDS, INCIDENT_FIELDS } from "./field-map.ts";
import { REFERENCE_FIELDS } from "./reference-fields.ts";

/** Kinds of input that can be read today. */
export const IMPORT_KINDS = [
  "areas",
  "grids",
  "buildings",
  "incidents",
  "roads",
  "water",
  "railways",
  "blocks",
] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** Kinds of the public interface (DESIGN section 3) that later parts bring. */
export const LATER_IMPORT_KINDS: readonly string[] = [
  "compounds",
  "organisations",
  "staff",
  "cameras",
  "stations",
  "gauges",
  "boards",
];

export interface ImporterDescription {
  /** Formats by file ending. */
  readonly endings: readonly string[];
  /** Fields that `--map` knows. */
  readonly fields: readonly string[];
}

/** What each importer reads; a new kind does not compile until it is described here and run in `api/services/importing`. */
export const IMPORTERS: Record<ImportKind, ImporterDescription> = {
  areas: { endings: ["geojson", "json"], fields: Object.keys(AREA_FIELDS) },
  grids: { endings: ["geojson", "json"], fields: Object.keys(AREA_FIELDS) },
  buildings: { endings: ["geojson", "json"], fields: Object.keys(BUILDING_FIELDS) },
  incidents: { endings: ["csv", "txt", "tsv", "zip"], fields: Object.keys(INCIDENT_FIELDS) },
  roads: { endings: ["geojson", "json"], fields: Object.keys(REFERENCE_FIELDS.roads) },
  water: { endings: ["geojson", "json"], fields: Object.keys(REFERENCE_FIELDS.water) },
  railways: { endings: ["geojson", "json"], fields: Object.keys(REFERENCE_FIELDS.railways) },
  blocks: { endings: ["geojson", "json"], fields: Object.keys(REFERENCE_FIELDS.blocks) },
};

export const isImportKind = (kind: string): kind is ImportKind => (IMPORT_KINDS as readonly string[]).includes(kind);
