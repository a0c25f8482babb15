import { LineDigest } from "../../db/backup/line-digest.ts";
import type { BackupTable } from "../../db/backup/manifest.ts";
import { readTable } from "../../db/backup/read-backup.ts";
import { readManifest } from "../../db/backup/trailer.ts";

const TAB = 9;
const NEWLINE = 10;

/** Digest of a table's rows with only some of its columns, in the order that is asked for. */
async function digestOf(file: string, table: BackupTable, columns: readonly string[]): Promise<string> {
  if (columns.join() === table.columns.join()) return `${table.rows} ${table.hash}`;
  const at = columns.map((column) => table.columns.indexOf(column));
  if (at.includes(-1)) return "a column is gone";
  const digest = new LineDigest();
  for await (const piece of readTable(file, table)) {
    // COPY's text format: a tab or line end within a value is written as an escape.
    const bytes = Buffer.from(piece);
    const lines: Buffer[] = [];
    for (let from = 0, end = bytes.indexOf(NEWLINE); end >= 0; from = end + 1, end = bytes.indexOf(NEWLINE, from)) {
      const values: Buffer[] = [];
      for (let start = from; start <= end; ) {
        const tab = bytes.indexOf(TAB, start);
        const stop = tab < 0 || tab > end ? end : tab;
        values.push(bytes.subarray(start, stop));
        start = stop + 1;
      }
      lines.push(...at.flatMap((n, i) => [values[n] ?? Buffer.alloc(0), Buffer.of(i < at.length - 1 ? TAB : NEWLINE)]));
    }
    digest.update(Buffer.concat(lines));
  }
  return `${digest.rows} ${digest.hash}`;
}

/** What two backups say of each other. */
export interface BackupComparison {
  /** Tables of the first whose rows the second has not, in the columns of the first. */
  readonly differing: readonly string[];
  /** Tables whose columns are others, and were compared in those of the first. */
  readonly widened: readonly string[];
  readonly tables: number;
  readonly rows: number;
}

/** Compares every table of a backup with that of a later one, which a newer version may have written. */
export async function compareBackups(before: string, after: string): Promise<BackupComparison> {
  const [old, now] = [await readManifest(before), await readManifest(after)];
  const differing: string[] = [];
  const widened: string[] = [];
  for (const table of old.tables) {
    const later = now.tables.find(({ name }) => name === table.name);
    if (later && later.columns.join() !== table.columns.join()) widened.push(table.name);
    const same = later && (await digestOf(after, later, table.columns)) === `${table.rows} ${table.hash}`;
    if (!same) differing.push(table.name);
  }
  const rows = old.tables.reduce((sum, table) => sum + table.rows, 0);
  return { differing, widened, tables: old.tables.length, rows };
}
