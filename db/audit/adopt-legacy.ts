import type { Database } from "../driver.ts";
import type { AuditKey } from "./audit-key.ts";
import { type AuditLogRow, signLegacyRow } from "./audit-row.ts";

/**
 * Signs the rows from before rows were signed, once, as a step of the migration: only while nothing has been sealed or
 * signed yet. Afterwards a bare `legacy` is a forgery, and `verify` says so.
 *
 * @returns rows that were signed
 */
export function adoptLegacyRows(database: Database, key: AuditKey): Promise<number> {
  return database.adminSession(async (client) => {
    const first = await client.query(
      `SELECT 1 AS found WHERE NOT EXISTS (SELECT FROM audit_seal) AND EXISTS (SELECT FROM audit_log)
         AND NOT EXISTS (SELECT FROM audit_log WHERE mac <> 'legacy')`,
    );
    if (first.rows.length === 0) return 0;
    await client.query("BEGIN");
    try {
      // The lock keeps a second process that starts now from doing the same, and a writer from coming between.
      await client.query("LOCK TABLE audit_log IN SHARE ROW EXCLUSIVE MODE");
      const { rows } = await client.query(
        `SELECT county, id::text AS id, actor, actor_name, role, address, action, entity, reason,
                extract(epoch FROM at)::text AS at FROM audit_log WHERE mac = 'legacy'`,
      );
      for (const row of rows as unknown as AuditLogRow[]) {
        await client.query("UPDATE audit_log SET mac = $3 WHERE county = $1 AND id = $2 AND mac = 'legacy'", [
          row.county,
          row.id,
          signLegacyRow(key, row),
        ]);
      }
      await client.query("COMMIT");
      return rows.length;
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    }
  });
}
