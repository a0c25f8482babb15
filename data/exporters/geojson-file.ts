import type { ExportColumn, ExportRow } from "./column.ts";
import { type ExportNote, watermark } from "./export-note.ts";
import { propertiesOf } from "./values.ts";

/** One feature of RFC 7946; its id is the row's. */
export const featureOf = (row: ExportRow, columns: readonly ExportColumn[], zone: string) => ({
  type: "Feature" as const,
  id: row.id,
  properties: propertiesOf(row, columns, zone),
  geometry: row.geometry,
});

/**
 * A FeatureCollection as text, piece by piece, one feature a line. What the file says of itself stands in foreign members
 * (RFC 7946 section 6.1) before the features.
 */
export async function* geojsonText(
  pages: AsyncIterable<readonly ExportRow[]>,
  columns: readonly ExportColumn[],
  note: ExportNote,
  zone: string,
): AsyncGenerator<string> {
  const { kind, label: _label, ...rest } = note;
  const head = { type: "FeatureCollection", name: `${note.county.code}.${kind}`, ...rest, watermark: watermark(note) };
  yield `${JSON.stringify(head).slice(0, -1)},"features":[`;
  let first = true;
  for await (const rows of pages) {
    const text = rows.map((row) => JSON.stringify(featureOf(row, columns, zone))).join(",\n");
    if (text === "") continue;
    yield `${first ? "\n" : ",\n"}${text}`;
    first = false;
  }
  yield "\n]}\n";
}
