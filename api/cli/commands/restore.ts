import { resolve } from "node:path";
import type { RestoredContacts } from "../../../db/backup/contact-keys.ts";
import { restoreBackup } from "../../../db/backup/restore.ts";
import { targetOf } from "../../backup/target.ts";
import { forgetMoved } from "../../move/moved-mark.ts";
import { backupArguments } from "../backup-arguments.ts";
import type { Command } from "../command.ts";
import { DATABASE_OPTIONS, dataDir, EXIT, flag, printResult, textFlag } from "../command.ts";

const USAGE = `jingwei restore FILE [--county CODE] [--replace] [--contact-keys FILE] [--dir D] [--json]

  FILE       a backup; an older version's is brought up to date, a newer version's is refused
  --county   only this county, beside others (a backup of one county is always restored so)
  --replace  remove what is there; without it a database that holds data is refused
  --contact-keys
             keys of reporters' contacts (contact-keys-….json); into an empty place those beside FILE are taken by themselves, over
             data that is there its own count, so that contacts that were deleted stay so
  --dir      folder of the embedded database (default JINGWEI_DIR or ./.jingwei); DATABASE_URL wins over it

All of it or nothing: the file is compared first, and every table after it was loaded. Stop the servers on this database before,
start them again afterwards. Sessions end; everybody signs in again.`;

export const restoreCommand: Command = {
  usage: USAGE,
  options: {
    ...DATABASE_OPTIONS,
    county: { type: "string" },
    replace: { type: "boolean" },
    "contact-keys": { type: "string" },
    json: { type: "boolean" },
  },
  async run(call, io) {
    const { file, county } = backupArguments(call);
    const dir = dataDir(call, io);
    const target = targetOf(dir, io);
    const { manifest, tables, contacts } = await restoreBackup(file, {
      target,
      county,
      replace: flag(call, "replace"),
      contactKeys: textFlag(call, "contact-keys"),
      now: io.now(),
    });
    // What counts lies in the folder again, whatever was moved from it before.
    if (target.url === undefined && county === undefined) forgetMoved(dir);
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
        contacts,
      },
      `已恢复 restored ${rows} rows in ${tables.length} tables as of ${manifest.takenAt}; every table's hash is equal.\n` +
        contactLine(contacts) +
        "会话已结束 sessions have ended: sign in again. The keys that belong to it: seal.key and audit/key of that time.",
    );
    return EXIT.done;
  },
};

/** What became of contacts whose key is not here. */
const contactLine = ({ kept, forgotten }: RestoredContacts): string =>
  forgotten === 0
    ? ""
    : `联系方式 contacts: ${kept}, ${forgotten} 个打不开（之后已删除，或缺 contact-keys 文件） do not open: deleted since, or their contact-keys file is missing.\n`;
