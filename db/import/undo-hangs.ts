import type { Transaction } from "../driver.ts";
import type { TenantTable } from "../tenant-tables.ts";
import type { Journal } from "./import-journal.ts";
import { JOURNAL_TABLES, type JournalKind, journalKey } from "./journal-kinds.ts";

/** Something that came later and refers to a row that the undo would take away. */
export interface Hanging {
  /** What it is, plural. */
  readonly what: string;
  readonly count: number;
  /** What it hangs on: an area's code, else a name, of the first. */
  readonly on: string;
}

interface Reference {
  readonly what: string;
  readonly table: TenantTable;
  readonly column: string;
}

/** Columns that hold the id of a row of a kind. Rows that the same import added go with it and do not count. */
const BY_ID: Readonly<Partial<Record<JournalKind, readonly Reference[]>>> = {
  area: [
    { what: "cases", table: "incident", column: "grid_id" },
    { what: "responsible or stationed units", table: "organisation_role", column: "area_id" },
    { what: "duty posts", table: "post_area", column: "area_id" },
    { what: "shares of compounds", table: "grid_compound", column: "grid_id" },
    { what: "accounts' roles", table: "role_grant", column: "area_id" },
    { what: "programs' tokens", table: "api_token", column: "area_id" },
    { what: "walls' links", table: "kiosk_link", column: "area_id" },
  ],
  compound: [
    { what: "buildings", table: "building", column: "compound_id" },
    { what: "shares of grids", table: "grid_compound", column: "compound_id" },
  ],
  organisation: [
    { what: "cases", table: "incident", column: "organisation_id" },
    { what: "steps of cases", table: "incident_event", column: "organisation_id" },
    { what: "calls of whistles", table: "whistle_call", column: "organisation_id" },
    { what: "admitted items", table: "admission_item", column: "organisation_id" },
    { what: "contracts with areas", table: "organisation_role", column: "organisation_id" },
    { what: "cameras", table: "camera", column: "owner_organisation_id" },
    { what: "duty posts", table: "post", column: "organisation_id" },
    { what: "staff", table: "duty_staff", column: "organisation_id" },
  ],
  duty_staff: [
    { what: "posts held", table: "post_holder", column: "staff_id" },
    { what: "absences", table: "staff_absence", column: "staff_id" },
  ],
  layer_area: [{ what: "merged grids of layers", table: "layer_merge", column: "layer_area_id" }],
  post: [
    { what: "cases", table: "incident", column: "post_id" },
    { what: "holders", table: "post_holder", column: "post_id" },
    { what: "areas served", table: "post_area", column: "post_id" },
    { what: "shifts", table: "duty_shift", column: "post_id" },
  ],
};

/** Columns that hold the code of an area. */
const BY_CODE: readonly Reference[] = [
  { what: "cases", table: "incident", column: "scope_code" },
  { what: "buildings", table: "building", column: "scope_code" },
  { what: "cameras", table: "camera", column: "scope_code" },
  { what: "compounds", table: "compound", column: "community_code" },
  { what: "stations", table: "station", column: "scope_code" },
  { what: "gauges", table: "gauge", column: "scope_code" },
  { what: "notice boards", table: "notice_board", column: "scope_code" },
  { what: "entries of the duty log", table: "duty_entry", column: "scope_code" },
];

/** How a row is named to a person. */
const NAMES: Readonly<Partial<Record<JournalKind, string>>> = {
  area: "(SELECT min(v.code) FROM area_version v WHERE v.county = $1 AND v.area_id = o.id)",
  compound: "o.name",
  organisation: "o.name",
  duty_staff: "o.name",
  post: "o.place",
};

/** Rows that this import added, of a kind. */
const added = (kind: JournalKind): string =>
  `SELECT r.entity_id FROM import_row r WHERE r.county = $1 AND r.batch_id = $2::uuid AND r.entity_kind = '${kind}' AND r.before IS NULL`;

const isJournalled = (table: TenantTable): table is JournalKind => table in JOURNAL_TABLES;

/** Leaves out rows that this import added, or that referred to something else before it: they go or go back with it. */
const notOurs = (table: TenantTable, column: string): string =>
  isJournalled(table)
    ? `AND NOT EXISTS (SELECT 1 FROM import_row r WHERE r.county = $1 AND r.batch_id = $2::uuid AND r.entity_kind = '${table}'
         AND r.entity_id = ${journalKey(table, "t")} AND (r.before IS NULL OR r.before ->> '${column}' IS DISTINCT FROM t.${column}::text))`
    : "";

/**
 * What came after an import and would lose what it refers to if the import were undone.
 *
 * @param movesBack what carries the codes of its areas gets those from before again, so that it does not hang on them
 */
export async function findHanging(
  tx: Transaction,
  { county, batch }: Journal,
  kinds: ReadonlySet<JournalKind>,
  movesBack: boolean,
): Promise<Hanging[]> {
  const found: Hanging[] = [];
  const look = async (what: string, sql: string): Promise<void> => {
    const [row] = await tx.rows<{ count: number; on: string | null }>(sql, [county, batch]);
    if (row && row.count > 0) found.push({ what, count: row.count, on: row.on ?? "" });
  };
  for (const [kind, references] of Object.entries(BY_ID) as [JournalKind, readonly Reference[]][]) {
    if (!kinds.has(kind)) continue;
    for (const { what, table, column } of references)
      await look(
        what,
        `SELECT count(*) AS count, min(${NAMES[kind] ?? "o.id::text"}) AS on
           FROM ${table} t JOIN ${kind} o ON o.county = $1 AND o.id = t.${column}
          WHERE t.county = $1 AND o.id::text IN (${added(kind)}) ${notOurs(table, column)}`,
      );
  }
  if (!kinds.has("area")) return found;
  const codes = `SELECT v.code FROM area_version v WHERE v.county = $1 AND v.area_id::text IN (${added("area")})`;
  for (const { what, table, column } of movesBack ? [] : BY_CODE)
    await look(
      what,
      `SELECT count(*) AS count, min(t.${column}) AS on FROM ${table} t
        WHERE t.county = $1 AND t.${column} IN (${codes}) ${notOurs(table, column)}`,
    );
  await look(
    "areas",
    `SELECT count(DISTINCT c.area_id) AS count, min(p.code) AS on
       FROM area_version p
       JOIN area_version c ON c.county = $1 AND c.code > p.code AND c.code < p.code || '~'
      WHERE p.county = $1 AND p.area_id::text IN (${added("area")}) AND c.area_id::text NOT IN (${added("area")})
        AND c.id::text NOT IN (SELECT r.entity_id FROM import_row r
                                WHERE r.county = $1 AND r.batch_id = $2::uuid AND r.entity_kind = 'area_version')`,
  );
  return found;
}
