import { dataError } from "../model/errors.ts";

/** Encodings that input text may have. GB 18030 is a superset of GBK and GB 2312. */
export type TextEncoding = "utf-8" | "gb18030";

const NEWLINE = 10;

/** True when the bytes begin with the UTF-8 byte order mark. */
export const hasByteOrderMark = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/**
 * Offset of the first byte that is not valid UTF-8 (RFC 3629: no overlong forms, surrogates or values above U+10FFFF);
 * −1 when all are. A sequence cut off by the end of `bytes` counts as valid when `partial` is set.
 */
export function firstInvalidUtf8(bytes: Uint8Array, partial = false): number {
  let i = 0;
  while (i < bytes.length) {
    const lead = bytes[i] as number;
    if (lead < 0x80) {
      i++;
      continue;
    }
    const length =
      lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    if (length === 0) return i;
    for (let k = 1; k < length; k++) {
      if (i + k >= bytes.length) return partial ? -1 : i;
      const byte = bytes[i + k] as number;
      let low = 0x80;
      let high = 0xbf;
      if (k === 1) {
        if (lead === 0xe0) low = 0xa0;
        if (lead === 0xed) high = 0x9f;
        if (lead === 0xf0) low = 0x90;
        if (lead === 0xf4) high = 0x8f;
      }
      if (byte < low || byte > high) return i;
    }
    i += length;
  }
  return -1;
}

/** True when the bytes decode as GB 18030 without a fault and hold at least one two-byte character. */
export function looksLikeGbk(bytes: Uint8Array): boolean {
  // The last character may be cut off: drop the tail behind the last ASCII byte.
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] as number) >= 0x40) end--;
  try {
    const text = new TextDecoder("gb18030", { fatal: true }).decode(bytes.subarray(0, end === 0 ? bytes.length : end));
    return /[\u4e00-\u9fff]/.test(text);
  } catch {
    return false;
  }
}

/** UTF-16 marks or a zero byte: not a text that we read. */
export const looksLikeUtf16 = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);

/** Line (first = 1) of a byte offset. */
export function lineOfByte(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset; i++) if (bytes[i] === NEWLINE) line++;
  return line;
}

/** Chinese characters of UTF-8 in a row that no text in GBK begins with by chance (each fits in 1 of some 60). */
const SURELY_UTF8 = 4;

/** Characters of three bytes in the valid UTF-8 before `end`. */
function threeByteCharacters(bytes: Uint8Array, end: number): number {
  let count = 0;
  for (let i = 0; i < end; i++) if ((bytes[i] as number) >> 4 === 0xe) count++;
  return count;
}

/**
 * Encoding of the head of a CSV file.
 *
 * @param head the first bytes, which may end within a character
 * @throws DATA error naming the byte and line when it is neither UTF-8 nor GBK
 */
export function detectEncoding(head: Uint8Array, file: string): TextEncoding {
  if (looksLikeUtf16(head)) {
    throw dataError(`${file} is UTF-16 text`, { at: `${file}:1`, hint: "Save it as UTF-8 (CSV UTF-8 in Excel)." });
  }
  const invalid = firstInvalidUtf8(head, true);
  if (invalid < 0) return "utf-8";
  if (threeByteCharacters(head, invalid) >= SURELY_UTF8)
    throw notUtf8(head, invalid, file, "UTF-8 in its beginning, but not throughout");
  if (looksLikeGbk(head)) return "gb18030";
  throw notUtf8(head, invalid, file, "neither UTF-8 nor GBK");
}

function notUtf8(bytes: Uint8Array, offset: number, file: string, encoding: string): Error {
  const value = (bytes[offset] as number).toString(16).toUpperCase().padStart(2, "0");
  return dataError(
    `${file} is ${encoding}: byte ${offset} (0x${value}) on line ${lineOfByte(bytes, offset)} is not UTF-8`,
    {
      at: `${file}:${lineOfByte(bytes, offset)}`,
      hint: `Convert it first, for example: iconv -f GB18030 -t UTF-8 ${file} > utf8-${file}`,
    },
  );
}
