import { ImportLog } from "../../data/importers/report.ts";
import type { Transaction } from "../driver.ts";
import type { Journal } from "./import-journal.ts";
import { followChanges } from "./settle-editions.ts";

/** What became of an area, as it is taken back. */
export interface TakenLineage {
  readonly id: string;
  readonly fromArea: string;
  readonly fromCode: string;
  readonly toCode: string;
  readonly settled: boolean;
}

/** Takes the lineage of an import away. @returns it, turned around: from the new areas to the old ones */
export const takeLineage = (tx: Transaction, { county, batch }: Journal): Promise<TakenLineage[]> =>
  tx.rows<TakenLineage>(
    `DELETE FROM area_lineage l WHERE l.county = $1 AND l.batch_id = $2::uuid
     RETURNING l.id, l.to_area AS "fromArea", l.to_code AS "fromCode", l.from_code AS "toCode", l.settled`,
    [county, batch],
  );

/** Gives what lies in the areas of an edition that was undone the codes from before it, once the areas stand again. */
export async function settleBack(
  tx: Transaction,
  county: string,
  lineage: readonly TakenLineage[],
  nowMs: number,
): Promise<void> {
  const settled = lineage.filter((line) => line.settled);
  const [first] = settled;
  if (!first) return;
  // An undo is not undone: what it notes on the way is dropped.
  await followChanges(tx, { county, batch: first.id }, settled, nowMs, new ImportLog());
  await tx.execute("DELETE FROM import_row WHERE county = $1 AND batch_id = $2::uuid", [county, first.id]);
}
