import { Prng } from "../../data/demo/prng.ts";
import type { ImportProgress } from "../../data/importers/import-progress.ts";
import type { ImportReport, SkipListener } from "../../data/importers/report.ts";
import { AppError, notFound } from "../../data/model/errors.ts";
import type { Uuid } from "../../data/model/ids.ts";
import { uuidV7 } from "../../data/model/ids.ts";
import type { Database, Transaction } from "../driver.ts";
import { remapLayers } from "../grid-layers/remap-layers.ts";
import { analyze, bumpContentVersion, bumpLiveVersion } from "../load/load-county.ts";
import { type AuditPerson, appendAudit, systemActor } from "../repositories/audit-repository.ts";
import { wakeFeed } from "../repositories/outbox-repository.ts";
import { refreshStatistics } from "../statistics/refresh-statistics.ts";
import { dropOldJournals, settleJournal } from "./import-journal.ts";

/** What every import is told. */
export interface ImportContext {
  readonly county: string;
  /** Files as the person named them, for `import_batch`. */
  readonly files: readonly string[];
  /** What the files are called, where their paths are the server's own; absent = `files`. */
  readonly fileNames?: readonly string[] | undefined;
  readonly dryRun: boolean;
  /** The clock, epoch ms. */
  readonly nowMs: number;
  /** Who runs it, for the audit log. */
  readonly actor: string;
  /** Name, role and address of the actor where a person asks over the network. */
  readonly person?: Omit<AuditPerson, "actor"> | undefined;
  readonly onProgress: (progress: ImportProgress) => void;
  /** What was asked for besides the files (level, reference system, fields), kept in `import_batch`. */
  readonly options?: Readonly<Record<string, string | number | boolean | null>> | undefined;
  /** Told of every line or feature that is left out, before its value is masked or shortened. */
  readonly onSkip?: SkipListener | undefined;
  /** Told the import's id in `import_batch` once it is committed. */
  readonly onBatch?: ((batch: Uuid) => void) | undefined;
}

export interface ImportCounty {
  /** Id of this run in `import_batch`; writers note under it which rows they wrote (`import-journal.ts`). */
  readonly batch: Uuid;
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
      await lockImports(tx, context.county);
      const county = await requireCounty(tx, context);
      const outcome = await work(tx, county);
      const { kind, loaded, updated } = outcome.report;
      // Layers of grids are held against these.
      if (REMAPPING.has(kind) && loaded + updated > 0)
        await remapLayers(tx, context.county, new Date(context.nowMs).toISOString());
      await settleJournal(tx, { county: context.county, batch: county.batch });
      const report = { ...outcome.report, seconds: Math.round(performance.now() - started) / 1000 };
      if (context.dryRun) throw new DryRunDone(report);
      await record(tx, context, county, { ...outcome, report });
      return { report, batch: county.batch };
    });
    context.onBatch?.(done.batch);
    await analyze(database, context.county);
    await refreshStatistics(database, context.county, context.nowMs);
    return done.report;
  } catch (error) {
    if (error instanceof DryRunDone) return error.report;
    throw error;
  }
}

/** Kinds of reports of imports after which layers of grids may hold other ground or households. */
const REMAPPING: ReadonlySet<string> = new Set(["areas", "grids", "edition", "buildings", "compounds", "layers"]);

/** First key of the advisory lock that keeps imports and undos of one county apart; the county is the second. */
const IMPORT_LOCK = 0x6a_77_69_6d;

/** Imports and undos of one county go one after the other: each would build on rows that the other takes away. */
export const lockImports = (tx: Transaction, county: string): Promise<number> =>
  tx.execute("SELECT pg_advisory_xact_lock($1::integer, $2::integer)", [IMPORT_LOCK, Number(county)]);

async function requireCounty(tx: Transaction, { county, nowMs }: ImportContext): Promise<ImportCounty> {
  const [row] = await tx.rows<Omit<ImportCounty, "batch">>(
    `SELECT name, timezone, (SELECT count(*) FROM import_batch WHERE county = $1) AS batches
       FROM county_profile WHERE county = $1`,
    [county],
  );
  if (row) return { ...row, batch: mintBatch(county, nowMs, row.batches) };
  throw notFound(`there is no county ${county}`, {
    at: "--county",
    hint: `Add it first: jingwei county add ${county} --name NAME --timezone ZONE`,
  });
}

/** Id of a county's next import. @param batches imports that it has had */
export const mintBatch = (county: string, nowMs: number, batches: number): Uuid =>
  mint(new Prng(`${county}/import/${nowMs}/${batches}`), nowMs);

const mint = (stream: Prng, ms: number): Uuid => uuidV7(ms, stream.uint32(), stream.uint32(), stream.uint32());

async function record(
  tx: Transaction,
  context: ImportContext,
  { batch }: ImportCounty,
  outcome: ImportOutcome,
): Promise<void> {
  const { county, nowMs } = context;
  const { report } = outcome;
  const at = new Date(nowMs).toISOString();
  await tx.execute(
    `INSERT INTO import_batch (county, id, kind, file_name, report, at, options, actor)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      county,
      batch,
      report.kind,
      (context.fileNames ?? context.files).join(", "),
      JSON.stringify(report),
      at,
      JSON.stringify(context.options ?? {}),
      context.actor,
    ],
  );
  await dropOldJournals(tx, county, nowMs);
  const entity = { batch, loaded: report.loaded, updated: report.updated, unchanged: report.unchanged };
  await appendAudit(tx, county, {
    ...systemActor(context.actor),
    ...context.person,
    action: `import.${report.kind}`,
    entity: { ...entity, files: context.fileNames ?? context.files },
    at,
  });
  if (report.loaded + report.updated === 0) return;
  await tellOfBulk(tx, county, nowMs, outcome.entityKind, { ...entity, idRange: outcome.idRange ?? null });
}

/** A new content version and one BULK event (data rule 5): clients and hot columns read the county's rows of a kind anew. */
export async function tellOfBulk(
  tx: Transaction,
  county: string,
  nowMs: number,
  entityKind: string,
  entity: Readonly<Record<string, unknown>>,
): Promise<void> {
  const at = new Date(nowMs).toISOString();
  await bumpContentVersion(tx, county, at);
  const liveVersion = await bumpLiveVersion(tx, county, at);
  const changed = JSON.stringify(entity);
  const id = mint(new Prng(`${county}/bulk/${nowMs}/${liveVersion}`), nowMs);
  await tx.execute(
    `INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version)
     VALUES ($1, $2, $3, 'BULK', $4, $5, $1, $1, $6, $7)`,
    [county, id, entityKind, changed, nowMs, at, liveVersion],
  );
  await wakeFeed(tx, county);
}

/** Mints ids whose random bits are drawn from what they name (data rule 3). */
export function seededUuid(seed: string, epochMs: number): Uuid {
  const stream = new Prng(seed);
  return uuidV7(epochMs, stream.uint32(), stream.uint32(), stream.uint32());
}
