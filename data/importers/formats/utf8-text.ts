import { dataError } from "../../model/errors.ts";
import { firstInvalidUtf8, looksLikeGbk, looksLikeUtf16 } from "../text-encoding.ts";

const NEWLINE = 10;

/**
 * Decodes a stream that must be UTF-8 (JSON: RFC 8259); a byte order mark is dropped.
 *
 * @param open a fresh stream of the same bytes: read again up to the fault to count its lines
 * @throws DATA error naming the line of the first byte that does not belong, and the encoding it looks like
 */
export async function* utf8Text(open: () => AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let offset = 0;
  // The last bytes of the chunk before: a character may be cut in two.
  let tail = new Uint8Array(0);
  for await (const chunk of open()) {
    if (offset === 0 && looksLikeUtf16(chunk))
      throw dataError(`${file} is UTF-16 text`, { at: `${file}:1`, hint: "Save it as UTF-8." });
    try {
      const text = decoder.decode(chunk, { stream: true });
      if (text !== "") yield text;
    } catch {
      const seen = new Uint8Array([...tail, ...chunk]);
      throw await notUtf8(open, file, Math.max(0, firstInvalidUtf8(seen, true)) + offset - tail.length, seen);
    }
    offset += chunk.length;
    tail = chunk.slice(Math.max(0, chunk.length - 3));
    const clean = tail.findIndex((byte) => byte >= 0xc0);
    tail = clean < 0 ? new Uint8Array(0) : tail.slice(clean);
    if (firstInvalidUtf8(tail) < 0) tail = new Uint8Array(0);
  }
  try {
    const rest = decoder.decode();
    if (rest !== "") yield rest;
  } catch {
    throw await notUtf8(open, file, offset - tail.length, tail);
  }
}

async function notUtf8(
  open: () => AsyncIterable<Uint8Array>,
  file: string,
  position: number,
  seen: Uint8Array,
): Promise<Error> {
  let line = 1;
  let at = 0;
  for await (const chunk of open()) {
    const end = Math.min(chunk.length, position - at);
    for (let i = 0; i < end; i++) if (chunk[i] === NEWLINE) line++;
    at += chunk.length;
    if (at >= position) break;
  }
  const encoding = looksLikeGbk(seen) ? "GBK (GB 18030)" : "not UTF-8";
  return dataError(`${file} is ${encoding}: byte ${position} on line ${line} is not UTF-8`, {
    at: `${file}:${line}`,
    hint: `Convert it first, for example: iconv -f GB18030 -t UTF-8 ${file} > utf8-${file}`,
  });
}
