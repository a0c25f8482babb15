import type { ChangeKind } from "../../data/feed/event.ts";
import { notFound, userError } from "../../data/model/errors.ts";
import { isUuid } from "../../data/model/ids.ts";
import type { Database, Transaction } from "../driver.ts";
import { remapLayers } from "../grid-layers/remap-layers.ts";
import { analyze } from "../load/load-county.ts";
import { type AuditPerson, appendAudit, systemActor } from "../repositories/audit-repository.ts";
import { refreshStatistics } from "../statistics/refresh-statistics.ts";
import { redrawSensitive, writeOutline } from "./area-rollup.ts";
import type { Journal } from "./import-journal.ts";
import { UNDO_DAYS } from "./import-journal.ts";
import { lockImports, tellOfBulk } from "./import-transaction.ts";
import type { JournalKind } from "./journal-kinds.ts";
import { JOURNAL_KINDS, journalKey, rowHash } from "./journal-kinds.ts";
import { settleBack, takeLineage } from "./undo-edition.ts";
import type { Hanging } from "./undo-hangs.ts";
import { findHanging } from "./undo-hangs.ts";
import { UNDO_PARTS } from "./undo-parts.ts";

/** Who undoes, where and when. */
export interface UndoContext {
  readonly county: string;
  /** The clock, epoch ms. */
  readonly nowMs: number;
  /** For the audit log, as of an import. */
  readonly actor: string;
  /** Name, role and address of the actor where a person asks over the network. */
  readonly person?: (Omit<AuditPerson, "actor"> & { readonly reason: string | null }) | undefined;
}

/** What an undo did. */
export interface UndoReport {
  readonly county: string;
  /** Id of the import. */
  readonly batch: string;
  /** Its kind, as in its report. */
  readonly kind: string;
  /** Rows of all tables that the import had added. */
  readonly removed: number;
  /** Rows that stand again as they stood before it. */
  readonly restored: number;
  readonly seconds: number;
}

/**
 * Takes an import back as a whole: what it added goes, what it changed or removed stands again as before. In one
 * transaction, with an audit row, BULK events and a new content version.
 *
 * @param batchId id in `import_batch`
 * @throws USER/NOT_FOUND for an import that the county did not have; USER/CONFLICT when it is undone already, too old, or
 *   when later work hangs on what it wrote; then nothing is changed
 */
export async function undoImport(database: Database, context: UndoContext, batchId: string): Promise<UndoReport> {
  const started = performance.now();
  const { county } = context;
  const done = await database.transaction({ kind: "loader", county }, async (tx) => {
    await lockImports(tx, county);
    const kind = await requireUndoable(tx, context, batchId);
    return takeBack(tx, context, { county, batch: batchId }, kind);
  });
  await analyze(database, county);
  await refreshStatistics(database, county, context.nowMs);
  return { ...done, seconds: Math.round(performance.now() - started) / 1000 };
}

interface BatchRow {
  readonly kind: string;
  readonly at: string;
  readonly undoneAt: string | null;
  readonly undoneBy: string | null;
  readonly written: number;
  readonly noted: number;
}

/** @returns the import's kind */
async function requireUndoable(tx: Transaction, { county, nowMs }: UndoContext, batch: string): Promise<string> {
  const [row] = isUuid(batch)
    ? await tx.rows<BatchRow>(
        `SELECT b.kind, b.at, b.undone_at AS "undoneAt", b.undone_by AS "undoneBy",
                (b.report ->> 'loaded')::integer + (b.report ->> 'updated')::integer AS written,
                (SELECT count(*) FROM import_row r WHERE r.county = $1 AND r.batch_id = b.id) AS noted
           FROM import_batch b WHERE b.county = $1 AND b.id = $2::uuid`,
        [county, batch],
      )
    : [];
  if (!row)
    throw notFound(`county ${county} had no import ${batch}`, {
      at: "BATCH",
      hint: `Its imports: jingwei import list --county ${county}`,
    });
  if (row.undoneAt !== null)
    throw userError(`import ${batch} is undone already, since ${row.undoneAt} by ${row.undoneBy ?? "somebody"}`, {
      code: "CONFLICT",
      at: "BATCH",
    });
  const old = Date.parse(row.at) < nowMs - UNDO_DAYS * 86_400_000;
  if (old || (row.written > 0 && row.noted === 0 && !UNDO_PARTS[row.kind]))
    throw userError(`import ${batch} cannot be undone: what stood there before it is not kept`, {
      code: "CONFLICT",
      at: "BATCH",
      hint: `Imports can be undone for ${UNDO_DAYS} days, those of earlier versions of Jingwei not at all; import the earlier file again.`,
    });
  return row.kind;
}

