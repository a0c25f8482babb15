import { mayRead, type Viewer } from "../policy/viewer.ts";
import type { ExportColumn, ExportKindDescription } from "./column.ts";
import { AREAS, GRIDS } from "./kinds/areas.ts";
import { INCIDENTS } from "./kinds/incidents.ts";
import { ORGANISATIONS, STAFF } from "./kinds/people.ts";
import { BUILDINGS, CAMERAS, COMPOUNDS } from "./kinds/places.ts";
import { BOARDS, GAUGES, STATIONS } from "./kinds/points.ts";
import { BLOCKS, LAYERS, RAILWAYS, ROADS, WATER } from "./kinds/reference.ts";

/** Every kind that can be taken out as a file. */
export const EXPORTS = {
  areas: AREAS,
  grids: GRIDS,
  compounds: COMPOUNDS,
  buildings: BUILDINGS,
  organisations: ORGANISATIONS,
  staff: STAFF,
  cameras: CAMERAS,
  incidents: INCIDENTS,
  roads: ROADS,
  water: WATER,
  railways: RAILWAYS,
  blocks: BLOCKS,
  layers: LAYERS,
  stations: STATIONS,
  gauges: GAUGES,
  boards: BOARDS,
} as const satisfies Readonly<Record<string, ExportKindDescription>>;

export type ExportKind = keyof typeof EXPORTS;
/** Names of the columns of a kind. */
export type ColumnOf<Kind extends ExportKind> = (typeof EXPORTS)[Kind]["columns"][number]["name"];

export const EXPORT_KINDS = Object.keys(EXPORTS) as ExportKind[];
export const isExportKind = (kind: string): kind is ExportKind => Object.hasOwn(EXPORTS, kind);

/** A kind's description, whichever it is. */
export const exportOf = (kind: ExportKind): ExportKindDescription => EXPORTS[kind];

/**
 * Columns of a kind that a viewer may read.
 *
 * @param viewer null for the system itself, which reads all of them
 */
export const columnsFor = (kind: ExportKind, viewer: Pick<Viewer, "role" | "visitor"> | null): ExportColumn[] =>
  exportOf(kind).columns.filter(({ resource }) => !resource || viewer === null || mayRead(viewer, resource));

export const EXPORT_FORMATS = ["geojson", "csv", "xlsx", "gpkg"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export const isExportFormat = (format: string): format is ExportFormat =>
  (EXPORT_FORMATS as readonly string[]).includes(format);
