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
  const head = await firstRecords(bytes);
  const [first] = head;
  if (!first) throw dataError(`${file} is empty`, { at: file });
  const header = tableHeader(first);
  const telling = head.slice(1).find((cells) => new TableRows(header, cells).hasGeometry);
  const rows = new TableRows(header, telling ?? head[1] ?? []);
  return {
    name: file.replace(/\.[^.]*$/, ""),
    file,
    format: "csv",
    declaredCrs: rows.declaredCrs,
    fields: rows.fields,
    features: (log) => csvFeatures(bytes, first.length, rows, log),
    close: () => Promise.resolve(),
  };
}

async function firstRecords(bytes: InputBytes): Promise<(readonly string[])[]> {
  const head: (readonly string[])[] = [];
  for await (const { records } of parseCsv(bytes.stream(), bytes.name, new ImportLog())) {
    head.push(...records.slice(0, ROWS_TO_KNOW).map(({ cells }) => cells));
    if (head.length >= ROWS_TO_KNOW) break;
  }
  return head;
}

async function* csvFeatures(
  bytes: InputBytes,
  columns: number,
  rows: TableRows,
  log: ImportLog,
): AsyncGenerator<RawFeature> {
  const file = bytes.name;
  let header = true;
  for await (const { records } of parseCsv(bytes.stream(), file, log)) {
    for (const { line, cells } of records) {
      if (header) {
        header = false;
        continue;
      }
      const at = `${file}:${line}`;
      if (cells.length !== columns) {
        const message = `${cells.length} columns where the header has ${columns}`;
        log.skip("wrong_column_count", { at, value: cells.join(","), message }, cells);
        continue;
      }
      const feature = rows.feature(cells, at, line, log);
      if (feature) yield feature;
    }
  }
}
