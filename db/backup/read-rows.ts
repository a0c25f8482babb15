import type { AdminClient } from "../driver.ts";
import type { CatalogueTable } from "./catalogue.ts";
import { LineDigest } from "./line-digest.ts";

const BLOCK_BYTES = 8192;
/** What one COPY reads, in bytes as they lie on disk with what is stored beside: the embedded form holds the answer in memory. */
const READ_BYTES = 8_000_000;

/** Columns by which the rows of a county are told in tables that are not the tenants' own. */
const COUNTY_COLUMN: Readonly<Record<string, string>> = { county_outline: "code" };

/** The column that names the county of a row; undefined for tables that belong to no county (they come with the program). */
export const countyColumn = (table: Pick<CatalogueTable, "name" | "columns">): string | undefined =>
  COUNTY_COLUMN[table.name] ?? (table.columns.includes("county") ? "county" : undefined);

/** @param county six digits, checked by the caller */
function countyCondition(table: CatalogueTable, county: string): string | undefined {
  const column = countyColumn(table);
  return column && `${column} = '${county}'`;
}

/**
 * The rows of a table in COPY's text format, in the order in which they lie on disk and some megabytes at a time.
 *
 * @param county six digits; null = all
 */
export async function* readRows(
  client: AdminClient,
  table: CatalogueTable,
  columns: readonly string[],
  county: string | null,
): AsyncGenerator<Uint8Array> {
  const condition = county === null ? "true" : countyCondition(table, county);
  if (condition === undefined) return;
  const list = columns.map((column) => `"${column}"`).join(", ");
  for (const leaf of table.leaves) {
    const { rows } = await client.query(
      "SELECT pg_relation_size($1::regclass) AS heap, pg_table_size($1::regclass) AS whole",
      [`public.${leaf}`],
    );
    const heap = Number(rows[0]?.["heap"] ?? 0);
    const whole = Math.max(heap, Number(rows[0]?.["whole"] ?? 0));
    const blocks = Math.ceil(heap / BLOCK_BYTES);
    const step = Math.max(1, Math.floor((READ_BYTES / BLOCK_BYTES) * (heap / Math.max(1, whole))));
    for (let block = 0; block < blocks; block += step) {
      const range = `ctid >= '(${block},0)'::tid AND ctid < '(${block + step},0)'::tid`;
      yield* client.copyTo(`SELECT ${list} FROM ONLY "${leaf}" WHERE ${range} AND ${condition}`);
    }
  }
}

/** Number and digest of a table's rows as they are in the database. */
export async function digestTable(
  client: AdminClient,
  table: CatalogueTable,
  columns: readonly string[],
  county: string | null,
): Promise<{ readonly rows: number; readonly hash: string }> {
  const digest = new LineDigest();
  for await (const piece of readRows(client, table, columns, county)) digest.update(piece);
  return { rows: digest.rows, hash: digest.hash };
}
