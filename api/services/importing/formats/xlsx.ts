import { type SheetFault, SheetReader, type SheetRow } from "../../../../data/importers/formats/sheet-cells.ts";
import { TableRows, tableHeader } from "../../../../data/importers/formats/table-rows.ts";
import { parseXml } from "../../../../data/importers/formats/xml-events.ts";
import { xmlText } from "../../../../data/importers/formats/xml-text.ts";
import type { RawFeature, RawLayer } from "../../../../data/importers/raw-layer.ts";
import { ImportLog } from "../../../../data/importers/report.ts";
import { dataError } from "../../../../data/model/errors.ts";
import type { Archive } from "../bytes/archive.ts";
import { readWorkbook, type Workbook } from "./workbook.ts";

const FAULTS: Record<SheetFault, string> = {
  no_shared_string: "cells point at text that the workbook does not have: taken as empty",
  error_value: "cells show an error such as #N/A: taken as empty",
  formula_without_value: "formulas were never computed: taken as empty; open the file in Excel and save it",
  bad_number: "cells that say they are numbers hold none: taken as empty",
};

/**
 * Opens the first visible sheet that has rows, or the one named. Its first row that is not empty is the header. Of formulas
 * the value that was saved with them is read.
 *
 * @param layer name of a sheet; undefined = the first
 * @throws DATA error for a workbook without such a sheet
 */
export async function openXlsx(
  archive: Archive,
  file: string,
  log: ImportLog,
  layer: string | undefined,
): Promise<RawLayer[]> {
  const book = await readWorkbook(archive, file);
  const sheets = layer === undefined ? book.sheets : book.sheets.filter(({ name }) => name === layer);
  for (const sheet of sheets) {
    const prefix = book.sheets.length > 1 ? `${file}/${sheet.name}` : file;
    const opened = await openSheet(book, sheet, file, prefix);
    if (!opened) continue;
    if (layer === undefined && book.sheets.length > 1) {
      const others = book.sheets.filter((one) => one !== sheet).map(({ name }) => name);
      log.flag(
        "other_sheets",
        `${file}: only the sheet "${sheet.name}" was read; not ${others.join(", ")}`,
        others.length,
      );
    }
    return [opened];
  }
  if (layer !== undefined) return [];
  throw dataError(`${file} has no sheet with rows`, { at: file });
}

type Sheet = Workbook["sheets"][number];

async function openSheet(book: Workbook, sheet: Sheet, file: string, prefix: string): Promise<RawLayer | undefined> {
  let header: SheetRow | undefined;
  let first: SheetRow | undefined;
  for await (const row of sheetRows(book, sheet, prefix, new ImportLog())) {
    if (!header) header = row;
    else {
      first = row;
      break;
    }
  }
  if (!header) return undefined;
  const rows = new TableRows(tableHeader(header.cells), first?.cells ?? []);
  return {
    name: sheet.name,
    file,
    format: "xlsx",
    declaredCrs: rows.declaredCrs,
    fields: rows.fields,
    features: (log) => sheetFeatures(book, sheet, prefix, rows, log),
    close: () => Promise.resolve(),
  };
}

async function* sheetFeatures(
  book: Workbook,
  sheet: Sheet,
  prefix: string,
  rows: TableRows,
  log: ImportLog,
): AsyncGenerator<RawFeature> {
  let header = true;
  for await (const { number, cells } of sheetRows(book, sheet, prefix, log)) {
    if (header) {
      header = false;
      continue;
    }
    const feature = rows.feature(cells, `${prefix}:${number}`, number, log);
    if (feature) yield feature;
  }
}

async function* sheetRows(book: Workbook, sheet: Sheet, prefix: string, log: ImportLog): AsyncGenerator<SheetRow> {
  const reader = new SheetReader(prefix, {
    shared: (index) => book.shared[index],
    isDate: (style) => book.dateStyles[style] ?? false,
    from1904: book.from1904,
    onFault: (kind, reference) => log.flag(kind, `${prefix}: ${FAULTS[kind]}, first at ${reference}`),
  });
  yield* parseXml(xmlText(sheet.entry.bytes.stream(), prefix), prefix, reader, () => reader.take());
}
