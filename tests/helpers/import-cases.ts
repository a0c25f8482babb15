import { runIncidents } from "../../api/services/importing/incidents.ts";
import { openDatabase } from "../../db/open-database.ts";

/**
 * A process that imports a file of cases and says when each part is written, for a test that ends it without warning.
 * Arguments: folder, cache of snapshots, address of the native database or "", file, county, lines of a part, clock (ms).
 */
const [dir = "", cacheDir = "", url = "", file = "", county = "", partLines = "500", now = "0"] = process.argv.slice(2);
const { database } = await openDatabase(url === "" ? { dir, cacheDir } : { dir, url });
process.stdout.write("open\n");
const report = await runIncidents(database, {
  county,
  files: [file],
  dryRun: false,
  nowMs: Number(now),
  actor: "test",
  level: undefined,
  crs: undefined,
  map: {},
  partLines: Number(partLines),
  onProgress: ({ phase, rows }) => {
    if (phase === "write") process.stdout.write(`written ${rows}\n`);
  },
});
await database.close();
process.stdout.write(`done ${JSON.stringify(report)}\n`);
