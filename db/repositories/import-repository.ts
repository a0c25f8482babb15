import type { ImportReport } from "../../data/importers/report.ts";
import type { Transaction } from "../driver.ts";

/** An import as it is kept. */
export interface ImportBatch {
  readonly id: string;
  readonly kind: string;
  /** Names of its files as the person gave them, joined by ", ". */
  readonly files: string;
  readonly report: ImportReport;
  /** What was asked for besides the files; null for imports of earlier versions. */
  readonly options: Readonly<Record<string, string | number | boolean | null>> | null;
  /** Who ran it: `cli`, or an account's global id; null for imports of earlier versions. */
  readonly actor: string | null;
  /** Instants, ISO 8601. */
  readonly at: string;
  readonly undoneAt: string | null;
  readonly undoneBy: string | null;
}

/** The county's imports, newest first. */
export const listImportBatches = (tx: Transaction, county: string, limit: number): Promise<ImportBatch[]> =>
  tx.rows<ImportBatch>(
    `SELECT id, kind, file_name AS files, report, options, actor, at, undone_at AS "undoneAt", undone_by AS "undoneBy"
       FROM import_batch WHERE county = $1 ORDER BY at DESC, id DESC LIMIT $2`,
    [county, limit],
  );
