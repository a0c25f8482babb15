import type { Transaction } from "../driver.ts";
import { groupBy } from "./params.ts";

/** Who has plans open. Every function sends one statement. */

export interface PresenceRow {
  readonly planId: string;
  readonly accountId: string;
  readonly name: string;
  /** Cells that they hold. */
  readonly cells: readonly string[];
  readonly expiresAt: string;
}

/** Says that somebody has a plan open until an instant. */
export const putPresence = (
  tx: Transaction,
  county: string,
  scopeCode: string,
  { planId, accountId, name, cells, expiresAt }: PresenceRow,
): Promise<number> =>
  tx.execute(
    `INSERT INTO plan_presence (county, plan_id, account_id, scope_code, name, cells, expires_at)
     VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6::jsonb, $7::timestamptz)
     ON CONFLICT (county, plan_id, account_id) DO UPDATE
       SET name = excluded.name, cells = excluded.cells, expires_at = excluded.expires_at`,
    [county, planId, accountId, scopeCode, name, JSON.stringify(cells), expiresAt],
  );

/** Who has plans open at an instant, by plan. */
export async function presenceOfPlans(
  tx: Transaction,
  county: string,
  ids: readonly string[],
  now: string,
): Promise<Map<string, PresenceRow[]>> {
  const rows = await tx.rows<PresenceRow>(
    `SELECT p.plan_id AS "planId", p.account_id AS "accountId", p.name, p.cells, p.expires_at AS "expiresAt"
     FROM plan_presence p WHERE p.county = $1 AND p.plan_id = ANY($2::uuid[]) AND p.expires_at > $3::timestamptz
     ORDER BY p.plan_id, p.name, p.account_id`,
    [county, ids, now],
  );
  return groupBy(rows, ({ planId }) => planId);
}
