import type { Transaction } from "../driver.ts";

/** The process of a county as it is stored; undefined where the county brings none. */
export async function findProcess(tx: Transaction, county: string): Promise<unknown> {
  const rows = await tx.rows<{ process: unknown }>("SELECT p.process FROM county_process p WHERE p.county = $1", [
    county,
  ]);
  return rows[0]?.process;
}

/**
 * Writes the process of a county. Whoever changes one counts the county's content up (`bumpContentVersion`): servers keep
 * what they read for one version.
 *
 * @param process as `countyProcessSchema` gives it
 * @param at instant of the change, ISO 8601
 */
export const putProcess = (tx: Transaction, county: string, process: object, at: string): Promise<number> =>
  tx.execute(
    `INSERT INTO county_process (county, process, updated_at) VALUES ($1, $2, $3::timestamptz)
     ON CONFLICT (county) DO UPDATE SET process = excluded.process, updated_at = excluded.updated_at`,
    [county, JSON.stringify(process), at],
  );
