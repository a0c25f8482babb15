import type { ImportReport } from "../../data/importers/report.ts";
import type { Uuid } from "../../data/model/ids.ts";
import type { Transaction } from "../driver.ts";
import { appendAudit, systemActor } from "../repositories/audit-repository.ts";
import { dropOldJournals } from "./import-journal.ts";
import { type ImportContext, tellOfBulk } from "./import-transaction.ts";

/** What a part did. */
export interface PartCounts {
  readonly loaded: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** A part of an import that a run before this one wrote. */
export interface WrittenPart extends PartCounts {
  readonly number: number;
}

/** An import of the same files that ended before it was done. */
export interface InterruptedImport {
  readonly batch: Uuid;
  readonly parts: ReadonlyMap<number, WrittenPart>;
}

/** The newest import of the same files that has not ended and was not taken back; undefined without one. */
export async function findInterrupted(
  tx: Transaction,
  county: string,
  fileKey: string,
): Promise<InterruptedImport | undefined> {
  const rows = await tx.rows<WrittenPart & { readonly batch: Uuid }>(
    `SELECT p.batch_id AS batch, p.part AS number, p.loaded, p.updated, p.unchanged FROM import_batch_part p
       JOIN import_batch b ON b.county = $1 AND b.id = p.batch_id
      WHERE p.county = $1 AND p.file_key = $2 AND b.undone_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM import_batch_part l WHERE l.county = $1 AND l.batch_id = p.batch_id AND l.last)
      ORDER BY b.at DESC, p.batch_id, p.part`,
    [county, fileKey],
  );
  const batch = rows[0]?.batch;
  if (batch === undefined) return undefined;
  return { batch, parts: new Map(rows.filter((row) => row.batch === batch).map((row) => [row.number, row])) };
}

/** What is recorded of a part that was just written. */
export interface PartRecord extends PartCounts {
  readonly batch: Uuid;
  readonly fileKey: string;
  readonly number: number;
  readonly firstLine: number;
  readonly endLine: number;
  readonly last: boolean;
  /** Lowest and highest id of the cases that it added. */
  readonly added: readonly [from: string, to: string] | undefined;
  /** Lowest and highest id that it wrote, added or changed; consumers reload that range. */
  readonly written: readonly [from: string, to: string] | undefined;
}

/**
 * Records a part in its own transaction: the report of the import so far, the part, an audit row, and where it changed cases
 * a new content version and one BULK event (data rule 5).
 *
 * @param report of all parts so far
 */
export async function recordPart(
  tx: Transaction,
  context: ImportContext,
  part: PartRecord,
  report: ImportReport,
): Promise<void> {
  const { county, nowMs } = context;
  const at = new Date(nowMs).toISOString();
  await tx.execute(
    `INSERT INTO import_batch (county, id, kind, file_name, report, at, options, actor)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (county, id) DO UPDATE SET report = excluded.report`,
    [
      county,
      part.batch,
      report.kind,
      context.files.join(", "),
      JSON.stringify(report),
      at,
      JSON.stringify(context.options ?? {}),
      context.actor,
    ],
  );
  await tx.execute(
    `INSERT INTO import_batch_part (county, batch_id, part, file_key, first_line, end_line, loaded, updated, unchanged,
                                    from_id, to_id, last, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      county,
      part.batch,
      part.number,
      part.fileKey,
      part.firstLine,
      part.endLine,
      part.loaded,
      part.updated,
      part.unchanged,
      part.added?.[0] ?? null,
      part.added?.[1] ?? null,
      part.last,
      at,
    ],
  );
  if (part.number === 0) await dropOldJournals(tx, county, nowMs);
  const entity = {
    batch: part.batch,
    ...(part.number === 0 && part.last ? {} : { part: part.number, last: part.last }),
    loaded: part.loaded,
    updated: part.updated,
    unchanged: part.unchanged,
  };
  await appendAudit(tx, county, {
    ...systemActor(context.actor),
    action: `import.${report.kind}`,
    entity: { ...entity, files: context.files },
    at,
  });
  if (part.loaded + part.updated > 0)
    await tellOfBulk(tx, county, nowMs, "incident", { ...entity, idRange: part.written ?? null });
}