async function takeBack(
  tx: Transaction,
  context: UndoContext,
  journal: Journal,
  kind: string,
): Promise<Omit<UndoReport, "seconds">> {
  const params = [journal.county, journal.batch];
  const noted = await tx.rows<{ kind: JournalKind }>(
    "SELECT DISTINCT entity_kind AS kind FROM import_row WHERE county = $1 AND batch_id = $2::uuid",
    params,
  );
  const present = new Set(noted.map((row) => row.kind));
  const kinds = JOURNAL_KINDS.filter((one) => present.has(one));
  const part = UNDO_PARTS[kind];
  for (const one of kinds) await refuseChanged(tx, journal, one);
  refuseHanging(journal, [
    ...(await findHanging(tx, journal, present, kind === "edition")),
    ...((await part?.hanging(tx, journal)) ?? []),
  ]);
  const lineage = await takeLineage(tx, journal);
  let removed = (await part?.remove(tx, journal)) ?? 0;
  const remove = async (one: JournalKind): Promise<void> => {
    removed += await tx.execute(
      `DELETE FROM ${one} t USING import_row r WHERE t.county = $1 AND ${ofJournal(one)} AND r.before IS NULL`,
      params,
    );
  };
  // Spans of time that the import opened make room for those that it closed; everything else goes after the rows that
  // referred to it refer to what they did before.
  for (const one of kinds.filter((table) => SPANS.has(table))) await remove(one);
  let restored = 0;
  for (const one of kinds) restored += await restore(tx, journal, one);
  for (const one of [...kinds].reverse()) if (!SPANS.has(one)) await remove(one);
  if (present.has("area_version")) await followAreas(tx, journal.county);
  await settleBack(tx, journal.county, lineage, context.nowMs);
  await remapLayers(tx, journal.county, new Date(context.nowMs).toISOString());
  await finish(tx, context, journal, { removed, restored });
  for (const changed of changeKinds(present, part?.changeKind))
    await tellOfBulk(tx, journal.county, context.nowMs, changed, { batch: journal.batch, undone: true, idRange: null });
  return { county: journal.county, batch: journal.batch, kind, removed, restored };
}

/** Tables whose rows may not overlap in time, and that no other table refers to. */
const SPANS: ReadonlySet<JournalKind> = new Set<JournalKind>(["area_version", "organisation_role"]);

/** SQL that joins the journal's rows `r` of a kind to the rows `t` that they are about. */
const ofJournal = (kind: JournalKind): string =>
  `r.county = $1 AND r.batch_id = $2::uuid AND r.entity_kind = '${kind}' AND r.entity_id = ${journalKey(kind, "t")}`;

/** Rows must stand as the import left them: putting them back would else lose what was done since. */
async function refuseChanged(tx: Transaction, { county, batch }: Journal, kind: JournalKind): Promise<void> {
  const [found] = await tx.rows<{ count: number; first: string | null; later: string | null }>(
    `SELECT count(*) AS count, min(q.entity_id) AS first,
            (SELECT string_agg(DISTINCT b.kind || ' ' || b.id, ', ')
               FROM import_row l JOIN import_batch b ON b.county = $1 AND b.id = l.batch_id
              WHERE l.county = $1 AND l.batch_id <> $2::uuid AND l.entity_kind = '${kind}'
                AND l.entity_id = ANY (array_agg(q.entity_id)) AND b.at >= min(q.at)) AS later
       FROM (SELECT r.entity_id, b.at FROM import_row r
               JOIN import_batch b ON b.county = $1 AND b.id = r.batch_id
               LEFT JOIN ${kind} t ON t.county = $1 AND r.entity_id = ${journalKey(kind, "t")}
              WHERE r.county = $1 AND r.batch_id = $2::uuid AND r.entity_kind = '${kind}'
                AND r.after_hash IS DISTINCT FROM ${rowHash(kind, "t")}) q`,
    [county, batch],
  );
  if (!found || found.count === 0) return;
  throw userError(
    `${found.count} rows of ${kind} that import ${batch} wrote were changed since, first ${found.first}: undoing it would lose that`,
    {
      code: "CONFLICT",
      at: "BATCH",
      hint: found.later
        ? `Undo the later imports first: ${found.later}.`
        : "They were changed by hand or published since; what was there before must be put back by hand.",
    },
  );
}

