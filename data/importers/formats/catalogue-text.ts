import { dataError } from "../../model/errors.ts";
import { looksLikeUtf16, type TextEncoding } from "../text-encoding.ts";
import { xmlText } from "./xml-text.ts";

/** Where the XML declaration stands. */
const HEAD = 256;
/** Longer than any XML declaration. */
const DECLARATION = 400;

/** How the bytes of a catalogue are read, and what its first declaration says. */
export interface CatalogueEncoding {
  /** `marked`: by a byte order mark. */
  readonly read: TextEncoding | "marked";
  /** What was declared, where the bytes are something else. */
  readonly corrected: string | undefined;
}

/**
 * Platforms declare GB2312 and send GBK, GB 18030 or UTF-8: the bytes decide. What is valid UTF-8 is UTF-8; all else must be
 * GB 18030, which holds the older two.
 *
 * @throws DATA error where the bytes are neither, or another encoding is declared that they may well be
 */
export async function catalogueEncoding(
  open: () => AsyncIterable<Uint8Array>,
  file: string,
): Promise<CatalogueEncoding> {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let head = "";
  let first = true;
  let valid = true;
  let beyondAscii = false;
  const decode = (chunk?: Uint8Array): boolean => {
    try {
      utf8.decode(chunk, { stream: chunk !== undefined });
      return true;
    } catch {
      return false;
    }
  };
  for await (const chunk of open()) {
    if (first && looksLikeUtf16(chunk)) return { read: "marked", corrected: undefined };
    first = false;
    if (head.length < HEAD) head += new TextDecoder("latin1").decode(chunk.subarray(0, HEAD - head.length));
    beyondAscii ||= chunk.some((byte) => byte >= 0x80);
    valid &&= decode(chunk);
    if (!valid && head.length >= HEAD) break;
  }
  valid &&= decode();
  const said = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]{1,40})["']/i.exec(head)?.[1];
  const isGb = said !== undefined && /^gb/i.test(said);
  const isUtf8 = said === undefined || /^utf-?8$/i.test(said);
  if (valid) return { read: "utf-8", corrected: beyondAscii && !isUtf8 ? said : undefined };
  if (!isGb && !isUtf8)
    throw dataError(`${file} says its encoding is ${said}; catalogues are read as GB 18030 or UTF-8`, {
      at: `${file}:1`,
      hint: "Save it as UTF-8.",
    });
  return { read: "gb18030", corrected: isGb ? undefined : said };
}

/**
 * Text of a file of catalogue messages: several may follow each other, each with its own XML declaration, which is left out.
 *
 * @throws DATA error for bytes that do not belong to the encoding
 */
export async function* catalogueText(
  bytes: AsyncIterable<Uint8Array>,
  { read }: CatalogueEncoding,
  file: string,
): AsyncGenerator<string> {
  yield* withoutDeclarations(read === "marked" ? xmlText(bytes, file) : decoded(bytes, read, file));
}

async function* decoded(
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  file: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw dataError(`${file} is neither UTF-8 nor GB 18030 throughout`, {
      at: file,
      hint: "It may be damaged or cut off: export it again, as UTF-8.",
    });
  }
}

async function* withoutDeclarations(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let held = "";
  for await (const chunk of chunks) {
    // Marks of files that were put behind each other.
    held = (held + chunk).replaceAll("\uFEFF", "").replace(/<\?xml\s[^?<>]{0,400}\?>/gi, keepLines);
    const last = held.lastIndexOf("<");
    const open =
      last >= 0 && held.length - last <= DECLARATION && /^<(\?(x(m(l(\s[^?<>]*\??)?)?)?)?)?$/i.test(held.slice(last));
    const end = open ? last : held.length;
    if (end > 0) yield held.slice(0, end);
    held = held.slice(end);
  }
  if (held !== "") yield held;
}

/** Lines are counted in errors. */
const keepLines = (text: string): string => text.replace(/[^\n]/g, "");
