import { dataError } from "../../model/errors.ts";
import { firstInvalidUtf8, looksLikeGbk } from "../text-encoding.ts";

/** Where an XML declaration stands. */
const HEAD = 256;

/**
 * Decodes XML: by its byte order mark, else by its declaration where the bytes can be that, else by what the bytes are
 * (UTF-8 or GBK). GB 2312 and GBK are read as GB 18030, which holds them.
 *
 * @throws DATA error for an unknown encoding or bytes that do not belong to it
 */
export async function* xmlText(bytes: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of bytes) {
    decoder ??= new TextDecoder(encodingOf(chunk, file), { fatal: true });
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      throw notOf(file, decoder.encoding);
    }
    if (text !== "") yield text;
  }
  try {
    const rest = decoder?.decode() ?? "";
    if (rest !== "") yield rest;
  } catch {
    throw notOf(file, decoder?.encoding ?? "");
  }
}

function encodingOf(head: Uint8Array, file: string): string {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return "utf-8";
  const start = new TextDecoder("latin1").decode(head.subarray(0, HEAD));
  const said = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/i.exec(start)?.[1];
  if (said !== undefined && /^gb/i.test(said))
    return firstInvalidUtf8(head, true) < 0 && hasBeyondAscii(head) ? "utf-8" : "gb18030";
  if (said === undefined || /^utf-?8$/i.test(said))
    return firstInvalidUtf8(head, true) >= 0 && looksLikeGbk(head) ? "gb18030" : "utf-8";
  try {
    return new TextDecoder(said).encoding;
  } catch {
    throw dataError(`${file} says its encoding is ${said}, which is not known`, {
      at: `${file}:1`,
      hint: "Save it as UTF-8.",
    });
  }
}

const hasBeyondAscii = (bytes: Uint8Array): boolean => bytes.some((byte) => byte >= 0x80);

const notOf = (file: string, encoding: string): Error =>
  dataError(`${file} is not ${encoding} throughout`, { at: file, hint: "Save the whole file as UTF-8." });
