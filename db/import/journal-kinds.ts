import type { TenantTable } from "../tenant-tables.ts";

/** A table whose rows imports write and an undo puts back. */
interface JournalTable {
  /** Columns of the primary key after the county. */
  readonly key: readonly string[];
  /** Geometry columns: kept as EWKB, since their GeoJSON is not the same to the last bit. */
  readonly geometry: readonly string[];
}

const ID = ["id"] as const;

/**
 * Tables that imports write, what others refer to first: put back in this order, taken away in the opposite one.
 * Incidents are too many for it: their rows name their import themselves.
 */
export const JOURNAL_TABLES = {
  area: { key: ID, geometry: [] },
  area_version: { key: ID, geometry: ["geom", "label"] },
  compound: { key: ID, geometry: ["geom"] },
  grid_compound: { key: ["grid_id", "compound_id"], geometry: [] },
  building: { key: ID, geometry: ["geom", "label"] },
  organisation: { key: ID, geometry: [] },
  organisation_role: { key: ID, geometry: [] },
  duty_staff: { key: ID, geometry: [] },
  duty_staff_contact: { key: ["staff_id"], geometry: [] },
  post: { key: ID, geometry: ["geom"] },
  post_area: { key: ["post_id", "area_id"], geometry: [] },
  post_holder: { key: ["post_id", "staff_id", "slot"], geometry: [] },
  context_feature: { key: ID, geometry: ["geom"] },
  station: { key: ID, geometry: ["geom"] },
  gauge: { key: ID, geometry: ["geom"] },
  notice_board: { key: ID, geometry: ["geom"] },
  grid_layer: { key: ID, geometry: [] },
  layer_area: { key: ID, geometry: ["geom"] },
  camera: { key: ID, geometry: ["geom"] },
} as const satisfies Partial<Record<TenantTable, JournalTable>>;

export type JournalKind = keyof typeof JOURNAL_TABLES;

export const JOURNAL_KINDS = Object.keys(JOURNAL_TABLES) as readonly JournalKind[];

const tableOf = (kind: JournalKind): JournalTable => JOURNAL_TABLES[kind];

/** SQL text of a row's key as `import_row.entity_id` holds it. */
export const journalKey = (kind: JournalKind, alias: string): string =>
  tableOf(kind)
    .key.map((column) => `${alias}.${column}::text`)
    .join(" || '/' || ");

/** SQL of a row as JSON from which it can be made again, to the last bit. */
export function rowImage(kind: JournalKind, alias: string): string {
  const geometry = tableOf(kind).geometry.map((column) => `'${column}', ${alias}.${column}::text`);
  return geometry.length === 0
    ? `to_jsonb(${alias})`
    : `to_jsonb(${alias}) || jsonb_build_object(${geometry.join(", ")})`;
}

/** SQL of a row's hash. Nulls are left out: columns that an upgrade adds later do not make a row look changed. */
export const rowHash = (kind: JournalKind, alias: string): string =>
  `md5(jsonb_strip_nulls(${rowImage(kind, alias)})::text)`;
