import type { CellObject } from "write-excel-file/node";
import writeExcelFile from "write-excel-file/node";
import { NOTE_COLUMN, noteLines, watermark } from "../../../data/exporters/export-note.ts";
import { guardText } from "../../../data/exporters/formula-text.ts";
import { type SheetCell, sheetColumns, sheetRow, sheetTable } from "../../../data/exporters/xlsx-rows.ts";
import type { ExportTask } from "./writers.ts";

const HEADER = { type: String, fontWeight: "bold", backgroundColor: "#e8eef5" } as const;

function written(cell: SheetCell): CellObject | null {
  if (cell === null) return null;
  if (cell.type === "truth") return { type: Boolean, value: cell.value };
  if (cell.type === "number")
    return { type: Number, value: cell.value, ...(cell.format ? { format: cell.format } : {}) };
  if (cell.type === "moment") return { type: Date, value: cell.value, format: cell.format };
  return { type: String, value: cell.value, format: "@" };
}

/**
 * A workbook of two sheets: the rows under a bold header that stays in sight, and 说明 with what the file says of itself and
 * what each column is called in words. Times are the county's wall clock.
 */
export async function* xlsxBytes(task: ExportTask): AsyncGenerator<Uint8Array> {
  const { kind, columns, note, timezone } = task;
  const table = sheetTable(kind, columns);
  const widths = sheetColumns(table);
  const names = [...widths.map(({ name }) => name), NOTE_COLUMN];
  const data: (CellObject | null)[][] = [names.map((name) => ({ ...HEADER, value: name }))];
  for await (const rows of task.pages) for (const row of rows) data.push(sheetRow(table, row, timezone).map(written));
  // Beside the first row: a sheet that is copied out of the file still says whose it is.
  data[1]?.push({ type: String, value: watermark(note), format: "@" });
  const line = (label: string, value: string): CellObject[] => [
    { type: String, value: label, fontWeight: "bold" },
    { type: String, value: guardText(value), format: "@" },
  ];
  const notes = [
    ...noteLines(note).map(([label, value]) => line(label, value)),
    line("时区 Time zone", timezone),
    [],
    [
      { ...HEADER, value: "列 Column" },
      { ...HEADER, value: "含义 Meaning" },
    ],
    ...table.map(({ name, label }) => line(name, `${label.zh} ${label.en}`)),
  ];
  const file = writeExcelFile([
    { data, sheet: note.kind, columns: [...widths.map(({ width }) => ({ width })), { width: 30 }], stickyRowsCount: 1 },
    { data: notes, sheet: "说明", columns: [{ width: 22 }, { width: 90 }] },
  ]);
  yield await file.toBuffer();
}
