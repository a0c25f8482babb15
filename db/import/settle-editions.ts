import { ImportLog } from "../../data/importers/report.ts";
import type { Database, Transaction } from "../driver.ts";
import { remapLayers } from "../grid-layers/remap-layers.ts";
import { analyze } from "../load/load-county.ts";
import { appendAudit, systemActor } from "../repositories/audit-repository.ts";
import { refreshStatistics } from "../statistics/refresh-statistics.ts";
import { redrawSensitive, refreshSynthetic, rollUpHouseholds, writeOutline } from "./area-rollup.ts";
import { refreshShares } from "./compound-shares.ts";
import { noteSums, spreadHouseholds } from "./household-spread.ts";
import { type Journal, journalUpdated, settleJournal } from "./import-journal.ts";
import { lockImports, tellOfBulk } from "./import-transaction.ts";
import { settleScopes } from "./settle-scopes.ts";

interface Due {
  readonly journal: string;
  readonly fromArea: string;
  readonly fromCode: string;
  readonly toCode: string;
}

/**
 * Settles, once their date has come, editions whose lineage was recorded (plans have `db/plans/settle-plan.ts`): what lies in their areas gets the codes
 * of today, and sums and outlines follow. For the transaction that records them (a date that is not in the future), and
 * for `settleDueEditions`.
 *
 * @param nowMs the clock, epoch ms
 * @returns how many lines of descent were settled
 */
export async function settleEditions(tx: Transaction, county: string, nowMs: number, log: ImportLog): Promise<number> {
  const due = await tx.rows<Due>(
    `SELECT coalesce(l.batch_id, l.plan_id, l.id) AS journal, l.from_area AS "fromArea", l.from_code AS "fromCode",
            l.to_code AS "toCode"
       FROM area_lineage l WHERE l.county = $1 AND NOT l.settled AND l.plan_id IS NULL AND l.at <= $2::timestamptz ORDER BY l.at, l.id`,
    [county, new Date(nowMs).toISOString()],
  );
  const [first] = due;
  if (!first) return 0;
  // Codes of one import are noted in its own journal; of several at once, in that of the first.
  await followChanges(tx, { county, batch: first.journal }, due, nowMs, log);
  await tx.execute(
    "UPDATE area_lineage SET settled = true WHERE county = $1 AND NOT settled AND plan_id IS NULL AND at <= $2::timestamptz",
    [county, new Date(nowMs).toISOString()],
  );
  await tx.execute(
    `DELETE FROM import_row WHERE county = $1 AND batch_id = $2::uuid
        AND NOT EXISTS (SELECT 1 FROM area_lineage l WHERE l.county = $1 AND l.batch_id = $2::uuid)`,
    [county, first.journal],
  );
  return due.length;
}

/** Everything that follows from codes and outlines that changed, from the versions as they stand now. */
export async function followChanges(
  tx: Transaction,
  journal: Journal,
  changes: readonly { readonly fromArea: string; readonly fromCode: string; readonly toCode: string }[],
  nowMs: number,
  log: ImportLog,
): Promise<void> {
  const { county } = journal;
  const current = await tx.rows<{ id: string; code: string }>(
    `SELECT v.area_id AS id, v.code FROM area_version v
      WHERE v.county = $1 AND v.area_id = ANY ($2::uuid[]) AND upper_inf(v.valid)`,
    [county, [...new Set(changes.map(({ fromArea }) => fromArea))]],
  );
  const codeOf = new Map(current.map(({ id, code }) => [id, code]));
  const heirs = new Map<string, Set<string>>();
  for (const { fromCode, toCode } of changes) heirs.set(fromCode, (heirs.get(fromCode) ?? new Set()).add(toCode));
  const now = new Map<string, string>();
  for (const { fromArea, fromCode } of changes) {
    const heir = heirs.get(fromCode);
    const code = codeOf.get(fromArea) ?? (heir?.size === 1 ? [...heir][0] : undefined);
    if (code !== undefined && code !== fromCode) now.set(fromCode, code);
  }
  await journalUpdated(
    tx,
    journal,
    "area_version",
    `SELECT v.id::text FROM area_version v WHERE v.county = $1 AND upper_inf(v.valid)
        AND v.lineage @> '[{"kind": "synthetic"}]'`,
  );
  await noteSums(tx, journal);
  await refreshSynthetic(tx, county);
  const codes = [...new Set(changes.flatMap(({ fromCode, toCode }) => [fromCode, toCode]))];
  await settleScopes(tx, county, { codes, now }, nowMs);
  const compounds = await tx.rows<{ id: string }>(
    `SELECT c.id FROM compound c WHERE c.county = $1
        AND (c.id IN (SELECT g.compound_id FROM grid_compound g WHERE g.county = $1 AND g.grid_id = ANY ($2::uuid[]))
             OR EXISTS (SELECT 1 FROM area_version v WHERE v.county = $1 AND v.level = 'grid' AND upper_inf(v.valid)
                           AND v.code = ANY ($3::text[]) AND v.geom && c.geom))`,
    [county, changes.map(({ fromArea }) => fromArea), codes],
  );
  if (compounds.length > 0)
    await refreshShares(
      tx,
      journal,
      compounds.map(({ id }) => id),
    );
  await spreadHouseholds(tx, journal, log);
  await rollUpHouseholds(tx, county);
  await writeOutline(tx, county);
  await redrawSensitive(tx, county);
  await remapLayers(tx, county, new Date(nowMs).toISOString());
}

/**
 * Settles what has come due in a county since it was recorded, in a transaction of its own: for the server's clockwork.
 *
 * @returns how many lines of descent were settled
 */
export async function settleDueEditions(database: Database, county: string, nowMs: number): Promise<number> {
  const settled = await database.transaction({ kind: "loader", county }, async (tx) => {
    const at = new Date(nowMs).toISOString();
    const waiting = await tx.rows<{ batch: string | null }>(
      `SELECT DISTINCT l.batch_id AS batch FROM area_lineage l
        WHERE l.county = $1 AND NOT l.settled AND l.plan_id IS NULL AND l.at <= $2::timestamptz`,
      [county, at],
    );
    if (waiting.length === 0) return 0;
    await lockImports(tx, county);
    const count = await settleEditions(tx, county, nowMs, new ImportLog());
    for (const { batch } of waiting) if (batch !== null) await settleJournal(tx, { county, batch });
    await appendAudit(tx, county, {
      ...systemActor("editions"),
      action: "edition.settle",
      entity: { lines: count },
      at,
    });
    for (const kind of ["area", "incident"])
      await tellOfBulk(tx, county, nowMs, kind, { edition: true, idRange: null });
    return count;
  });
  if (settled > 0) {
    await analyze(database, county);
    await refreshStatistics(database, county, nowMs);
  }
  return settled;
}
