import type { ExportColumn, ExportKindDescription, ExportRow } from "./column.ts";
import { type ExportNote, NOTE_COLUMN, watermark } from "./export-note.ts";
import { guardText } from "./formula-text.ts";
import { type TableColumn, tableColumns } from "./table.ts";

/** A cell of RFC 4180; text that a spreadsheet would run is guarded. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return "";
  const text = typeof value === "string" ? guardText(value) : String(value);
  return /[",\r\n']|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const line = (cells: readonly string[]): string => `${cells.join(",")}\r\n`;

/**
 * A table as CSV text, piece by piece: UTF-8 behind a byte order mark (Excel takes it for what it is only so), one header
 * line. A comment line before the header would be taken for the header by every other program, one after the rows for a
 * row: the note is a column of its own, filled in the first row.
 */
export async function* csvText(
  pages: AsyncIterable<readonly ExportRow[]>,
  kind: ExportKindDescription,
  columns: readonly ExportColumn[],
  note: ExportNote,
  zone: string,
): AsyncGenerator<string> {
  const table: readonly TableColumn[] = tableColumns(kind, columns, zone, true);
  yield `\ufeff${line([...table.map(({ name }) => name), NOTE_COLUMN])}`;
  let said = false;
  for await (const rows of pages) {
    let text = "";
    for (const row of rows) {
      text += line([...table.map(({ value }) => csvCell(value(row))), said ? "" : csvCell(watermark(note))]);
      said = true;
    }
    if (text !== "") yield text;
  }
}
