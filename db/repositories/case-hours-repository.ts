import type { Transaction } from "../driver.ts";

/** Cases that were opened within one hour, epoch seconds of its start. */
export interface CaseHour {
  readonly hour: number;
  readonly rows: number;
}

/** How many cases of a county the transaction's scope may see by the hour of opening, oldest first. */
export const caseHours = (tx: Transaction, county: string): Promise<CaseHour[]> =>
  tx.rows<CaseHour>(
    `SELECT (floor(extract(epoch FROM i.opened_at) / 3600) * 3600)::bigint AS hour, count(*)::int AS rows
     FROM incident i WHERE i.county = $1 GROUP BY 1 ORDER BY 1`,
    [county],
  );
