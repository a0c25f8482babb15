import type { BackupManifest } from "../../../db/backup/manifest.ts";
import { verifyBackup } from "../../../db/backup/read-backup.ts";
import { backupNow } from "../../backup/backup-now.ts";
import { noteBackup } from "../../backup/status.ts";
import { backupArguments } from "../backup-arguments.ts";
import type { Command, CommandCall, CommandIo } from "../command.ts";
import { DATABASE_OPTIONS, dataDir, EXIT, flag, printResult, UsageError } from "../command.ts";

const USAGE = `jingwei backup FILE [--county CODE] [--dir D] [--json]
jingwei backup --verify FILE [--json]

  FILE      one file with everything, of one moment; an older file of this name is replaced when the new one is whole
  --county  only this county
  --verify  read a backup through and compare every byte and row with what it says of itself
  --dir     folder of the embedded database (default JINGWEI_DIR or ./.jingwei)

Runs beside a server. While a server holds the embedded database, it writes the file itself, so FILE is a place that it may
write. Keys are not in a backup: keep seal.key and audit/key of the data folder apart from it. Keys of reporters' contacts are in
contact-keys-….json beside FILE, replaced with every backup there: keep the newest only, and old backups forget what was deleted.`;

export const backupCommand: Command = {
  usage: USAGE,
  options: {
    ...DATABASE_OPTIONS,
    county: { type: "string" },
    verify: { type: "boolean" },
    json: { type: "boolean" },
  },
  async run(call, io) {
    const { file, county } = backupArguments(call);
    if (flag(call, "verify")) {
      if (county !== undefined) throw new UsageError("--verify reads the whole file: leave --county out");
      const sound = await verifyBackup(file);
      noteBackup(dataDir(call, io), file, sound, new Date(io.now()).toISOString());
      return report(call, io, file, sound, "完好 sound");
    }
    const manifest = await backupNow(file, { county, dir: dataDir(call, io), io });
    noteBackup(dataDir(call, io), file, manifest, null);
    return report(call, io, file, manifest, "已备份 backed up");
  },
};

function report(call: CommandCall, io: CommandIo, file: string, manifest: BackupManifest, what: string): number {
  const { takenAt, county, counties, feed, heldMs, product, migrations } = manifest;
  const tables = manifest.tables.filter(({ rows }) => rows > 0).map(({ name, rows, hash }) => ({ name, rows, hash }));
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const bytes = manifest.tables.reduce((sum, table) => sum + table.bytes, 0);
  const names = counties.map(({ code, name }) => `${code} ${name}`).join(", ") || "-";
  const width = Math.max(0, ...tables.map(({ name }) => name.length));
  const lines = tables.map(
    (table) => `  ${table.name.padEnd(width)} ${String(table.rows).padStart(9)}  ${table.hash.slice(0, 16)}`,
  );
  printResult(
    call,
    io,
    { file, takenAt, product, county, counties, feed, heldMs, migration: migrations.at(-1), rows, bytes, tables },
    [
      ...lines,
      `${what}: ${file}`,
      `${takenAt} · ${names} · ${rows} rows · ${(bytes / 1e6).toFixed(1)} MB · Jingwei ${product}`,
    ].join("\n"),
  );
  return EXIT.done;
}
