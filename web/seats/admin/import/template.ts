import type { Language } from "../../../app/view-state.ts";
import { EXAMPLES, kindText } from "./kind-texts.ts";

/** Header and one line of a table of the kind, in the words of the language; undefined where it comes as a drawn layer only. */
export function templateOf(
  language: Language,
  kind: string,
): { readonly header: readonly string[]; readonly line: readonly string[] } | undefined {
  const example = EXAMPLES[kind];
  if (!example) return undefined;
  const { fields } = kindText(language, kind);
  // English names are the fields' own: those are known whatever the words on screen are.
  const header = Object.keys(example).map((field) => (language === "en" ? field : (fields[field] ?? field)));
  return { header, line: Object.values(example) };
}

function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Offers a template as a file. The writer of workbooks is loaded on first use. */
export async function saveTemplate(language: Language, kind: string, form: "csv" | "xlsx"): Promise<void> {
  const template = templateOf(language, kind);
  if (!template) return;
  const name = `${kind}.${form}`;
  // With a mark, or Excel takes the file for the system's own encoding.
  if (form === "csv") return save(`\uFEFF${template.header.join(",")}\r\n${template.line.join(",")}\r\n`, name);
  const { default: writeXlsxFile } = await import("write-excel-file/browser");
  const row = (cells: readonly string[], fontWeight?: "bold") =>
    cells.map((value) => ({ value, type: String, ...(fontWeight ? { fontWeight } : {}) }));
  await writeXlsxFile([row(template.header, "bold"), row(template.line)]).toFile(name);
}
