import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { BackupManifest } from "../../db/backup/manifest.ts";
import { writeFlushed } from "../../db/embedded/flush.ts";

const statusSchema = z.object({
  /** The newest backup of all counties that was written whole. */
  last: z
    .object({
      file: z.string(),
      /** Moment of which it is, ISO 8601. */
      takenAt: z.string(),
      bytes: z.number(),
      rows: z.number(),
      /** When its file was last read through and found sound, ISO 8601; null = never yet. */
      verifiedAt: z.string().nullable(),
    })
    .nullable(),
  /** The last attempt, where it failed. */
  failure: z.object({ at: z.string(), message: z.string() }).nullable(),
});

/** What is known of a folder's backups: for `/admin/health` and `doctor`. */
export type BackupStatus = z.infer<typeof statusSchema>;

const fileOf = (dir: string): string => join(resolve(dir), "backup-status.json");

/** The record of a data folder (`JINGWEI_DIR`); nothing known where there is none, or it cannot be read. */
export function readBackupStatus(dir: string): BackupStatus {
  try {
    return statusSchema.parse(JSON.parse(readFileSync(fileOf(dir), "utf8")));
  } catch {
    return { last: null, failure: null };
  }
}

function writeStatus(dir: string, status: BackupStatus): void {
  mkdirSync(resolve(dir), { recursive: true });
  const draft = `${fileOf(dir)}.${randomUUID()}`;
  writeFlushed(draft, `${JSON.stringify(status, null, 2)}\n`);
  renameSync(draft, fileOf(dir));
}

/**
 * Notes a backup that was written or read through. One of a single county is none of the database.
 *
 * @param verifiedAt ISO 8601; null where it was written only
 */
export function noteBackup(dir: string, file: string, manifest: BackupManifest, verifiedAt: string | null): void {
  if (manifest.county !== null) return;
  const { last } = readBackupStatus(dir);
  const path = resolve(file);
  // An older file that is verified says nothing of the newest.
  if (last && Date.parse(last.takenAt) > Date.parse(manifest.takenAt)) return;
  writeStatus(dir, {
    last: {
      file: path,
      takenAt: manifest.takenAt,
      bytes: manifest.tables.reduce((sum, table) => sum + table.bytes, 0),
      rows: manifest.tables.reduce((sum, table) => sum + table.rows, 0),
      verifiedAt,
    },
    failure: null,
  });
}

/** Notes that a backup failed; the last good one stays. */
export function noteFailure(dir: string, at: string, message: string): void {
  writeStatus(dir, { ...readBackupStatus(dir), failure: { at, message } });
}
