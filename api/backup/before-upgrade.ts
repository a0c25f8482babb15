import { join, resolve } from "node:path";
import { verifyBackup } from "../../db/backup/read-backup.ts";
import { writeBackup } from "../../db/backup/write-backup.ts";
import type { Database } from "../../db/driver.ts";
import { PRODUCT_VERSION } from "./product.ts";

/**
 * Writes and verifies a backup before the migrations of an upgrade: the way back to the version before. The migrations
 * themselves are one transaction: where one fails, the old version runs on what it left.
 *
 * @param applied migrations of the database; the last one names the file
 * @returns the file; undefined for a database without a county or an account
 */
export async function backupBeforeUpgrade(
  database: Database,
  dir: string,
  applied: readonly string[],
  onProgress: (message: string) => void,
): Promise<string | undefined> {
  const last = applied.at(-1);
  const filled = await database.adminSession(async (client) => {
    const found = await client.query(
      "SELECT to_regclass('public.county_profile') IS NOT NULL AND to_regclass('public.feed_head') IS NOT NULL AS made",
    );
    if (!found.rows[0]?.["made"]) return false;
    return (await client.query("SELECT EXISTS (SELECT FROM county_profile) AS data")).rows[0]?.["data"] === true;
  });
  if (!filled || last === undefined) return undefined;
  const file = join(resolve(dir), "backups", `before-upgrade-from-${last}.backup`);
  onProgress(`升级前备份 backing up before the upgrade: ${file}`);
  await writeBackup(database, file, { product: PRODUCT_VERSION });
  await verifyBackup(file);
  return file;
}
