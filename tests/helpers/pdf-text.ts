import { inflateSync } from "node:zlib";

/** How a font's codes are read. */
interface PdfFont {
  /** Hexadecimal digits of a code: glyphs that are drawn (Type 3) have one byte, embedded fonts two. */
  readonly digits: 2 | 4;
  readonly unicode: ReadonlyMap<number, string>;
}

/** A page of a PDF: its size, points (1/72 inch), and what is written on it. */
export interface PdfPage {
  readonly width: number;
  readonly height: number;
  readonly text: string;
}

/**
 * Reads what Chromium prints: objects in the clear, streams deflated, text as glyph numbers with a table to Unicode for each
 * font. No reader of PDFs in general.
 */
export function readPdf(bytes: Uint8Array): PdfPage[] {
  const objects = objectsOf(Buffer.from(bytes));
  const known = new Map<number, PdfFont>();
  const fontOf = (id: number): PdfFont => {
    const dict = objects.get(id)?.dict ?? "";
    const [at] = refs(dict, /\/ToUnicode (\d+) 0 R/g);
    const font = known.get(id) ?? {
      digits: /\/Type3/.test(dict) ? 2 : 4,
      unicode: unicodeTable(at === undefined ? "" : (objects.get(at)?.stream ?? "")),
    };
    known.set(id, font);
    return font;
  };
  const pages: PdfPage[] = [];
  for (const { dict } of objects.values()) {
    if (!/\/Type\s*\/Page\b/.test(dict)) continue;
    const [, width, height] = /\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/.exec(dict) ?? [];
    const [content] = refs(dict, /\/Contents\s+(\d+) 0 R/g);
    const parts = [content ?? -1, ...refs(dict, /\/X\d+ (\d+) 0 R/g)].map((id) => objects.get(id));
    const fonts = new Map<string, PdfFont>();
    for (const part of [{ dict }, ...parts])
      for (const [, name, id] of part?.dict.matchAll(/\/(F\d+) (\d+) 0 R/g) ?? [])
        fonts.set(name ?? "", fontOf(Number(id)));
    pages.push({
      width: Number(width),
      height: Number(height),
      // Fonts share glyphs between characters and radicals (至 and ⾄); the table may name either.
      text: parts
        .map((part) => textOf(part?.stream ?? "", fonts))
        .join("")
        .normalize("NFKC"),
    });
  }
  return pages;
}

const refs = (text: string | undefined, pattern: RegExp): number[] =>
  [...(text ?? "").matchAll(pattern)].map(([, id]) => Number(id));

/** Objects by number: what is in the clear, and the stream inflated. */
function objectsOf(bytes: Buffer): Map<number, { readonly dict: string; readonly stream: string }> {
  const text = bytes.toString("latin1");
  const objects = new Map<number, { readonly dict: string; readonly stream: string }>();
  for (const found of text.matchAll(/(?:^|\n)(\d+) 0 obj\s/g)) {
    const begin = found.index + found[0].length;
    const end = text.indexOf("endobj", begin);
    const at = text.indexOf("stream", begin);
    const dict = text.slice(begin, at >= 0 && at < end ? at : end);
    const length = Number(/\/Length (\d+)/.exec(dict)?.[1]);
    const from = at + (text[at + 6] === "\r" ? 8 : 7);
    const packed = at >= 0 && at < end && length > 0 ? bytes.subarray(from, from + length) : undefined;
    const stream = packed && /FlateDecode/.test(dict) ? inflateSync(packed) : packed;
    // Images and font files are no text: they stay out.
    const read = stream && !/\/(Subtype\s*\/Image|Length1)/.test(dict) ? stream.toString("latin1") : "";
    objects.set(Number(found[1]), { dict, stream: read });
  }
  return objects;
}

const codesOf = (hex: string, digits: 2 | 4): number[] =>
  (hex.match(digits === 2 ? /../g : /.{4}/g) ?? []).map((one) => Number.parseInt(one, 16));
const written = (hex: string): string => String.fromCharCode(...codesOf(hex, 4));

/** Glyph numbers to text, from a font's `beginbfchar` and `beginbfrange`. */
function unicodeTable(cmap: string): ReadonlyMap<number, string> {
  const table = new Map<number, string>();
  for (const [, part] of cmap.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, glyph, to] of (part ?? "").matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g))
      table.set(Number.parseInt(glyph ?? "", 16), written(to ?? ""));
  for (const [, part] of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, from, to, first] of (part ?? "").matchAll(
      /<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>/g,
    )) {
      const [low, high] = [Number.parseInt(from ?? "", 16), Number.parseInt(to ?? "", 16)];
      for (let glyph = low; glyph <= high; glyph++)
        table.set(glyph, String.fromCharCode(Number.parseInt(first ?? "", 16) + glyph - low));
    }
  return table;
}

/** What a page's drawing writes, in its order; spaces between pieces are not known. */
function textOf(content: string, fonts: ReadonlyMap<string, PdfFont>): string {
  let font: PdfFont | undefined;
  let text = "";
  for (const [, name, hex = ""] of content.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g)) {
    if (name) font = fonts.get(name);
    else for (const code of codesOf(hex, font?.digits ?? 4)) text += font?.unicode.get(code) ?? "";
  }
  return text;
}