function refuseHanging({ batch }: Journal, hanging: readonly Hanging[]): void {
  if (hanging.length === 0) return;
  const named = hanging.map(({ count, what, on }) => `${count} ${what} (first in ${on})`).join("; ");
  throw userError(`import ${batch} cannot be undone, later work hangs on what it added: ${named}`, {
    code: "CONFLICT",
    at: "BATCH",
    hint: "Undo the imports that brought them, or move them elsewhere, first.",
  });
}

/** Puts the images of a kind back: over the row where it stands, anew where the import had removed it. */
async function restore(tx: Transaction, { county, batch }: Journal, kind: JournalKind): Promise<number> {
  const columns = await tx.rows<{ name: string }>(
    `SELECT a.attname AS name FROM pg_attribute a
      WHERE a.attrelid = '${kind}'::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      ORDER BY a.attnum`,
  );
  const names = columns.map(({ name }) => name).filter((name) => name !== "county");
  const params = [county, batch];
  // The row itself fills what its image lacks: columns that an upgrade added since.
  const changed = await tx.execute(
    `UPDATE ${kind} t SET ${names.map((name) => `${name} = q.${name}`).join(", ")}
       FROM (SELECT r.entity_id, ${names.map((name) => `b.${name}`).join(", ")}
               FROM import_row r
               JOIN ${kind} t ON t.county = $1
              CROSS JOIN LATERAL jsonb_populate_record(t, r.before) b
              WHERE ${ofJournal(kind)} AND r.before IS NOT NULL) q
      WHERE t.county = $1 AND q.entity_id = ${journalKey(kind, "t")}`,
    params,
  );
  const again = await tx.execute(
    `INSERT INTO ${kind} (county, ${names.join(", ")})
     SELECT $1, ${names.map((name) => `b.${name}`).join(", ")}
       FROM import_row r CROSS JOIN LATERAL jsonb_populate_record(NULL::${kind}, r.before) b
      WHERE r.county = $1 AND r.batch_id = $2::uuid AND r.entity_kind = '${kind}' AND r.before IS NOT NULL
        AND r.after_hash IS NULL`,
    params,
  );
  return changed + again;
}

/** What follows from the areas as they stand again. */
async function followAreas(tx: Transaction, county: string): Promise<void> {
  await writeOutline(tx, county);
  await tx.execute(
    `DELETE FROM county_outline o WHERE o.code = $1
        AND NOT EXISTS (SELECT 1 FROM area_version v WHERE v.county = $1 AND v.level = 'county' AND upper_inf(v.valid))`,
    [county],
  );
  await redrawSensitive(tx, county);
}

async function finish(
  tx: Transaction,
  { county, nowMs, actor, person }: UndoContext,
  { batch }: Journal,
  counts: { readonly removed: number; readonly restored: number },
): Promise<void> {
  const at = new Date(nowMs).toISOString();
  await tx.execute("DELETE FROM import_row WHERE county = $1 AND batch_id = $2::uuid", [county, batch]);
  await tx.execute(
    "UPDATE import_batch SET undone_at = $3::timestamptz, undone_by = $4 WHERE county = $1 AND id = $2::uuid",
    [county, batch, at, person?.actorName ?? actor],
  );
  await appendAudit(tx, county, {
    ...systemActor(actor),
    ...person,
    action: "import.undo",
    entity: { batch, ...counts },
    at,
  });
}

/** Feed kinds of what was put back. */
function changeKinds(present: ReadonlySet<JournalKind>, part: ChangeKind | undefined): Set<ChangeKind> {
  const kinds = new Set<ChangeKind>(part ? [part] : []);
  for (const kind of present) kinds.add(kind === "building" ? "building" : "area");
  return kinds;
}
