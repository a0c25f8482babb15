import type { BoundSide } from "../../data/planning/four-bounds.ts";
import type { Transaction } from "../driver.ts";
import { groupBy } from "./params.ts";

/** A side of a cell in its planner's words. */
export interface PlanBoundRow {
  readonly planId: string;
  readonly cell: string;
  readonly side: BoundSide;
  readonly text: string;
  readonly author: string;
  readonly at: string;
}

/** What planners wrote of the bounds of plans' cells. */
export const boundsOfPlans = async (
  tx: Transaction,
  county: string,
  planIds: readonly string[],
): Promise<Map<string, PlanBoundRow[]>> =>
  groupBy(
    await tx.rows<PlanBoundRow>(
      `SELECT b.plan_id AS "planId", b.cell, b.side, b.text, b.author, b.at FROM plan_bound b
       WHERE b.county = $1 AND b.plan_id = ANY($2::uuid[]) ORDER BY b.plan_id, b.cell, b.side`,
      [county, planIds],
    ),
    ({ planId }) => planId,
  );

/** Writes sides of a cell; an empty text takes back what was written. */
export async function writeBounds(
  tx: Transaction,
  county: string,
  scopeCode: string,
  rows: readonly PlanBoundRow[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  await tx.execute(
    "DELETE FROM plan_bound b WHERE b.county = $1 AND b.plan_id = $2::uuid AND b.cell = $3 AND b.side = ANY($4::text[])",
    [county, first.planId, first.cell, rows.map(({ side }) => side)],
  );
  const kept = rows.filter(({ text }) => text !== "");
  if (kept.length === 0) return;
  await tx.execute(
    `INSERT INTO plan_bound (county, plan_id, cell, side, scope_code, text, author, at)
     SELECT $1, r."planId", r.cell, r.side, $3, r.text, r.author, r.at
     FROM jsonb_to_recordset($2::jsonb) AS r("planId" uuid, cell text, side text, text text, author text, at timestamptz)`,
    [county, JSON.stringify(kept), scopeCode],
  );
}
