import { userError } from "../../data/model/errors.ts";
import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import type { Database } from "../driver.ts";
import { appendAudit, systemActor } from "../repositories/audit-repository.ts";
import { DIRECTORY_TABLES, KEPT_TABLES, TENANT_TABLES } from "../tenant-tables.ts";
import { suspendForeignKeys } from "./bulk-foreign-keys.ts";

/**
 * Removes everything of a county in one transaction: tenant rows of every table, its outline, its changes and the ways to sign in to it. Its audit
 * log stays and tells of the removal; a county that is made again goes on with the same chain.
 *
 * @param now instant of the removal, ISO 8601
 * @returns rows removed per table
 * @throws USER/NOT_FOUND when nothing of the county is there
 */
export async function removeCounty(
  database: Database,
  county: string,
  now: string,
  actor?: string,
): Promise<Readonly<Record<string, number>>> {
  const removed: Record<string, number> = {};
  await database.transaction({ kind: "loader", county }, async (tx) => {
    // Every table is emptied of the county here, children first: nothing is left that could refer to what goes.
    await suspendForeignKeys(tx);
    for (const table of TENANT_TABLES) {
      if (KEPT_TABLES.includes(table)) continue;
      removed[table] = await tx.execute(`DELETE FROM ${table} WHERE county = $1`, [county]);
    }
    // Ways that lead here from outside: login names, and what accounts of the server were granted.
    for (const table of DIRECTORY_TABLES) {
      removed[table] = await tx.execute(`DELETE FROM ${table} WHERE county = $1`, [county]);
    }
    removed["role_grant"] =
      (removed["role_grant"] ?? 0) +
      (await tx.execute("DELETE FROM role_grant WHERE county = $1 AND area_county = $2", [ROOT_COUNTY, county]));
    removed["county_outline"] = await tx.execute("DELETE FROM county_outline WHERE code = $1", [county]);
    if (Object.values(removed).every((count) => count === 0)) {
      throw userError(`There is no county ${county}`, {
        code: "NOT_FOUND",
        at: "county",
        hint: "Give the six digits of a loaded county.",
      });
    }
    await appendAudit(tx, county, {
      ...systemActor(actor),
      action: "county.remove",
      entity: { type: "county", county, rows: removed },
      at: now,
    });
  });
  return removed;
}
