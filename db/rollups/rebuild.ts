import type { Transaction } from "../driver.ts";
import { lockRollups } from "./apply-delta.ts";
import { ROLLUP_TABLES, rollupKeysSql } from "./rollup-sql.ts";

/**
 * Counts every case of a county anew, in the place of what the roll-ups say. Writers of the county wait meanwhile.
 *
 * @returns rows per table
 */
export async function rebuildRollups(tx: Transaction, county: string): Promise<Readonly<Record<string, number>>> {
  const zone = await lockRollups(tx, county);
  const rows: Record<string, number> = {};
  for (const { table, keys, counts } of ROLLUP_TABLES) {
    await tx.execute(`DELETE FROM ${table} WHERE county = $1`, [county]);
    const list = keys.join(", ");
    rows[table] = await tx.execute(
      `WITH keys AS MATERIALIZED (SELECT ${rollupKeysSql("$2::text")} FROM incident i WHERE i.county = $1)
       INSERT INTO ${table} (county, ${list}, count)
       SELECT $1, ${list}, count FROM (${counts(1)}) d ORDER BY ${list}`,
      [county, zone],
    );
  }
  return rows;
}

/** A key under which a roll-up and the cases differ. */
export interface RollupDifference {
  readonly table: "incident_day" | "incident_cell_month";
  readonly key: Readonly<Record<string, string | number | boolean>>;
  /** What the roll-up says; 0 where it has no row. */
  readonly stored: number;
  readonly counted: number;
}

export interface RollupVerification {
  readonly county: string;
  /** Rows compared. */
  readonly rows: Readonly<Record<string, number>>;
  /** How many keys differ, and the first of them. */
  readonly differing: number;
  readonly differences: readonly RollupDifference[];
}

const SHOWN = 20;

/** Compares the roll-ups of a county with a fresh count of its cases; changes nothing. Writers wait meanwhile. */
export async function verifyRollups(tx: Transaction, county: string): Promise<RollupVerification> {
  const zone = await lockRollups(tx, county);
  const rows: Record<string, number> = {};
  const differences: RollupDifference[] = [];
  let differing = 0;
  for (const { table, keys, counts } of ROLLUP_TABLES) {
    const list = keys.join(", ");
    const found = await tx.rows<{
      rows: number;
      differing: number;
      first: (Omit<RollupDifference, "table" | "key"> & { readonly key: RollupDifference["key"] })[];
    }>(
      `WITH keys AS MATERIALIZED (SELECT ${rollupKeysSql("$2::text")} FROM incident i WHERE i.county = $1),
       f AS MATERIALIZED (${counts(1)}),
       s AS MATERIALIZED (SELECT ${list}, r.count FROM ${table} r WHERE r.county = $1),
       odd AS MATERIALIZED (
         SELECT ${list}, coalesce(s.count, 0) AS stored, coalesce(f.count, 0) AS counted
         FROM s FULL JOIN f USING (${list}) WHERE s.count IS DISTINCT FROM f.count)
       SELECT (SELECT count(*) FROM s)::int AS rows, (SELECT count(*) FROM odd)::int AS differing,
         (SELECT coalesce(json_agg(json_build_object('stored', o.stored, 'counted', o.counted, 'key',
            json_build_object(${keys.map((key) => `'${key}', o.${key}`).join(", ")}))), '[]')
          FROM (SELECT * FROM odd ORDER BY ${list} LIMIT ${SHOWN}) o) AS first`,
      [county, zone],
    );
    const [result] = found;
    rows[table] = result?.rows ?? 0;
    differing += result?.differing ?? 0;
    differences.push(...(result?.first ?? []).map((one) => ({ table, ...one })));
  }
  return { county, rows, differing, differences };
}

/** Cases that the roll-ups of a county count: quick to ask, and equal to the number of its cases. */
export async function countedByRollups(tx: Transaction, county: string): Promise<number> {
  const [row] = await tx.rows<{ cases: number }>(
    `SELECT coalesce(sum(r.count), 0)::int AS cases FROM incident_day r
     WHERE r.county = $1 AND r.scope_code = $2 AND r.whole`,
    [county, county],
  );
  return row?.cases ?? 0;
}
