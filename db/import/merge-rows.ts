import type { CopyValue, Transaction } from "../driver.ts";
import type { Journal } from "./import-journal.ts";
import { journalInserted, journalUpdated } from "./import-journal.ts";
import { JOURNAL_TABLES, type JournalKind, journalKey } from "./journal-kinds.ts";

/** Rows for one table, each as its columns name them. */
export interface MergedRows {
  readonly table: JournalKind;
  /** `county` and the table's key are among them. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CopyValue[])[];
  /**
   * Columns whose new value is not simply what the file says, with SQL over the row that is there (`t`) and the one of the
   * file (`s`): what is not said must often not wipe out what is known.
   */
  readonly merged?: Readonly<Record<string, string>>;
}

export interface MergeCounts {
  readonly loaded: number;
  readonly updated: number;
  readonly unchanged: number;
}

/**
 * Writes rows into their table by their key: new ones are added, ones that differ are changed, equal ones left alone. Both
 * are noted in the journal. No two rows may have one key.
 */
export async function mergeRows(tx: Transaction, journal: Journal, input: MergedRows): Promise<MergeCounts> {
  const { table, columns, rows, merged = {} } = input;
  if (rows.length === 0) return { loaded: 0, updated: 0, unchanged: 0 };
  const { county } = journal;
  const staged = `import_${table}`;
  await tx.execute(
    `CREATE TEMP TABLE ${staged} ON COMMIT DROP AS SELECT ${columns.join(", ")} FROM ${table} WHERE county = $1 AND false`,
    [county],
  );
  await tx.copyIn(staged, columns, rows);
  const key = JOURNAL_TABLES[table].key as readonly string[];
  const sameKey = key.map((column) => `t.${column} = s.${column}`).join(" AND ");
  const values = columns.filter((column) => column !== "county" && !key.includes(column));
  const next = (column: string): string => merged[column] ?? `s.${column}`;
  const differs = `(${values.map((column) => `t.${column}`).join(", ")}) IS DISTINCT FROM (${values.map(next).join(", ")})`;
  const changing = `t.county = $1 AND s.county = $1 AND ${sameKey} AND ${differs}`;
  const isNew = `s.county = $1 AND NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.county = $1 AND ${sameKey})`;
  await journalUpdated(
    tx,
    journal,
    table,
    `SELECT ${journalKey(table, "s")} FROM ${staged} s JOIN ${table} t ON ${changing}`,
  );
  await journalInserted(tx, journal, table, `SELECT ${journalKey(table, "s")} FROM ${staged} s WHERE ${isNew}`);
  const updated = values.length
    ? await tx.execute(
        `UPDATE ${table} t SET ${values.map((column) => `${column} = ${next(column)}`).join(", ")} FROM ${staged} s WHERE ${changing}`,
        [county],
      )
    : 0;
  const loaded = await tx.execute(
    `INSERT INTO ${table} (${columns.join(", ")}) SELECT ${columns.join(", ")} FROM ${staged} s WHERE ${isNew}`,
    [county],
  );
  await tx.execute(`DROP TABLE ${staged}`);
  return { loaded, updated, unchanged: rows.length - loaded - updated };
}

/** Lowest and highest id of merged rows, for the feed; undefined without rows. */
export function idRangeOf(rows: readonly (readonly CopyValue[])[], column: number): [string, string] | undefined {
  let range: [string, string] | undefined;
  for (const row of rows) {
    const id = String(row[column]);
    if (!range) range = [id, id];
    else if (id < range[0]) range[0] = id;
    else if (id > range[1]) range[1] = id;
  }
  return range;
}
