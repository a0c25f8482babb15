import type { ExportColumn, ExportKindDescription, ExportRow } from "../../../data/exporters/column.ts";
import { csvText } from "../../../data/exporters/csv-file.ts";
import type { ExportNote } from "../../../data/exporters/export-note.ts";
import { geojsonText } from "../../../data/exporters/geojson-file.ts";
import type { ExportFormat } from "../../../data/exporters/registry.ts";

/** What a writer is given. */
export interface ExportTask {
  readonly kind: ExportKindDescription;
  readonly columns: readonly ExportColumn[];
  readonly pages: AsyncIterable<readonly ExportRow[]>;
  readonly note: ExportNote;
  /** The county's time zone. */
  readonly timezone: string;
}

export interface ExportWriter {
  readonly ending: string;
  readonly type: string;
  /** Most rows that the format takes; absent = any number. */
  readonly mostRows?: number;
  readonly write: (task: ExportTask) => AsyncIterable<string | Uint8Array>;
}

/** Rows of a workbook are held in memory while it is packed: beyond, CSV and GeoPackage carry the same. */
const MOST_SHEET_ROWS = 100_000;

/** One writer per format. */
export const EXPORT_WRITERS: Readonly<Record<ExportFormat, ExportWriter>> = {
  geojson: {
    ending: "geojson",
    type: "application/geo+json; charset=utf-8",
    write: ({ pages, columns, note, timezone }) => geojsonText(pages, columns, note, timezone),
  },
  csv: {
    ending: "csv",
    type: "text/csv; charset=utf-8",
    write: ({ pages, kind, columns, note, timezone }) => csvText(pages, kind, columns, note, timezone),
  },
  xlsx: {
    ending: "xlsx",
    type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    mostRows: MOST_SHEET_ROWS,
    async *write(task) {
      // Loaded on first use: most servers never write one.
      yield* (await import("./xlsx-file.ts")).xlsxBytes(task);
    },
  },
  gpkg: {
    ending: "gpkg",
    type: "application/geopackage+sqlite3",
    async *write(task) {
      yield* (await import("./geopackage-file.ts")).geopackageBytes(task);
    },
  },
};
