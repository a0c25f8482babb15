import { dataError } from "../../data/model/errors.ts";
import type { Transaction } from "../driver.ts";

/**
 * Foreign keys of a bulk change. PostgreSQL checks them row by row, which costs more than everything else of a load
 * where they point at a partitioned table (measured: 6 of 11 s). A transaction of the loader therefore switches the
 * row-wise checks off, where it may, and makes the same checks once per key over the county it wrote.
 */

/**
 * Switches the row-wise checks off until the end of the transaction.
 *
 * @returns false when the database user may not (a server where it is not superuser): then PostgreSQL checks each row
 */
export async function suspendForeignKeys(tx: Transaction): Promise<boolean> {
  const [row] = await tx.rows<{ allowed: boolean }>(
    "SELECT has_parameter_privilege(current_user, 'session_replication_role', 'SET') AS allowed",
  );
  if (!row?.allowed) return false;
  await tx.execute("SET LOCAL session_replication_role = replica");
  return true;
}

interface ForeignKey {
  readonly name: string;
  readonly child: string;
  readonly parent: string;
  readonly columns: readonly string[];
  readonly keys: readonly string[];
}

/**
 * Checks every foreign key between tenant tables for the rows of one county.
 *
 * @throws DATA naming the key and an example when a row refers to something that is not there
 */
export async function checkForeignKeys(tx: Transaction, county: string): Promise<void> {
  const keys = await tx.rows<ForeignKey>(
    `SELECT con.conname AS name, con.conrelid::regclass::text AS child, con.confrelid::regclass::text AS parent,
       (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(con.conkey) WITH ORDINALITY AS k (attnum, n)
        JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.attnum) AS columns,
       (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(con.confkey) WITH ORDINALITY AS k (attnum, n)
        JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.attnum) AS keys
     FROM pg_constraint con
     WHERE con.contype = 'f' AND con.conparentid = 0 AND con.connamespace = 'public'::regnamespace
     ORDER BY con.conname`,
  );
  // New rows are not in the statistics yet: the planner would take the county for empty and loop over its rows.
  await tx.execute("SET LOCAL enable_nestloop = off");
  for (const { name, child, parent, columns, keys: parentKeys } of keys) {
    const on = columns.map((column, i) => `p.${parentKeys[i]} = c.${column}`).join(" AND ");
    const given = columns.map((column) => `c.${column} IS NOT NULL`).join(" AND ");
    const [missing] = await tx.rows<{ row: string; total: number }>(
      `SELECT min(row_to_json(c)::text) AS row, count(*) AS total
       FROM ${child} c WHERE c.county = $1 AND ${given}
       AND NOT EXISTS (SELECT FROM ${parent} p WHERE p.county = $1 AND ${on})`,
      [county],
    );
    if (!missing || missing.total === 0) continue;
    throw dataError(`${missing.total} rows of ${child} refer to a row of ${parent} that is not there`, {
      at: name,
      hint: `For example ${missing.row.slice(0, 300)}`,
    });
  }
  await tx.execute("SET LOCAL enable_nestloop = on");
}
