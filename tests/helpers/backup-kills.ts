import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { verifyBackup } from "../../db/backup/read-backup.ts";
import { restoreBackup } from "../../db/backup/restore.ts";
import { writeBackup } from "../../db/backup/write-backup.ts";
import type { Database } from "../../db/driver.ts";
import { type OpenOptions, openDatabase } from "../../db/open-database.ts";
import { startChild } from "./child.ts";

/** What kills left, in order: which state the file or the database was in afterwards. */
export interface KillOutcome {
  readonly what: "backup" | "restore";
  readonly afterMs: number;
  readonly state: "old" | "new" | "neither";
}

/** Digest over every table: what a whole database is. */
async function stateOf(options: OpenOptions, scratch: string): Promise<string> {
  const { database } = await openDatabase(options);
  try {
    const { tables } = await writeBackup(database, join(scratch, "state.backup"), { product: "state" });
    return tables.map(({ name, rows, hash }) => `${name} ${rows} ${hash}`).join("\n");
  } finally {
    await database.close();
  }
}

/**
 * Ends a process that writes a backup, or restores one over another state, again and again, each time at another moment between
 * its beginning and its end.
 *
 * @param place a database that holds a county
 * @param change makes another state of it
 */
export async function killBackups(
  place: OpenOptions,
  kills: number,
  change: (database: Database) => Promise<unknown>,
): Promise<KillOutcome[]> {
  const scratch = mkdtempSync(join(tmpdir(), "jingwei-kills-"));
  const outcomes: KillOutcome[] = [];
  const child = (what: "backup" | "restore", file: string) =>
    startChild("backup-child.ts", [what, file, place.dir, place.cacheDir ?? "", place.url ?? ""]);
  const timed = async (what: "backup" | "restore", file: string): Promise<number> => {
    const whole = child(what, file);
    await whole.line("begins");
    const started = performance.now();
    await whole.line("done");
    const ms = performance.now() - started;
    await whole.kill();
    return ms;
  };
  const killed = async (what: "backup" | "restore", file: string, afterMs: number): Promise<void> => {
    const one = child(what, file);
    await one.line("begins");
    await delay(afterMs);
    await one.kill();
  };
  try {
    const [older, newer, written] = ["older", "newer", "written"].map((name) => join(scratch, `${name}.backup`)) as [
      string,
      string,
      string,
    ];
    await timed("backup", older);
    const oldState = await stateOf(place, scratch);
    const { database } = await openDatabase(place);
    await change(database);
    await database.close();
    const backupMs = await timed("backup", newer);
    const newState = await stateOf(place, scratch);
    if (newState === oldState) throw new Error("Nothing changed between the two states");
    // Restored to the old state; what is killed brings the new one, or writes over a file of the old one.
    const restoreMs = await timed("restore", older);
    const restores = Math.ceil(kills / 2);
    for (let n = 0; n < restores; n++) {
      const afterMs = ((n + 0.7) / restores) * restoreMs;
      await killed("restore", newer, afterMs);
      const state = await stateOf(place, scratch);
      outcomes.push({
        what: "restore",
        afterMs,
        state: state === oldState ? "old" : state === newState ? "new" : "neither",
      });
      if (state !== oldState) await restoreBackup(older, { target: place, replace: true, sameState: true, now: 0 });
    }
    await timed("backup", written);
    const first = (await verifyBackup(written)).takenAt;
    let before = first;
    for (let n = restores; n < kills; n++) {
      const afterMs = ((n - restores + 0.7) / (kills - restores)) * backupMs;
      await killed("backup", written, afterMs);
      // Sound, whichever it is.
      const { takenAt } = await verifyBackup(written);
      outcomes.push({ what: "backup", afterMs, state: takenAt === before ? "old" : "new" });
      before = takenAt;
    }
    return outcomes;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
