import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { EmbeddedDatabase } from "../driver-embedded.ts";
import type { OpenOptions } from "../open-database.ts";
import type { LoadedTable } from "./load-backup.ts";
import { restoreBackup } from "./restore.ts";
import { writeBackup } from "./write-backup.ts";

export interface LiveMoveOptions {
  /** The server, whose database is empty. */
  readonly to: OpenOptions;
  readonly product: string;
  /** Clock, epoch ms. */
  readonly now: number;
  /** Rows of a table, as it was read (`from`) and then loaded and compared (`to`). */
  readonly onTable: (side: "from" | "to", line: string) => void;
}

/**
 * Moves a database that is in use to a server. Writes are refused from the beginning, so that nothing is acknowledged that the
 * new place lacks; where it fails they are taken again, and otherwise never: the process is to be started on the new place.
 *
 * @returns the tables with rows, as both places hold them
 */
export async function moveLive(database: EmbeddedDatabase, options: LiveMoveOptions): Promise<readonly LoadedTable[]> {
  const { to, product, now, onTable } = options;
  mkdirSync(resolve(to.dir), { recursive: true });
  const scratch = mkdtempSync(join(resolve(to.dir), "move-"));
  const file = join(scratch, "move.backup");
  try {
    await database.holdWrites(true);
    await writeBackup(database, file, {
      product,
      contactKeys: "within",
      onProgress: (line) => onTable("from", line),
    });
    const target = { ...to, onProgress: (line: string) => onTable("to", line) };
    return (await restoreBackup(file, { target, sameState: true, now })).tables;
  } catch (error) {
    await database.holdWrites(false);
    throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
