import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { verifyBackup } from "../../db/backup/read-backup.ts";
import { writeBackup } from "../../db/backup/write-backup.ts";
import type { Database } from "../../db/driver.ts";
import type { ErrorLog } from "../errors.ts";
import { PRODUCT_VERSION } from "./product.ts";
import { noteBackup, noteFailure, readBackupStatus } from "./status.ts";

/** When and where a server writes backups by itself. */
export interface BackupPlan {
  readonly everyHours: number;
  /** Files that stay; older ones of the schedule go. */
  readonly keep: number;
  readonly folder: string;
}

/** How often it looks whether one is due: a machine that slept, or was off, is late and not silent. */
const LOOK_EVERY_MS = 60_000;
/** After a failure the next try waits as long. */
const AGAIN_AFTER_MS = 600_000;

/** Names of the schedule's own files; nothing else in the folder is touched. */
const OWN_FILE = /^jingwei-\d{8}T\d{6}Z\.backup$/;

const fileName = (nowMs: number): string =>
  `jingwei-${new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, "")}.backup`;

function removeOld(folder: string, keep: number): void {
  const own = readdirSync(folder)
    .filter((name) => OWN_FILE.test(name))
    .sort();
  for (const name of own.slice(0, Math.max(0, own.length - keep))) rmSync(join(folder, name), { force: true });
}

/**
 * One backup of the schedule: written, read through, noted; then the oldest ones go. Nothing is removed before the new one
 * is known to be sound.
 */
export async function backupOnce(
  database: Database,
  dir: string,
  { folder, keep }: BackupPlan,
  now: () => number,
): Promise<string> {
  const file = join(resolve(folder), fileName(now()));
  mkdirSync(resolve(folder), { recursive: true, mode: 0o700 });
  noteBackup(dir, file, await writeBackup(database, file, { product: PRODUCT_VERSION, contactKeys: "beside" }), null);
  noteBackup(dir, file, await verifyBackup(file), new Date(now()).toISOString());
  removeOld(resolve(folder), keep);
  return file;
}

/**
 * Writes backups while the server runs: whenever the newest is older than the plan says, also one of before this start.
 *
 * @param now the server's clock, epoch ms
 * @returns stops it, and waits for one in progress
 */
export function startBackups(
  database: Database,
  dir: string,
  plan: BackupPlan,
  now: () => number,
  log: ErrorLog,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  let notBefore = 0;
  const isDue = (): boolean => {
    const { last } = readBackupStatus(dir);
    return now() >= notBefore && (!last || now() - Date.parse(last.takenAt) >= plan.everyHours * 3_600_000);
  };
  const look = (): void => {
    if (running || !isDue()) return;
    running = backupOnce(database, dir, plan, now)
      .then(() => undefined)
      .catch((err: unknown) => {
        notBefore = now() + AGAIN_AFTER_MS;
        log({ err }, "the backup failed; it is tried again in ten minutes");
        noteFailure(dir, new Date(now()).toISOString(), err instanceof Error ? err.message : String(err));
      })
      .finally(() => {
        running = undefined;
      });
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
