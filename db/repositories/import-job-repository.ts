import type { ImportReport } from "../../data/importers/report.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import type { Uuid } from "../../data/model/ids.ts";
import type { Transaction } from "../driver.ts";

/** What becomes of an import: it waits for its turn, runs, and ends in one of three ways. */
export const IMPORT_STATES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** What was asked for beside the files. */
export interface ImportOptions {
  /** Names of the upload's files, without folders. */
  readonly files: readonly string[];
  readonly level: AreaLevel | null;
  /** Reference system that was chosen; null = found out by itself. */
  readonly crs: string | null;
  /** Column of each field that was chosen. */
  readonly map: Readonly<Record<string, string>>;
  /** Day from which a new edition holds, yyyy-mm-dd; absent = no edition. */
  readonly effective?: string;
}

/** Why an import failed, as it is told. */
export interface ImportFailure {
  readonly code: string;
  readonly message: string;
  readonly at: string | null;
  readonly hint: string | null;
}

export interface ImportJobRow {
  readonly county: string;
  readonly id: Uuid;
  readonly clientKey: string;
  readonly upload: string;
  readonly kind: string;
  readonly options: ImportOptions;
  readonly dryRun: boolean;
  readonly state: ImportState;
  /** `read`, `write`, `finish`; null before it runs. */
  readonly phase: string | null;
  readonly rows: number;
  readonly bytes: number | null;
  readonly totalBytes: number | null;
  readonly report: ImportReport | null;
  readonly error: ImportFailure | null;
  readonly batchId: Uuid | null;
  /** True when the lines that were left out can be fetched as a file. */
  readonly rejected: boolean;
  readonly actor: string;
  readonly actorName: string | null;
  /** ISO 8601 instants. */
  readonly createdAt: string;
  readonly endedAt: string | null;
}

const COLUMNS = `j.county, j.id, j.client_key AS "clientKey", j.upload, j.kind, j.options, j.dry_run AS "dryRun", j.state,
  j.phase, j.row_count AS "rows", j.byte_count AS "bytes", j.byte_total AS "totalBytes", j.report, j.error,
  j.batch_id AS "batchId", j.rejected, j.actor, j.actor_name AS "actorName", j.created_at AS "createdAt",
  j.ended_at AS "endedAt"`;

/** Adds a job unless its key is there already. @returns the job of that key */
export async function insertImportJob(tx: Transaction, job: ImportJobRow, process: string): Promise<ImportJobRow> {
  await tx.execute(
    `INSERT INTO import_job (county, id, client_key, upload, kind, options, dry_run, state, row_count, rejected, actor,
                             actor_name, process, created_at, touched_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, false, $9, $10, $11, $12, $12)
     ON CONFLICT (county, client_key) DO NOTHING`,
    [
      job.county,
      job.id,
      job.clientKey,
      job.upload,
      job.kind,
      JSON.stringify(job.options),
      job.dryRun,
      job.state,
      job.actor,
      job.actorName,
      process,
      job.createdAt,
    ],
  );
  return (await importJobByKey(tx, job.county, job.clientKey)) ?? job;
}

export async function importJobByKey(tx: Transaction, county: string, key: string): Promise<ImportJobRow | undefined> {
  const [row] = await tx.rows<ImportJobRow>(
    `SELECT ${COLUMNS} FROM import_job j WHERE j.county = $1 AND j.client_key = $2`,
    [county, key],
  );
  return row;
}

/** How far a job is now, or how it ended. */
export async function writeImportJob(tx: Transaction, job: ImportJobRow, at: string): Promise<void> {
  await tx.execute(
    `UPDATE import_job SET state = $3, phase = $4, row_count = $5, byte_count = $6, byte_total = $7, report = $8,
            error = $9, batch_id = $10, rejected = $11, ended_at = $12, touched_at = $13
      WHERE county = $1 AND id = $2 AND state IN ('queued', 'running')`,
    [
      job.county,
      job.id,
      job.state,
      job.phase,
      job.rows,
      job.bytes,
      job.totalBytes,
      job.report && JSON.stringify(job.report),
      job.error && JSON.stringify(job.error),
      job.batchId,
      job.rejected,
      job.endedAt,
      at,
    ],
  );
}

export async function importJobById(tx: Transaction, county: string, id: string): Promise<ImportJobRow | undefined> {
  const [row] = await tx.rows<ImportJobRow>(`SELECT ${COLUMNS} FROM import_job j WHERE j.county = $1 AND j.id = $2`, [
    county,
    id,
  ]);
  return row;
}

/** Jobs of a county that are not at their end, as they were written down last; the first one runs. */
export const unfinishedImportJobs = (tx: Transaction, county: string): Promise<ImportJobRow[]> =>
  tx.rows(
    `SELECT ${COLUMNS} FROM import_job j WHERE j.county = $1 AND j.state IN ('queued', 'running') ORDER BY j.id LIMIT 100`,
    [county],
  );

/** Counties with jobs that are not at their end. Runs under the reviewed scope `unfinished-imports`. */
export const countiesOfUnfinishedJobs = async (tx: Transaction): Promise<string[]> =>
  (
    await tx.rows<{ county: string }>(
      "SELECT DISTINCT j.county FROM import_job j WHERE j.state IN ('queued', 'running') ORDER BY j.county",
    )
  ).map(({ county }) => county);

/**
 * Ends the jobs of a county whose process is gone: another one's, not heard of since an instant.
 *
 * @returns how many
 */
export const endForsakenJobs = (
  tx: Transaction,
  county: string,
  process: string,
  silentSince: string,
  at: string,
  error: ImportFailure,
): Promise<number> =>
  tx.execute(
    `UPDATE import_job SET state = 'failed', error = $5, ended_at = $4, touched_at = $4
      WHERE county = $1 AND process <> $2 AND touched_at <= $3::timestamptz AND state IN ('queued', 'running')`,
    [county, process, silentSince, at, JSON.stringify(error)],
  );
