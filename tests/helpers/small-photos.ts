/** Pictures for tests, made byte by byte: no decoder is needed, and each part can be said. */

export const segment = (marker: number, content: readonly number[]): number[] => [
  0xff,
  marker,
  (content.length + 2) >> 8,
  (content.length + 2) & 0xff,
  ...content,
];

const SOI = [0xff, 0xd8];
const EOI = [0xff, 0xd9];
const quantisation = segment(0xdb, [0, ...Array.from({ length: 64 }, () => 16)]);
/** One code of length 2, as small as a table can be. */
const huffman = (kind: number): number[] => segment(0xc4, [kind, 0, 1, ...Array.from({ length: 14 }, () => 0), 0]);
const frame = (width: number, height: number): number[] =>
  segment(0xc0, [8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0]);
const scanHead = segment(0xda, [1, 1, 0, 0, 63, 0]);
/** Coded data with a stuffed zero and a restart in it. */
const coded = [0x12, 0x34, 0xff, 0x00, 0x56, 0xff, 0xd0, 0x78];

export interface JpegParts {
  readonly width?: number;
  readonly height?: number;
  /** Segments to put before the tables, before the scan, after the scan, and bytes behind the end. */
  readonly head?: readonly number[];
  readonly middle?: readonly number[];
  readonly tail?: readonly number[];
  readonly behind?: readonly number[];
}

/** A grey JPEG file of the parts that draw it, and of others where they are wanted. */
export const smallJpeg = ({ width = 16, height = 8, head, middle, tail, behind }: JpegParts = {}): Uint8Array =>
  Uint8Array.from([
    ...SOI,
    ...(head ?? []),
    ...quantisation,
    ...frame(width, height),
    ...huffman(0),
    ...huffman(0x10),
    ...(middle ?? []),
    ...scanHead,
    ...coded,
    ...(tail ?? []),
    ...EOI,
    ...(behind ?? []),
  ]);

const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const chunk = (name: string, content: readonly number[]): number[] => [
  ...letters(name),
  ...[0, 8, 16, 24].map((shift) => (content.length >> shift) & 0xff),
  ...content,
  ...(content.length % 2 ? [0] : []),
];
/** The head of a lossless picture: signature, then 14 bits each of width less 1 and height less 1. */
const lossless = (width: number, height: number): number[] => {
  const bits = (width - 1) | ((height - 1) << 14);
  return [0x2f, ...[0, 8, 16, 24].map((shift) => (bits >>> shift) & 0xff), 0x11, 0x22];
};

/** A WebP file with a lossless picture, and chunks beside it. */
export function smallWebp(beside: readonly (readonly [name: string, text: string])[] = []): Uint8Array {
  const body = [
    ...letters("WEBP"),
    ...beside.flatMap(([name, text]) => chunk(name, letters(text))),
    ...chunk("VP8L", lossless(16, 8)),
    ...beside.flatMap(([name, text]) => chunk(name, letters(text))),
  ];
  return Uint8Array.from([
    ...letters("RIFF"),
    ...[0, 8, 16, 24].map((shift) => (body.length >> shift) & 0xff),
    ...body,
  ]);
}

/** A segment of EXIF that says where the picture was taken. */
export const exifSegment = (secret: string): number[] => segment(0xe1, letters(`Exif\0\0${secret}`));
