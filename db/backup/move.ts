import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { type OpenOptions, openDatabase } from "../open-database.ts";
import type { LoadedTable } from "./load-backup.ts";
import { restoreBackup } from "./restore.ts";
import { writeBackup } from "./write-backup.ts";

export interface MoveOptions {
  readonly from: OpenOptions;
  readonly to: OpenOptions;
  /** Data at the new place goes; otherwise it is a reason to refuse. */
  readonly replace: boolean;
  readonly product: string;
  /** Clock, epoch ms. */
  readonly now: number;
}

/**
 * Moves everything to another database: read at one moment into a file beside the data, loaded there, and every table compared
 * with what was read. Sessions, cursors and cached answers stay good. The old place is left as it is.
 *
 * @returns the tables with rows, as both places hold them
 */
export async function moveDatabase({ from, to, replace, product, now }: MoveOptions): Promise<readonly LoadedTable[]> {
  mkdirSync(resolve(from.dir), { recursive: true });
  const scratch = mkdtempSync(join(resolve(from.dir), "move-"));
  try {
    const file = join(scratch, "move.backup");
    const { database } = await openDatabase(from);
    try {
      await writeBackup(database, file, { product, contactKeys: "within" });
    } finally {
      await database.close();
    }
    return (await restoreBackup(file, { target: to, replace, sameState: true, now })).tables;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
