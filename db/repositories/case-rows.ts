import type { Param, Transaction } from "../driver.ts";

/** Tables whose rows hang on a case and carry its area and whether it is sensitive, so that a policy compares own columns. */
export const CASE_SCOPE_TABLES = [
  "alarm",
  "incident_clock",
  "incident_event",
  "incident_photo",
  "incident_rating",
  "whistle",
] as const;

/** Which cases: a query for their row ids, with its parameters from `$2` on. */
export interface CasesSql {
  readonly ids: string;
  readonly params: readonly Param[];
}

/** One case. */
export const oneCase = (id: string): CasesSql => ({ ids: "SELECT $2::uuid", params: [id] });

/**
 * Takes along what hangs on cases that moved to another area or class: who sees the case sees its rows, and nobody else.
 * After the cases themselves were written.
 */
export async function followCases(tx: Transaction, county: string, { ids, params }: CasesSql): Promise<void> {
  for (const table of CASE_SCOPE_TABLES)
    await tx.execute(
      `UPDATE ${table} t SET scope_code = i.scope_code, sensitive = i.sensitive FROM incident i
        WHERE t.county = $1 AND i.county = $1 AND i.id = t.incident_id AND t.incident_id IN (${ids})
          AND (t.scope_code, t.sensitive) IS DISTINCT FROM (i.scope_code, i.sensitive)`,
      [county, ...params],
    );
  await tx.execute(
    `UPDATE whistle_call c SET scope_code = w.scope_code, sensitive = w.sensitive FROM whistle w
      WHERE c.county = $1 AND w.county = $1 AND w.id = c.whistle_id AND w.incident_id IN (${ids})
        AND (c.scope_code, c.sensitive) IS DISTINCT FROM (w.scope_code, w.sensitive)`,
    [county, ...params],
  );
}
