import { type AppError, userError } from "../model/errors.ts";
import { ByteWriter } from "./byte-writer.ts";

/** A picture without anything beside it; sides in pixels. */
export interface StrippedImage {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Markers of ITU-T T.81, table B.1. */
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DNL = 0xdc;
/** Frames that every browser draws: baseline, extended sequential and progressive, all by Huffman codes. */
const FRAMES = [0xc0, 0xc1, 0xc2];
/** Quantisation tables, Huffman tables, restart interval: needed to draw. */
const DQT = 0xdb;
const DHT = 0xc4;
const DRI = 0xdd;
const TABLES = [DQT, DHT, DRI];
const COMMENT = 0xfe;
const isApplication = (marker: number): boolean => marker >= 0xe0 && marker <= 0xef;
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/** Adobe's segment (APP14) says how three components are coloured: 0 = as they are, 1 = YCbCr. All else of it is dropped. */
const ADOBE = 0xee;
const ADOBE_NAME = [0x41, 0x64, 0x6f, 0x62, 0x65];
const ADOBE_TRANSFORM_AT = 11;
const adobeSegment = (transform: number): number[] => [
  0xff,
  ADOBE,
  0x00,
  0x0e,
  ...ADOBE_NAME,
  0x00,
  0x64,
  0x00,
  0x00,
  0x00,
  0x00,
  transform,
];

const broken = (what: string): AppError =>
  userError(`this JPEG is broken: ${what}`, { at: "body", hint: "Take the photo again, or save it anew as JPEG." });

/**
 * Takes a JPEG file apart and puts together a new one from the parts that draw it: frame, tables and scans. Application
 * segments (EXIF, GPS, XMP, previews, profiles), comments, and whatever follows the end are not copied. Coded data are, as
 * they are: what somebody hides in the picture itself is not found.
 *
 * @throws BAD_USER_INPUT for a file that ends early, has no picture, or is coded in a way that browsers do not draw
 */
export function stripJpeg(file: Uint8Array): StrippedImage {
  const byte = (at: number): number => {
    const value = file[at];
    if (value === undefined) throw broken("it ends too early");
    return value;
  };
  const uint16 = (at: number): number => byte(at) * 256 + byte(at + 1);
  if (byte(0) !== 0xff || byte(1) !== SOI) throw broken("it does not begin as one");
  const out = new ByteWriter().add([0xff, SOI]);
  let size: { readonly width: number; readonly height: number } | undefined;
  let scans = 0;
  let at = 2;
  for (;;) {
    if (byte(at) !== 0xff) throw broken("a segment does not begin with a marker");
    // Any number of fill bytes may stand before a marker.
    while (byte(at + 1) === 0xff) at++;
    const marker = byte(at + 1);
    if (marker === EOI) break;
    const length = uint16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > file.length) throw broken("a segment is longer than the file");
    const segment = file.subarray(at, end);
    if (FRAMES.includes(marker)) {
      if (size) throw broken("it has two frames");
      size = readFrame(segment);
      out.add(segment);
    } else if (TABLES.includes(marker)) {
      checkTable(marker, segment.subarray(4));
      out.add(segment);
    } else if (marker === SOS) {
      if (!size) throw broken("a scan comes before the frame");
      checkScan(segment);
      const scanEnd = endOfScan(file, end);
      out.add(segment).add(file.subarray(end, scanEnd));
      scans++;
      at = scanEnd;
      continue;
    } else if (marker === ADOBE && ADOBE_NAME.every((letter, n) => segment[4 + n] === letter)) {
      const transform = segment[4 + ADOBE_TRANSFORM_AT];
      if (transform === 0 || transform === 1) out.add(adobeSegment(transform));
    } else if (!isApplication(marker) && marker !== COMMENT && marker !== DNL)
      throw broken(`marker ${marker.toString(16)} is not one of a photo`);
    at = end;
  }
  if (!size || scans === 0) throw broken("there is no picture in it");
  return { bytes: out.add([0xff, EOI]).bytes(), ...size };
}

/** Size of a frame (T.81, B.2.2): length, precision, height, width, components of three bytes each. */
function readFrame(segment: Uint8Array): { width: number; height: number } {
  const at = (n: number): number => segment[n] ?? 0;
  const components = at(9);
  if (segment.length !== 10 + 3 * components) throw broken("its frame has the wrong length");
  if (at(4) !== 8 || (components !== 1 && components !== 3))
    throw userError("this JPEG is neither grey nor of three colours of 8 bits", {
      at: "body",
      hint: "Save it as an ordinary JPEG.",
    });
  const size = { height: at(5) * 256 + at(6), width: at(7) * 256 + at(8) };
  if (size.height === 0 || size.width === 0) throw broken("its frame has no size");
  return size;
}

/** Tables fill their segment to the byte (T.81, B.2.4): nothing else hides behind one. */
function checkTable(marker: number, content: Uint8Array): void {
  let at = 0;
  if (marker === DRI) at = 2;
  // One byte of precision and number, then 64 values of one or two bytes.
  else if (marker === DQT) while (at < content.length) at += 1 + 64 * (((content[at] ?? 0) >> 4) + 1);
  // One byte of class and number, 16 counts of codes by length, then a byte for each code.
  else while (at < content.length) at += 17 + content.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0);
  if (at !== content.length || at === 0) throw broken("a table has the wrong length");
}

/** A scan's head says how many components it has and nothing else (T.81, B.2.3). */
function checkScan(segment: Uint8Array): void {
  const components = segment[4] ?? 0;
  if (components < 1 || components > 4 || segment.length !== 8 + 2 * components)
    throw broken("the head of a scan has the wrong length");
}

/** Where coded data end: at the first marker that is neither a stuffed zero nor a restart, or at its fill bytes. */
function endOfScan(file: Uint8Array, from: number): number {
  for (let at = from; ; ) {
    at = file.indexOf(0xff, at);
    let next = at + 1;
    while (at >= 0 && file[next] === 0xff) next++;
    const marker = at < 0 ? undefined : file[next];
    if (marker === undefined) throw broken("it ends too early");
    if (marker !== 0 && !isRestart(marker)) return at;
    at = next;
  }
}
