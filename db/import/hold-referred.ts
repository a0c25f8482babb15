import { userError } from "../../data/model/errors.ts";
import type { Transaction } from "../driver.ts";
import type { ResolvedCase } from "./resolved-case.ts";

/**
 * Holds the areas and organisations that new cases refer to until the end of the transaction, once for each instead of once
 * for each case: the same locks as the checks of foreign keys take, so that nobody removes them meanwhile.
 *
 * @returns true
 * @throws USER/CONFLICT when one of them is gone
 */
export async function holdReferred(tx: Transaction, county: string, cases: readonly ResolvedCase[]): Promise<true> {
  const areas = new Set<string>();
  const organisations = new Set<string>();
  for (const { gridId, organisationId } of cases) {
    if (gridId !== null) areas.add(gridId);
    if (organisationId !== null) organisations.add(organisationId);
  }
  for (const [table, ids] of [
    ["area", areas],
    ["organisation", organisations],
  ] as const) {
    if (ids.size === 0) continue;
    const [held] = await tx.rows<{ count: number }>(
      `WITH held AS (SELECT t.id FROM ${table} t WHERE t.county = $1 AND t.id = ANY ($2::uuid[]) ORDER BY t.id FOR KEY SHARE)
       SELECT count(*) AS count FROM held`,
      [county, [...ids].sort()],
    );
    if (held?.count === ids.size) continue;
    throw userError(`${ids.size - (held?.count ?? 0)} rows of ${table} were removed while the file was read`, {
      code: "CONFLICT",
      at: table,
      hint: "Run the import again: what it wrote is kept and not written twice.",
    });
  }
  return true;
}
