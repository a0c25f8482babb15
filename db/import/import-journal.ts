import type { Param, Transaction } from "../driver.ts";
import { JOURNAL_KINDS, type JournalKind, journalKey, rowHash, rowImage } from "./journal-kinds.ts";

/** Where the rows of one import are noted down. */
export interface Journal {
  readonly county: string;
  /** The import's id, of `import_batch`. */
  readonly batch: string;
}

/**
 * Notes rows that the import adds, so that an undo takes them away.
 *
 * @param keys a query of the keys, as `import_row.entity_id` holds them: a uuid, or several joined by "/". In it `$1` is
 *   the county; its own parameters start at `$3`.
 */
export async function journalInserted(
  tx: Transaction,
  { county, batch }: Journal,
  kind: JournalKind,
  keys: string,
  params: readonly Param[] = [],
): Promise<void> {
  await tx.execute(
    `INSERT INTO import_row (county, batch_id, entity_kind, entity_id, before, after_hash)
     SELECT $1, $2::uuid, '${kind}', k.key, NULL, NULL FROM (${keys}) AS k (key)
     ON CONFLICT (county, batch_id, entity_kind, entity_id) DO NOTHING`,
    [county, batch, ...params],
  );
}

/**
 * Notes rows that the import is about to change or delete, as they stand: called before it does. Rows that it leaves as
 * they were are dropped from the journal at its end, so more may be noted than will change.
 *
 * @param keys as for `journalInserted`
 */
export async function journalUpdated(
  tx: Transaction,
  { county, batch }: Journal,
  kind: JournalKind,
  keys: string,
  params: readonly Param[] = [],
): Promise<void> {
  await tx.execute(
    `INSERT INTO import_row (county, batch_id, entity_kind, entity_id, before, after_hash)
     SELECT $1, $2::uuid, '${kind}', ${journalKey(kind, "t")}, ${rowImage(kind, "t")}, NULL
       FROM ${kind} t WHERE t.county = $1 AND ${journalKey(kind, "t")} IN (${keys})
     ON CONFLICT (county, batch_id, entity_kind, entity_id) DO NOTHING`,
    [county, batch, ...params],
  );
}

/**
 * Ends a journal: forgets rows that did not change after all, and remembers how each of the others was left.
 * `runImport` calls it.
 */
export async function settleJournal(tx: Transaction, { county, batch }: Journal): Promise<void> {
  const kinds = await tx.rows<{ kind: JournalKind }>(
    "SELECT DISTINCT entity_kind AS kind FROM import_row WHERE county = $1 AND batch_id = $2::uuid",
    [county, batch],
  );
  const present = new Set(kinds.map(({ kind }) => kind));
  for (const kind of JOURNAL_KINDS.filter((one) => present.has(one))) {
    const same = `t.county = $1 AND r.county = $1 AND r.batch_id = $2::uuid AND r.entity_kind = '${kind}' AND r.entity_id = ${journalKey(kind, "t")}`;
    await tx.execute(`DELETE FROM import_row r USING ${kind} t WHERE ${same} AND r.before = ${rowImage(kind, "t")}`, [
      county,
      batch,
    ]);
    await tx.execute(`UPDATE import_row r SET after_hash = ${rowHash(kind, "t")} FROM ${kind} t WHERE ${same}`, [
      county,
      batch,
    ]);
  }
  // What was added and taken away again within the import was never there.
  await tx.execute(
    "DELETE FROM import_row WHERE county = $1 AND batch_id = $2::uuid AND before IS NULL AND after_hash IS NULL",
    [county, batch],
  );
}

/** Days for which an import can be undone; its journal is dropped after them. */
export const UNDO_DAYS = 30;

/** Drops the journals of imports that are older than `UNDO_DAYS`. */
export async function dropOldJournals(tx: Transaction, county: string, nowMs: number): Promise<void> {
  await tx.execute(
    `DELETE FROM import_row r USING import_batch b
      WHERE r.county = $1 AND b.county = $1 AND b.id = r.batch_id AND b.at < $2::timestamptz`,
    [county, new Date(nowMs - UNDO_DAYS * 86_400_000).toISOString()],
  );
}
