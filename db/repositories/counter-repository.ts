import { SENSITIVE_REF_FROM } from "../../data/model/incident.ts";
import type { Transaction } from "../driver.ts";

/** Sensitive cases have numbers of their own: `[counter, first number, end]`. */
const ROWS_OF_NUMBERS = {
  ordinary: ["incident_ref", 1, SENSITIVE_REF_FROM],
  sensitive: ["sensitive_ref", SENSITIVE_REF_FROM, 2 ** 31 - 1],
} as const;

/**
 * Hands out numbers for new cases. The counter's row stays locked until the transaction ends, so two writers never get
 * the same number; cases that a load brought along are counted too.
 *
 * @param kind which row of numbers, see `SENSITIVE_REF_FROM`
 * @returns the first of `count` numbers in a row
 */
export async function reserveRefs(
  tx: Transaction,
  county: string,
  count: number,
  kind: "ordinary" | "sensitive",
): Promise<number> {
  const [counter, first, end] = ROWS_OF_NUMBERS[kind];
  // The highest number is read by the statement after the lock, or it could miss one that was just committed.
  const held = tx.execute(
    `INSERT INTO county_counter (county, name, value) VALUES ($1, $2, 0)
     ON CONFLICT (county, name) DO UPDATE SET value = county_counter.value`,
    [county, counter],
  );
  const numbers = tx.rows<{ last: number }>(
    `UPDATE county_counter c
        SET value = greatest(c.value, (SELECT coalesce(max(i.ref), $4::int - 1) FROM incident i
                                      WHERE i.county = $1 AND i.ref >= $4::int AND i.ref < $5::int)) + $2::int
      WHERE c.county = $1 AND c.name = $3 RETURNING c.value AS last`,
    [county, count, counter, first, end],
  );
  const [, rows] = await Promise.all([held, numbers]);
  return (rows[0]?.last ?? count) - count + 1;
}
