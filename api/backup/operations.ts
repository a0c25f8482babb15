import type { Database } from "../../db/driver.ts";
import type { Config } from "../config.ts";
import type { ErrorLog } from "../errors.ts";
import { openControl } from "./control.ts";
import { startBackups } from "./schedule.ts";

/**
 * What a running server does for whoever looks after it: the schedule of backups, and, where it alone holds the database,
 * the door through which a command asks for one.
 *
 * @returns stops both
 */
export async function startOperations(
  database: Database,
  config: Pick<Config, "dir" | "backups">,
  now: () => number,
  log: ErrorLog,
): Promise<() => Promise<void>> {
  const stopBackups = config.backups && startBackups(database, config.dir, config.backups, now, log);
  const closeControl =
    database.form === "embedded"
      ? await openControl(database, config.dir).catch((err: unknown) => {
          // A folder that takes no socket (some network shares): everything else works.
          log({ err }, "`jingwei backup` cannot reach this server; set BACKUP_EVERY_HOURS instead");
          return undefined;
        })
      : undefined;
  return async () => {
    await closeControl?.();
    await stopBackups?.();
  };
}
