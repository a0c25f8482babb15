import { type AppError, userError } from "../model/errors.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { StrippedImage } from "./strip-jpeg.ts";

const broken = (what: string): AppError =>
  userError(`this WebP is broken: ${what}`, { at: "body", hint: "Take the photo again, or save it as JPEG." });

const name = (file: Uint8Array, at: number): string => String.fromCharCode(...file.subarray(at, at + 4));
const uint32 = (file: Uint8Array, at: number): number =>
  new DataView(file.buffer, file.byteOffset, file.byteLength).getUint32(at, true);
const text = (four: string): number[] => [...four].map((letter) => letter.charCodeAt(0));
const little = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

/** Head of a RIFF chunk: name and length, 4 bytes each. */
const HEAD = 8;

/**
 * Takes a WebP file apart (RFC 9649) and puts together a new one that has the picture alone: chunks of EXIF, XMP, colour
 * profiles, transparency and unknown ones are not copied.
 *
 * @throws BAD_USER_INPUT for a file that ends early, has no picture, or moves
 */
export function stripWebp(file: Uint8Array): StrippedImage {
  if (file.length < 12 + HEAD || name(file, 0) !== "RIFF" || name(file, 8) !== "WEBP")
    throw broken("it does not begin as one");
  const end = HEAD + uint32(file, 4);
  if (end > file.length) throw broken("it ends too early");
  for (let at = 12; at + HEAD <= end; ) {
    const kind = name(file, at);
    const length = uint32(file, at + 4);
    const chunk = file.subarray(at + HEAD, at + HEAD + length);
    if (at + HEAD + length > end) throw broken("a part is longer than the file");
    if (kind === "ANIM" || kind === "ANMF")
      throw userError("this WebP moves", { at: "body", hint: "Send a photo, not a film." });
    if (kind === "VP8 " || kind === "VP8L")
      return { bytes: rebuilt(kind, chunk), ...(kind === "VP8 " ? lossySize(chunk) : losslessSize(chunk)) };
    at += HEAD + length + (length % 2);
  }
  throw broken("there is no picture in it");
}

function rebuilt(kind: string, chunk: Uint8Array): Uint8Array {
  const padding = chunk.length % 2;
  return new ByteWriter()
    .add(text("RIFF"))
    .add(little(4 + HEAD + chunk.length + padding))
    .add(text(`WEBP${kind}`))
    .add(little(chunk.length))
    .add(chunk)
    .add(padding ? [0] : [])
    .bytes();
}

/** Size of a VP8 key frame (RFC 6386, 9.1): a tag of three bytes, a start code, then 14 bits each. */
function lossySize(chunk: Uint8Array): { width: number; height: number } {
  const [tag = 1, , , a, b, c, widthLow = 0, widthHigh = 0, heightLow = 0, heightHigh = 0] = chunk;
  if ((tag & 1) !== 0 || a !== 0x9d || b !== 0x01 || c !== 0x2a) throw broken("its picture does not begin as one");
  return checked(widthLow + ((widthHigh & 0x3f) << 8), heightLow + ((heightHigh & 0x3f) << 8));
}

/** Size of a VP8L picture (RFC 9649, 3.4): a signature, then 14 bits each of width less 1 and height less 1. */
function losslessSize(chunk: Uint8Array): { width: number; height: number } {
  if (chunk.length < 5 || chunk[0] !== 0x2f) throw broken("its picture does not begin as one");
  const bits = uint32(chunk, 1);
  return checked((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}

function checked(width: number, height: number): { width: number; height: number } {
  if (width === 0 || height === 0) throw broken("it has no size");
  return { width, height };
}
