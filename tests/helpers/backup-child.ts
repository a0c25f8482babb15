import { restoreBackup } from "../../db/backup/restore.ts";
import { writeBackup } from "../../db/backup/write-backup.ts";
import { openDatabase } from "../../db/open-database.ts";

/** A process that writes or restores a backup, for a test to end without warning: it says when it begins and when it is done. */
const [what = "", file = "", dir = "", cacheDir = "", url = ""] = process.argv.slice(2);
const target = { dir, cacheDir, url: url || undefined };
if (what === "backup") {
  const { database } = await openDatabase(target);
  process.stdout.write("begins\n");
  await writeBackup(database, file, { product: "killed" });
  process.stdout.write("done\n");
  await database.close();
} else {
  process.stdout.write("begins\n");
  await restoreBackup(file, { target, replace: true, sameState: true, now: Date.parse("2026-01-15T00:00:00Z") });
  process.stdout.write("done\n");
}
