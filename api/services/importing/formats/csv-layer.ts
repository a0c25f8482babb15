import { TableRows, tableHeader } from "../../../../data/importers/formats/table-rows.ts";
import type { RawFeature, RawLayer } from "../../../../data/importers/raw-layer.ts";
import { ImportLog } from "../../../../data/importers/report.ts";
import { dataError } from "../../../../data/model/errors.ts";
import type { InputBytes } from "../bytes/input-bytes.ts";
import { parseCsv } from "../csv-source.ts";

/** Rows looked at to know which column holds a geometry: the first may have none. */
const ROWS_TO_KNOW = 50;

/**
 * Opens CSV or TSV: UTF-8 with or without mark or GBK, the delimiter found from the header. A column of well-known text
 * becomes the geometry.
 *
 * @throws DATA error for text that is empty or in another encoding
 */
export async function openCsv(bytes: InputBytes): Promise<RawLayer> {
  const file = bytes.name;
  let header: (string | undefined)[] | undefined;
  let columns = 0;
  let first: readonly string[] = [];
  let looked = 0;
  for await (const { cells } of parseCsv(bytes.stream(), file, new ImportLog())) {
    if (!header) {
      header = tableHeader(cells);
      columns = cells.length;
      continue;
    }
    if (looked === 0 || new TableRows(header, cells).hasGeometry) first = cells;
    if (++looked >= ROWS_TO_KNOW || new TableRows(header, first).hasGeometry) break;
  }
  if (!header) throw dataError(`${file} is empty`, { at: file });
  const rows = new TableRows(header, first);
  return {
    name: file.replace(/\.[^.]*$/, ""),
    file,
    format: "csv",
    declaredCrs: rows.declaredCrs,
    fields: rows.fields,
    features: (log) => csvFeatures(bytes, columns, rows, log),
    close: () => Promise.resolve(),
  };
}

async function* csvFeatures(
  bytes: InputBytes,
  columns: number,
  rows: TableRows,
  log: ImportLog,
): AsyncGenerator<RawFeature> {
  const file = bytes.name;
  let header = true;
  for await (const { line, cells } of parseCsv(bytes.stream(), file, log)) {
    if (header) {
      header = false;
      continue;
    }
    const at = `${file}:${line}`;
    if (cells.length !== columns) {
      const message = `${cells.length} columns where the header has ${columns}`;
      log.skip("wrong_column_count", { at, value: cells.join(","), message });
      continue;
    }
    const feature = rows.feature(cells, at, line, log);
    if (feature) yield feature;
  }
}
