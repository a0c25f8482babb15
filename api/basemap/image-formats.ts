import { convertIndexedToRgb, decode as decodePng, encode as encodePng } from "fast-png";
import { fromArrayBuffer } from "geotiff";
import type { BaseMapFormat } from "../../data/basemap/base-map.ts";
import type { RgbaImage } from "../../data/basemap/resample.ts";
import { dataError } from "../../data/model/errors.ts";

/** What a picture's bytes say that it is, whatever it is called; undefined for anything else. */
export function imageFormat(bytes: Uint8Array): Exclude<BaseMapFormat, "mvt"> | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(16, bytes.length)).toString("latin1");
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "webp";
  return text.slice(4, 12) === "ftypavif" ? "avif" : undefined;
}

/** Deflate level: the next ones save few bytes for several times the time. */
const PNG_LEVEL = 3;

/** A picture as PNG; without an alpha channel where nothing is transparent. */
export function toPng({ width, height, data }: RgbaImage): Uint8Array {
  let opaque = true;
  for (let i = 3; i < data.length && opaque; i += 4) opaque = data[i] === 255;
  if (!opaque) return encodePng({ width, height, data, channels: 4 }, { zlib: { level: PNG_LEVEL } });
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0, to = 0; i < data.length; i += 4) {
    rgb[to++] = data[i] as number;
    rgb[to++] = data[i + 1] as number;
    rgb[to++] = data[i + 2] as number;
  }
  return encodePng({ width, height, data: rgb, channels: 3 }, { zlib: { level: PNG_LEVEL } });
}

/** Sides that a tile of a service may have at most. */
const MAX_SIDE = 1024;

/**
 * Pixels of a PNG or JPEG.
 *
 * @throws dataError for other formats, for what cannot be read, and for pictures larger than a tile
 */
export async function decodeImage(bytes: Uint8Array): Promise<RgbaImage> {
  const format = imageFormat(bytes);
  try {
    if (format === "png") return fromPng(bytes);
    if (format === "jpeg") return await fromJpeg(bytes);
  } catch (error) {
    throw dataError(`the picture cannot be read: ${(error as Error).message}`, { cause: error });
  }
  throw dataError(`${format ?? "this"} cannot be drawn on another grid`, {
    hint: "Ask the service for PNG or JPEG, or for tiles of Web Mercator (EPSG:3857).",
  });
}

function fromPng(bytes: Uint8Array): RgbaImage {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || header.getUint32(16) > MAX_SIDE || header.getUint32(20) > MAX_SIDE)
    throw dataError("it is larger than a tile");
  const png = decodePng(bytes);
  const { width, height, palette, transparency } = png;
  const indexed = palette !== undefined;
  const samples = indexed ? convertIndexedToRgb(png) : png.data;
  const channels = indexed ? (palette[0]?.length ?? 3) : png.channels;
  // 16 bits to 8; gray of less than 8 bits is spread over all of them.
  const full = indexed ? 255 : 2 ** png.depth - 1;
  const unpacked = !indexed && png.depth < 8 ? unpackBits(samples, width, height, png.depth) : samples;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const at = i * channels;
    const value = (n: number): number => ((unpacked[at + n] as number) * 255) / full;
    const gray = channels < 3;
    data.set([value(0), value(gray ? 0 : 1), value(gray ? 0 : 2)], i * 4);
    const clear =
      !indexed &&
      transparency !== undefined &&
      transparency.length > 0 &&
      Array.from(transparency).every((sample, n) => sample === unpacked[at + n]);
    data[i * 4 + 3] = clear ? 0 : channels === 2 || channels === 4 ? value(channels - 1) : 255;
  }
  return { width, height, data };
}

/** Samples of 1, 2 or 4 bits, rows padded to bytes, one per element. */
function unpackBits(packed: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const stride = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const bit = x * depth;
    return ((packed[y * stride + (bit >> 3)] as number) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  });
}

/** Size and components of a JPEG by its frame header (ITU-T T.81, B.2.2). */
function jpegFrame(bytes: Uint8Array): { width: number; height: number; components: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 10 <= bytes.length; ) {
    const marker = view.getUint16(at);
    // SOF0 to SOF2: baseline, extended, progressive.
    if (marker >= 0xffc0 && marker <= 0xffc2)
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), components: bytes[at + 9] as number };
    at += 2 + view.getUint16(at + 2);
  }
  throw dataError("it has no frame");
}

/** TIFF tags of one strip of JPEG (TIFF 6.0 and its technical note 2): geotiff then decodes it and turns YCbCr to RGB. */
async function fromJpeg(bytes: Uint8Array): Promise<RgbaImage> {
  const { width, height, components } = jpegFrame(bytes);
  if (width > MAX_SIDE || height > MAX_SIDE) throw dataError("it is larger than a tile");
  const gray = components === 1;
  if (!gray && components !== 3) throw dataError(`${components} components are not colours of a map`);
  const SHORT = 3;
  const LONG = 4;
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, gray ? 1 : 3, gray ? 8 : 0],
    [259, SHORT, 1, 7],
    [262, SHORT, 1, gray ? 1 : 6],
    [273, LONG, 1, 0],
    [277, SHORT, 1, components],
    [278, LONG, 1, height],
    [279, LONG, 1, bytes.length],
    [284, SHORT, 1, 1],
  ];
  const bitsAt = 8 + 2 + entries.length * 12 + 4;
  const stripAt = bitsAt + 6;
  const file = new Uint8Array(stripAt + bytes.length);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  view.setUint16(8, entries.length, true);
  for (const [n, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + n * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    const told = tag === 273 ? stripAt : tag === 258 && !gray ? bitsAt : value;
    if (type === SHORT && count === 1) view.setUint16(at + 8, told, true);
    else view.setUint32(at + 8, told, true);
  }
  for (let n = 0; n < 3; n++) view.setUint16(bitsAt + n * 2, 8, true);
  file.set(bytes, stripAt);
  const image = await (await fromArrayBuffer(file.buffer)).getImage();
  const rgb = await image.readRGB({ interleave: true });
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++)
    data.set([rgb[i * 3] as number, rgb[i * 3 + 1] as number, rgb[i * 3 + 2] as number, 255], i * 4);
  return { width, height, data };
}
