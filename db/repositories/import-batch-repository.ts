import type { Transaction } from "../driver.ts";
import type { ImportBatch } from "./import-repository.ts";

/** An import of a county with who asked for it in the browser. */
export interface ImportBatchRow extends ImportBatch {
  readonly county: string;
  /** Name of the account that asked; null for the command line and where that is not known. */
  readonly actorName: string | null;
  /** False for imports of versions that kept no journal of what they wrote. */
  readonly journalled: boolean;
}

const ROWS = `SELECT b.county, b.id, b.kind, b.file_name AS files, b.report, b.options, b.actor, b.at,
       b.undone_at AS "undoneAt", b.undone_by AS "undoneBy", b.options IS NOT NULL AS journalled,
       (SELECT max(j.actor_name) FROM import_job j WHERE j.county = $1 AND j.batch_id = b.id) AS "actorName"
  FROM import_batch b WHERE b.county = $1`;

/** A page of a county's imports, newest first. @param last id of the last one before the page */
export const pageOfImportBatches = (
  tx: Transaction,
  county: string,
  last: string | undefined,
  limit: number,
): Promise<ImportBatchRow[]> =>
  tx.rows(`${ROWS} AND ($2::uuid IS NULL OR b.id < $2::uuid) ORDER BY b.id DESC LIMIT $3`, [
    county,
    last ?? null,
    limit,
  ]);

export async function importBatchById(
  tx: Transaction,
  county: string,
  id: string,
): Promise<ImportBatchRow | undefined> {
  const [row] = await tx.rows<ImportBatchRow>(`${ROWS} AND b.id = $2::uuid`, [county, id]);
  return row;
}

export async function countImportBatches(tx: Transaction, county: string): Promise<number> {
  const [row] = await tx.rows<{ count: number }>("SELECT count(*) AS count FROM import_batch b WHERE b.county = $1", [
    county,
  ]);
  return row?.count ?? 0;
}
