import type { Transaction } from "../driver.ts";

/**
 * Hands out numbers for new cases. The counter's row stays locked until the transaction ends, so two writers never get
 * the same number; cases that a load brought along are counted too.
 *
 * @returns the first of `count` numbers in a row
 */
export async function reserveRefs(tx: Transaction, county: string, count: number): Promise<number> {
  // The highest number is read by the statement after the lock, or it could miss one that was just committed.
  await tx.execute(
    `INSERT INTO county_counter (county, name, value) VALUES ($1, 'incident_ref', 0)
     ON CONFLICT (county, name) DO UPDATE SET value = county_counter.value`,
    [county],
  );
  const rows = await tx.rows<{ last: number }>(
    `UPDATE county_counter c
        SET value = greatest(c.value, (SELECT coalesce(max(i.ref), 0) FROM incident i WHERE i.county = $1)) + $2::int
      WHERE c.county = $1 AND c.name = 'incident_ref' RETURNING c.value AS last`,
    [county, count],
  );
  return (rows[0]?.last ?? count) - count + 1;
}
