import { type ZipPart, zipBytes } from "./zip-bytes.ts";

export interface XlsxParts {
  /** Text of `<sheetData>`; undefined = the sheet's file is missing. */
  readonly rows?: string | undefined;
  /** Items of the shared strings. */
  readonly shared?: readonly string[];
  /** Formats of the cell styles, by number. */
  readonly formats?: readonly string[];
  readonly sheets?: readonly string[];
  readonly more?: readonly ZipPart[];
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

/** A workbook as Excel packs it, with only what readers need; the rows go into its first sheet. */
export function xlsxBytes({ rows, shared = [], formats = [], sheets = ["Sheet1"], more = [] }: XlsxParts): Buffer {
  const relations = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"';
  const parts: ZipPart[] = [
    { name: "[Content_Types].xml", bytes: `${XML}<Types/>` },
    {
      name: "xl/workbook.xml",
      bytes: `${XML}<workbook ${MAIN} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>${sheets.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      bytes: `${XML}<Relationships ${relations}>${sheets.map((_, i) => `<Relationship Id="rId${i + 1}" Target="worksheets/sheet${i + 1}.xml"/>`).join("")}</Relationships>`,
    },
    {
      name: "xl/sharedStrings.xml",
      bytes: `${XML}<sst ${MAIN}>${shared.map((text) => `<si><t xml:space="preserve">${text}</t></si>`).join("")}</sst>`,
    },
    {
      name: "xl/styles.xml",
      bytes: `${XML}<styleSheet ${MAIN}><numFmts>${formats.map((code, i) => `<numFmt numFmtId="${200 + i}" formatCode="${code}"/>`).join("")}</numFmts><cellXfs><xf numFmtId="0"/>${formats.map((_, i) => `<xf numFmtId="${200 + i}"/>`).join("")}</cellXfs></styleSheet>`,
    },
    ...more,
  ];
  if (rows !== undefined)
    parts.push({
      name: "xl/worksheets/sheet1.xml",
      bytes: `${XML}<worksheet ${MAIN}><sheetData>${rows}</sheetData></worksheet>`,
    });
  return zipBytes(parts);
}
