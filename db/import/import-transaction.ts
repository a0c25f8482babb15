import { Prng } from "../../data/demo/prng.ts";
import type { ImportProgress } from "../../data/importers/import-progress.ts";
import type { ImportReport } from "../../data/importers/report.ts";
import { AppError, notFound } from "../../data/model/errors.ts";
import type { Uuid } from "../../data/model/ids.ts";
import { uuidV7 } from "../../data/model/ids.ts";
import type { Database, Transaction } from "../driver.ts";
import { analyze, bumpContentVersion, bumpLiveVersion } from "../load/load-county.ts";
import { appendAudit, systemActor } from "../repositories/audit-repository.ts";
import { wakeFeed } from "../repositories/outbox-repository.ts";
import { refreshStatistics } from "../statistics/refresh-statistics.ts";

/** What every import is told. */
export interface ImportContext {
  readonly county: string;
  /** Files as the person named them, for `import_batch`. */
  readonly files: readonly string[];
  readonly dryRun: boolean;
  /** The clock, epoch ms. */
  readonly nowMs: number;
  /** Who runs it, for the audit log. */
  readonly actor: string;
  readonly onProgress: (progress: ImportProgress) => void;
}

export interface ImportCounty {
  readonly name: string;
  readonly timezone: string;
  /** Imports that the county has had: with the clock it names this run, also where two fall into one millisecond. */
  readonly batches: number;
}

/** What an import changed, for feed and audit. */
export interface ImportOutcome {
  readonly report: ImportReport;
  /** Kind of the entities in the feed: area, building, incident. */
  readonly entityKind: string;
  /** Lowest and highest id that was written; consumers reload that range. */
  readonly idRange: readonly [from: string, to: string] | undefined;
}

/** Thrown to undo a dry run; carries its report out of the transaction. */
class DryRunDone extends AppError {
  constructor(readonly report: ImportReport) {
    super("USER", "dry run");
  }
}

/**
 * Runs an import in one transaction, so that nothing half-written can be seen; a dry run does the same work and is
 * rolled back. A run that wrote something leaves its report in `import_batch`, one audit row, one BULK event and a
 * new content version (data rule 5).
 */
export async function runImport(
  database: Database,
  context: ImportContext,
  work: (tx: Transaction, county: ImportCounty) => Promise<ImportOutcome>,
): Promise<ImportReport> {
  const started = performance.now();
  try {
    const done = await database.transaction({ kind: "loader", county: context.county }, async (tx) => {
      const county = await requireCounty(tx, context.county);
      const outcome = await work(tx, county);
      const report = { ...outcome.report, seconds: Math.round(performance.now() - started) / 1000 };
      if (context.dryRun) throw new DryRunDone(report);
      await record(tx, context, county, { ...outcome, report });
      return report;
    });
    await analyze(database, context.county);
    await refreshStatistics(database, context.county, context.nowMs);
    return done;
  } catch (error) {
    if (error instanceof DryRunDone) return error.report;
    throw error;
  }
}

async function requireCounty(tx: Transaction, county: string): Promise<ImportCounty> {
  const [row] = await tx.rows<ImportCounty>(
    `SELECT name, timezone, (SELECT count(*) FROM import_batch WHERE county = $1) AS batches
       FROM county_profile WHERE county = $1`,
    [county],
  );
  if (row) return row;
  throw notFound(`there is no county ${county}`, {
    at: "--county",
    hint: `Add it first: jingwei county add ${county} --name NAME --timezone ZONE`,
  });
}

async function record(
  tx: Transaction,
  context: ImportContext,
  { batches }: ImportCounty,
  outcome: ImportOutcome,
): Promise<void> {
  const { county, nowMs } = context;
  const { report } = outcome;
  const stream = new Prng(`${county}/import/${report.kind}/${nowMs}/${batches}`);
  const mint = (): Uuid => uuidV7(nowMs, stream.uint32(), stream.uint32(), stream.uint32());
  const at = new Date(nowMs).toISOString();
  const batch = mint();
  await tx.execute(
    "INSERT INTO import_batch (county, id, kind, file_name, report, at) VALUES ($1, $2, $3, $4, $5, $6)",
    [county, batch, report.kind, context.files.join(", "), JSON.stringify(report), at],
  );
  const entity = { batch, loaded: report.loaded, updated: report.updated, unchanged: report.unchanged };
  await appendAudit(tx, county, {
    ...systemActor(context.actor),
    action: `import.${report.kind}`,
    entity: { ...entity, files: context.files },
    at,
  });
  if (report.loaded + report.updated === 0) return;
  await bumpContentVersion(tx, county, at);
  const liveVersion = await bumpLiveVersion(tx, county, at);
  const changed = JSON.stringify({ ...entity, idRange: outcome.idRange ?? null });
  await tx.execute(
    `INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version)
     VALUES ($1, $2, $3, 'BULK', $4, $5, $1, $1, $6, $7)`,
    [county, mint(), outcome.entityKind, changed, nowMs, at, liveVersion],
  );
  await wakeFeed(tx, county);
}

/** Mints ids whose random bits are drawn from what they name (data rule 3). */
export function seededUuid(seed: string, epochMs: number): Uuid {
  const stream = new Prng(seed);
  return uuidV7(epochMs, stream.uint32(), stream.uint32(), stream.uint32());
}
