import type { ColumnType, ExportColumn, ExportKindDescription, ExportRow } from "./column.ts";
import { guardText } from "./formula-text.ts";
import { type TableColumn, tableColumns } from "./table.ts";
import { wallClock } from "./values.ts";

/** A cell of a sheet: a moment is the wall clock's reading as if it were UTC, which is how spreadsheets count days. */
export type SheetCell =
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "number"; readonly value: number; readonly format: string | undefined }
  | { readonly type: "truth"; readonly value: boolean }
  | { readonly type: "moment"; readonly value: Date; readonly format: string }
  | null;

export interface SheetColumn {
  readonly name: string;
  /** Width in characters. */
  readonly width: number;
}

const WIDTHS: Readonly<Record<ColumnType, number>> = {
  text: 24,
  code: 22,
  integer: 10,
  number: 13,
  boolean: 8,
  instant: 20,
  date: 12,
};

/** Columns of the sheet of a kind. Surfaces are left out: a cell holds 32,767 characters, an outline more. */
export const sheetTable = (kind: ExportKindDescription, columns: readonly ExportColumn[]): TableColumn[] =>
  tableColumns(kind, columns, undefined, false);

export const sheetColumns = (table: readonly TableColumn[]): SheetColumn[] =>
  table.map(({ name, type }) => ({ name, width: Math.max(WIDTHS[type], name.length + 2) }));

/** What a cell of a spreadsheet can hold. */
const LONGEST_TEXT = 32_767;

function cellOf({ type, value }: TableColumn, row: ExportRow, zone: string): SheetCell {
  const found = value(row);
  if (found === null) return null;
  if (typeof found === "boolean") return { type: "truth", value: found };
  if (typeof found === "number") return { type: "number", value: found, format: type === "integer" ? "0" : undefined };
  if (type === "instant")
    return { type: "moment", value: new Date(wallClock(found, zone)), format: "yyyy-mm-dd hh:mm:ss" };
  if (type === "date") return { type: "moment", value: new Date(`${found}T00:00:00Z`), format: "yyyy-mm-dd" };
  return { type: "text", value: guardText(found).slice(0, LONGEST_TEXT) };
}

/** A row of the sheet. Codes are text, so that leading zeros and eighteen digits stay. @param zone the county's */
export const sheetRow = (table: readonly TableColumn[], row: ExportRow, zone: string): SheetCell[] =>
  table.map((one) => cellOf(one, row, zone));
