import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { flushFolder } from "./flush.ts";

/**
 * A restored data folder takes the place of the one in use in steps that each leave one whole database:
 * `pgdata.restoring` is being filled and counts for nothing; renamed to `pgdata.restored` it is complete and counts, although
 * the old one still lies at `pgdata`; who opens the folder next finishes what a killed process began.
 */
const paths = (dir: string) => ({
  current: join(dir, "pgdata"),
  restoring: join(dir, "pgdata.restoring"),
  restored: join(dir, "pgdata.restored"),
  creating: join(dir, "pgdata.creating"),
});

/** Makes room for a folder to restore into. The caller holds the lock of the data folder. @returns its path */
export function beginSwap(dir: string): string {
  const { restoring } = paths(dir);
  rmSync(restoring, { recursive: true, force: true });
  return restoring;
}

/** Says that the restored folder is complete and flushed: from here on it is the database. */
export function commitSwap(dir: string): void {
  const { restoring, restored } = paths(dir);
  renameSync(restoring, restored);
  flushFolder(dir);
  finishSwap(dir);
}

/** Puts a complete restored folder in place, and removes an incomplete one. Safe at every start. */
export function finishSwap(dir: string): void {
  const { current, restoring, restored, creating } = paths(dir);
  if (existsSync(restored)) {
    rmSync(current, { recursive: true, force: true });
    // A first start that was interrupted: its mark must not fall on the restored folder.
    rmSync(creating, { force: true });
    renameSync(restored, current);
    flushFolder(dir);
  }
  rmSync(restoring, { recursive: true, force: true });
}
