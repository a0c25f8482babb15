import { isBuiltInDate, showsDate } from "../../../../data/importers/formats/sheet-cells.ts";
import { parseXml, type XmlHandler } from "../../../../data/importers/formats/xml-events.ts";
import { xmlText } from "../../../../data/importers/formats/xml-text.ts";
import { dataError } from "../../../../data/model/errors.ts";
import type { Archive, ArchiveEntry } from "../bytes/archive.ts";

/** Text that a workbook shares between its cells is held in memory: at most this many characters (some 128 MB). */
const MAX_SHARED_CHARS = 64 * 2 ** 20;

export interface Workbook {
  readonly sheets: readonly { readonly name: string; readonly entry: ArchiveEntry }[];
  readonly from1904: boolean;
  readonly shared: readonly string[];
  /** Styles by number: true where they show a date. */
  readonly dateStyles: readonly boolean[];
}

/**
 * Reads what all sheets of a workbook share (ECMA-376 part 1): their names in order, hidden ones left out, styles and shared
 * strings.
 *
 * @throws DATA error for a workbook without sheets, or whose shared text does not fit into memory
 */
export async function readWorkbook(archive: Archive, file: string): Promise<Workbook> {
  const entry = (path: string): ArchiveEntry | undefined =>
    archive.entries.find((one) => one.path.toLowerCase() === path.toLowerCase());
  const book = entry("xl/workbook.xml");
  if (!book) throw dataError(`${file} is no Excel workbook: it has no xl/workbook.xml`, { at: file });
  const named: { name: string; id: string }[] = [];
  let from1904 = false;
  await each(book, file, (name, attributes) => {
    if (name === "workbookPr") from1904 = /^(1|true)$/.test(attributes["date1904"] ?? "");
    if (name === "sheet" && !/hidden/i.test(attributes["state"] ?? ""))
      named.push({ name: attributes["name"] ?? "", id: attributes["r:id"] ?? relationId(attributes) });
  });
  const targets = new Map<string, string>();
  const relations = entry("xl/_rels/workbook.xml.rels");
  if (relations)
    await each(relations, file, (name, attributes) => {
      if (name === "Relationship") targets.set(attributes["Id"] ?? "", attributes["Target"] ?? "");
    });
  const sheets = named.flatMap(({ name, id }) => {
    const target = targets.get(id) ?? "";
    const found = entry(target.startsWith("/") ? target.slice(1) : `xl/${target}`);
    return found ? [{ name, entry: found }] : [];
  });
  if (sheets.length === 0) throw dataError(`${file} has no sheet that can be read`, { at: file });
  return {
    sheets,
    from1904,
    shared: await sharedStrings(entry("xl/sharedStrings.xml"), file),
    dateStyles: await dateStyles(entry("xl/styles.xml"), file),
  };
}

/** The prefix of the relationships' namespace is the writer's choice. */
const relationId = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes).find(([name]) => /:id$/.test(name))?.[1] ?? "";

async function each(
  { bytes }: ArchiveEntry,
  file: string,
  open: (name: string, attributes: Readonly<Record<string, string>>) => void,
): Promise<void> {
  await drain(bytes.stream(), `${file}/${bytes.name}`, { open, text: () => undefined, close: () => undefined });
}

async function drain(bytes: AsyncIterable<Uint8Array>, at: string, handler: XmlHandler): Promise<void> {
  for await (const _ of parseXml(xmlText(bytes, at), at, handler, () => []));
}

async function sharedStrings(entry: ArchiveEntry | undefined, file: string): Promise<string[]> {
  const out: string[] = [];
  if (!entry) return out;
  let text = "";
  let inText = false;
  let inPhonetic = false;
  let chars = 0;
  await drain(entry.bytes.stream(), `${file}/sharedStrings.xml`, {
    open(name) {
      if (name === "si") text = "";
      else if (name === "rPh") inPhonetic = true;
      else if (name === "t") inText = !inPhonetic;
    },
    text(piece) {
      if (inText) text += piece;
    },
    close(name) {
      if (name === "t") inText = false;
      else if (name === "rPh") inPhonetic = false;
      else if (name === "si") {
        chars += text.length;
        if (chars > MAX_SHARED_CHARS)
          throw dataError(
            `${file} shares more than ${MAX_SHARED_CHARS / 2 ** 20} million characters of text between its cells`,
            {
              at: file,
              hint: "Save the sheet as CSV UTF-8: that is read line by line.",
            },
          );
        out.push(text);
      }
    },
  });
  return out;
}

async function dateStyles(entry: ArchiveEntry | undefined, file: string): Promise<boolean[]> {
  const own = new Map<number, boolean>();
  const out: boolean[] = [];
  let inCells = false;
  if (!entry) return out;
  await drain(entry.bytes.stream(), `${file}/styles.xml`, {
    open(name, attributes) {
      if (name === "numFmt") own.set(Number(attributes["numFmtId"]), showsDate(attributes["formatCode"] ?? ""));
      else if (name === "cellXfs") inCells = true;
      else if (name === "xf" && inCells) {
        const id = Number(attributes["numFmtId"] ?? 0);
        out.push(own.get(id) ?? isBuiltInDate(id));
      }
    },
    text: () => undefined,
    close(name) {
      if (name === "cellXfs") inCells = false;
    },
  });
  return out;
}
