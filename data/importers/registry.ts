import { CAMERA_FIELDS } from "./cameras/camera-rows.ts";
import { isWithheldColumn } from "./cameras/withheld-columns.ts";
import { COMPOUND_FIELDS } from "./compound-features.ts";
import { AREA_FIELDS, BUILDING_FIELDS, INCIDENT_FIELDS, POINT_FIELDS } from "./field-map.ts";
import { GRID_LAYER_FIELDS } from "./grid-layer-features.ts";
import { ORGANISATION_FIELDS } from "./organisation-rows.ts";
import { PLACE_FIELDS } from "./place-features.ts";
import type { FormatName } from "./raw-layer.ts";
import { REFERENCE_FIELDS } from "./reference-fields.ts";
import { STAFF_FIELDS } from "./staff-rows.ts";

/** Kinds of input that can be read today. */
export const IMPORT_KINDS = [
  "areas",
  "grids",
  "compounds",
  "buildings",
  "organisations",
  "staff",
  "incidents",
  "roads",
  "water",
  "railways",
  "blocks",
  "stations",
  "gauges",
  "boards",
  "cameras",
  "layers",
] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export interface ImporterDescription {
  /** Formats that can carry it, whatever the file's name; a zip of any of them is read too. */
  readonly formats: readonly FormatName[];
  /** Fields that `--map` knows. */
  readonly fields: readonly string[];
  /** Columns that are never read, whatever anybody maps: neither they nor their values get beyond the reader. */
  readonly withheld?: (column: string) => boolean;
}

/** Layers of shapes; a table carries them as well-known text, or as points in two columns of longitude and latitude. */
const SHAPES: readonly FormatName[] = ["geojson", "geojsonl", "shapefile", "geopackage", "kml", "csv", "xlsx"];

/** Rows without a shape: tables, and the layers that our own exports of them are. */
const RECORDS: readonly FormatName[] = ["csv", "xlsx", "geojson", "geojsonl", "geopackage"];

/** What each importer reads; a new kind does not compile until it is described here and run in `api/services/importing`. */
export const IMPORTERS: Record<ImportKind, ImporterDescription> = {
  areas: { formats: SHAPES, fields: Object.keys(AREA_FIELDS) },
  grids: { formats: SHAPES, fields: Object.keys(AREA_FIELDS) },
  compounds: { formats: SHAPES, fields: [...Object.keys(COMPOUND_FIELDS), ...Object.keys(POINT_FIELDS)] },
  organisations: { formats: SHAPES, fields: Object.keys(ORGANISATION_FIELDS) },
  staff: { formats: RECORDS, fields: Object.keys(STAFF_FIELDS) },
  stations: { formats: SHAPES, fields: [...Object.keys(PLACE_FIELDS.stations), ...Object.keys(POINT_FIELDS)] },
  gauges: { formats: SHAPES, fields: [...Object.keys(PLACE_FIELDS.gauges), ...Object.keys(POINT_FIELDS)] },
  boards: { formats: SHAPES, fields: [...Object.keys(PLACE_FIELDS.boards), ...Object.keys(POINT_FIELDS)] },
  buildings: { formats: SHAPES, fields: [...Object.keys(BUILDING_FIELDS), ...Object.keys(POINT_FIELDS)] },
  incidents: { formats: SHAPES, fields: Object.keys(INCIDENT_FIELDS) },
  roads: { formats: SHAPES, fields: Object.keys(REFERENCE_FIELDS.roads) },
  water: { formats: SHAPES, fields: Object.keys(REFERENCE_FIELDS.water) },
  railways: { formats: SHAPES, fields: Object.keys(REFERENCE_FIELDS.railways) },
  blocks: { formats: SHAPES, fields: Object.keys(REFERENCE_FIELDS.blocks) },
  layers: { formats: SHAPES, fields: Object.keys(GRID_LAYER_FIELDS) },
  cameras: {
    formats: [...SHAPES, "gb28181"],
    fields: [...Object.keys(CAMERA_FIELDS), ...Object.keys(POINT_FIELDS)],
    withheld: isWithheldColumn,
  },
};

export const isImportKind = (kind: string): kind is ImportKind => (IMPORT_KINDS as readonly string[]).includes(kind);
