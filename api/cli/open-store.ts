import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { Database } from "../../db/driver.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { type OpenedDatabase, openDatabase } from "../../db/open-database.ts";
import { backupBeforeUpgrade } from "../backup/before-upgrade.ts";

/**
 * Opens the database that every command works on: made and migrated where it is new, with the shipped code tables in it.
 *
 * @param dir folder of the embedded database
 * @param url native server; wins over the folder
 * @param auditKey `AUDIT_KEY`; wins over the key file of the folder
 * @param ownerUrl `DATABASE_OWNER_URL`; the login that owns the schema, where `url` is one that owns nothing
 */
export async function openStore(
  dir: string,
  url: string | undefined,
  onProgress: (message: string) => void,
  auditKey?: string | undefined,
  ownerUrl?: string | undefined,
): Promise<OpenedDatabase> {
  const beforeUpgrade = async (database: Database, applied: readonly string[]): Promise<void> => {
    await backupBeforeUpgrade(database, dir, applied, onProgress);
  };
  const opened = await openDatabase({ dir, url, ownerUrl, auditKey, onProgress, beforeUpgrade });
  try {
    await loadReference(opened.database, CLASS_CODES);
    return opened;
  } catch (error) {
    await opened.database.close();
    throw error;
  }
}
