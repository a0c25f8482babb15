import type { TableModel } from "./table-model.ts";

/**
 * Writes a list as a workbook of one sheet: title, notes, header, and the very cells of the screen (numbers as numbers).
 * The writer is loaded on first use.
 *
 * @param fileName name offered to the user, with `.xlsx`
 */
export async function exportXlsx(model: TableModel, fileName: string): Promise<void> {
  const { default: writeXlsxFile } = await import("write-excel-file/browser");
  const width = model.columns.length;
  const line = (value: string) => [{ value, type: String, columnSpan: width }, ...Array(width - 1).fill(null)];
  await writeXlsxFile([
    [
      { value: model.title, type: String, fontWeight: "bold" as const, columnSpan: width },
      ...Array(width - 1).fill(null),
    ],
    ...model.notes.map(line),
    model.columns.map(({ title }) => ({ value: title, type: String, fontWeight: "bold" as const })),
    ...model.rows.map((row) =>
      model.columns.map(({ key }) => {
        const value = row[key] ?? "";
        return typeof value === "number" ? { value, type: Number } : { value, type: String };
      }),
    ),
  ]).toFile(fileName);
}
