import { resolve } from "node:path";
import { restoreBackup } from "../../../db/backup/restore.ts";
import { targetOf } from "../../backup/target.ts";
import type { Command } from "../command.ts";
import { DATABASE_OPTIONS, dataDir, EXIT, flag, printResult, textFlag, UsageError } from "../command.ts";
import { requireCountyCode } from "../county-code.ts";

const USAGE = `jingwei restore FILE [--county CODE] [--replace] [--dir D] [--json]

  FILE       a backup; an older version's is brought up to date, a newer version's is refused
  --county   only this county, beside others (a backup of one county is always restored so)
  --replace  remove what is there; without it a database that holds data is refused
  --dir      folder of the embedded database (default JINGWEI_DIR or ./.jingwei); DATABASE_URL wins over it

All of it or nothing: the file is compared first, and every table after it was loaded. Stop the servers on this database before,
start them again afterwards. Sessions end; everybody signs in again.`;

export const restoreCommand: Command = {
  usage: USAGE,
  options: {
    ...DATABASE_OPTIONS,
    county: { type: "string" },
    replace: { type: "boolean" },
    json: { type: "boolean" },
  },
  async run(call, io) {
    const [file, ...extra] = call.positionals;
    if (file === undefined) throw new UsageError("FILE is missing");
    if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
    const county = textFlag(call, "county");
    if (county !== undefined) requireCountyCode(county, "--county");
    const dir = dataDir(call, io);
    const { manifest, tables } = await restoreBackup(file, {
      target: targetOf(dir, io),
      county,
      replace: flag(call, "replace"),
      now: io.now(),
    });
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const checked = tables.map(({ name, rows: count, hash }) => ({ name, rows: count, hash }));
    printResult(
      call,
      io,
      {
        file: resolve(file),
        takenAt: manifest.takenAt,
        product: manifest.product,
        county: county ?? manifest.county,
        rows,
        tables: checked,
      },
      `已恢复 restored ${rows} rows in ${tables.length} tables as of ${manifest.takenAt}; every table's hash is equal.\n` +
        "会话已结束 sessions have ended: sign in again. The keys that belong to it: seal.key and audit/key of that time.",
    );
    return EXIT.done;
  },
};
