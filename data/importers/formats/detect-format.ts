import { looksLikeUtf16 } from "../text-encoding.ts";

/** What the first bytes of a file are; `text` may be any table. */
export type Detected =
  | "zip"
  | "emptyZip"
  | "sqlite"
  | "shp"
  | "json"
  | "kml"
  | "gb28181"
  | "xml"
  | "text"
  | "empty"
  | "utf16"
  | { readonly refused: string; readonly hint: string };

/** Bytes that `detectFormat` asks for. */
export const HEAD_BYTES = 4096;

const SIGNATURES: readonly (readonly [bytes: readonly number[], is: Detected])[] = [
  [[0x50, 0x4b, 3, 4], "zip"],
  [[0x50, 0x4b, 5, 6], "emptyZip"],
  [[...new TextEncoder().encode("SQLite format 3\0")], "sqlite"],
  [[0, 0, 0x27, 0x0a], "shp"],
  [
    [0xd0, 0xcf, 0x11, 0xe0],
    {
      refused: "an old Excel file (.xls) or one locked with a password",
      hint: "Save it as .xlsx without a password, or as CSV UTF-8.",
    },
  ],
  [[0x25, 0x50, 0x44, 0x46], { refused: "a PDF", hint: "Give the table or layer that it was printed from." }],
  [[0x1f, 0x8b], { refused: "packed with gzip", hint: "Unpack it first." }],
  [[0x52, 0x61, 0x72, 0x21], { refused: "a RAR archive", hint: "Unpack it and pack it as zip." }],
  [[0x37, 0x7a, 0xbc, 0xaf], { refused: "a 7z archive", hint: "Unpack it and pack it as zip." }],
  [[0x89, 0x50, 0x4e, 0x47], { refused: "a picture", hint: "Give a map layer or a table." }],
  [[0xff, 0xd8, 0xff], { refused: "a picture", hint: "Give a map layer or a table." }],
  [
    [0x49, 0x49, 0x2a, 0],
    { refused: "a TIFF picture", hint: "Pictures of the ground are set as base map, not imported." },
  ],
  [[0x41, 0x43, 0x31, 0x30], { refused: "a CAD drawing (DWG)", hint: "Export its layers as shapefile or GeoPackage." }],
];

/** Before each text of a GeoJSON text sequence (RFC 8142). */
const RECORD_SEPARATOR = "\u001e";

/** Decides by its first bytes what a file is; its name is not asked. */
export function detectFormat(head: Uint8Array): Detected {
  if (head.length === 0) return "empty";
  for (const [bytes, is] of SIGNATURES) if (bytes.every((byte, index) => head[index] === byte)) return is;
  const text = startText(head);
  const first = text.trimStart();
  if (first.startsWith("<")) return xmlKind(first);
  if (looksLikeUtf16(head)) return "utf16";
  if (["{", "[", RECORD_SEPARATOR].includes(first.charAt(0))) return "json";
  const control = head.filter((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 0x1b)).length;
  if (control > Math.max(8, head.length / 20)) return { refused: "of no format that we read", hint: FORMATS_HINT };
  return "text";
}

export const FORMATS_HINT =
  "Read are GeoJSON, shapefile (also zipped), GeoPackage, KML, KMZ, CSV, XLSX and GB/T 28181 catalogues.";

function startText(head: Uint8Array): string {
  if (looksLikeUtf16(head)) return new TextDecoder(head[0] === 0xff ? "utf-16le" : "utf-16be").decode(head);
  return new TextDecoder("utf-8").decode(head);
}

function xmlKind(text: string): Detected {
  const root = /<(?:[\w.-]+:)?([A-Za-z][\w.-]*)/.exec(
    text.replace(/<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^[>]*(?:\[[^\]]*\])?[^>]*>/g, ""),
  )?.[1];
  if (root === "kml") return "kml";
  if (root === "Response" || root === "Notify" || root === "Query") return "gb28181";
  return "xml";
}
