import type { BackupManifest } from "../../db/backup/manifest.ts";
import { writeBackup } from "../../db/backup/write-backup.ts";
import type { CommandIo } from "../cli/command.ts";
import { askForBackup } from "./control.ts";
import { PRODUCT_VERSION } from "./product.ts";

/**
 * Writes a backup of a folder's or a server's database: by the server that holds the embedded database where one runs,
 * else by this process.
 */
export async function backupNow(
  file: string,
  { county, dir, io }: { readonly county: string | undefined; readonly dir: string; readonly io: CommandIo },
): Promise<BackupManifest> {
  const onProgress = (message: string): void => io.err(`      ${message}\n`);
  if (!io.env["DATABASE_URL"]) {
    const manifest = await askForBackup(dir, file, county, onProgress);
    if (manifest) return manifest;
  }
  const { database } = await io.openDatabase(dir);
  try {
    return await writeBackup(database, file, { county, product: PRODUCT_VERSION, contactKeys: "beside", onProgress });
  } finally {
    await database.close();
  }
}
