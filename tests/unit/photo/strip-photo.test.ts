import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../data/model/errors.ts";
import { MAX_PHOTO_BYTES } from "../../../data/photo/limits.ts";
import { stripPhoto } from "../../../data/photo/strip-photo.ts";
import { exifSegment, segment, smallJpeg, smallWebp } from "../../helpers/small-photos.ts";
import "../../helpers/property-seed.ts";

const SECRET = "GPS 40.0123N 112.7045E Zhang San";
const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const holds = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(Buffer.from(text, "latin1"));
const refusal = (file: Uint8Array): string => {
  try {
    stripPhoto(file);
  } catch (error) {
    if (error instanceof AppError && error.kind === "USER") return error.message;
    throw error;
  }
  return "";
};

/** Segments that tell of a picture: APP0 … APP15 and comments, with fill bytes before some. */
const telling = fc
  .tuple(
    fc.constantFrom(...Array.from({ length: 16 }, (_, n) => 0xe0 + n), 0xfe),
    fc.nat(3),
    fc.string({ maxLength: 40 }),
  )
  .map(([marker, fill, text]) => [
    ...Array.from({ length: fill }, () => 0xff),
    ...segment(marker, [...letters(`Exif\0\0${SECRET}`), ...letters(text).map((code) => code & 0xff)]),
  ]);
const some = fc.array(telling, { maxLength: 4 }).map((list) => list.flat());

describe("photos", () => {
  it("lose every segment that tells of them, wherever it stands, and what follows their end", () => {
    const plain = smallJpeg();
    fc.assert(
      fc.property(some, some, some, (head, middle, tail) => {
        const file = smallJpeg({ head, middle, tail, behind: letters(SECRET) });
        const photo = stripPhoto(file);
        expect(photo).toMatchObject({ type: "image/jpeg", width: 16, height: 8 });
        expect(Buffer.from(photo.bytes).equals(Buffer.from(plain))).toBe(true);
      }),
    );
  });

  it("are the same after a second time", () => {
    const { bytes } = stripPhoto(smallJpeg({ head: exifSegment(SECRET) }));
    expect(Buffer.from(stripPhoto(bytes).bytes).equals(Buffer.from(bytes))).toBe(true);
  });

  it("keep how they are coloured, and nothing else of the segment that says so", () => {
    const adobe = segment(0xee, [...letters("Adobe"), 0, 100, 0x41, 0x42, 0x43, 0x44, 1, ...letters(SECRET)]);
    const { bytes } = stripPhoto(smallJpeg({ head: adobe }));
    const kept = segment(0xee, [...letters("Adobe"), 0, 100, 0, 0, 0, 0, 1]);
    expect(Buffer.from(bytes).includes(Buffer.from(kept))).toBe(true);
    expect(holds(bytes, SECRET) || holds(bytes, "ABCD")).toBe(false);
  });

  it("that are broken are refused in words or come out clean, never half-read", () => {
    const file = smallJpeg({ head: exifSegment(SECRET) });
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), fc.boolean(), (at, value, cut) => {
        const broken = cut ? file.slice(0, at) : Uint8Array.from(file);
        if (!cut) broken[at] = value;
        const message = refusal(broken);
        if (message === "") expect(holds(stripPhoto(broken).bytes, SECRET)).toBe(false);
        else refused++;
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  it("cannot hide words behind their tables or in the head of a scan", () => {
    const tables = [segment(0xdb, [0, ...letters(SECRET.padEnd(90))]), segment(0xdd, [0, 4, ...letters(SECRET)])];
    for (const table of tables) expect(refusal(smallJpeg({ head: table }))).toMatch(/table has the wrong length/);
    const scan = segment(0xda, [1, 1, 0, 0, 63, 0, ...letters(SECRET)]);
    expect(refusal(smallJpeg({ middle: scan }))).toMatch(/head of a scan/);
  });

  it("of WebP keep their picture alone", () => {
    const photo = stripPhoto(
      smallWebp([
        ["EXIF", SECRET],
        ["XMP ", SECRET],
        ["ICCP", SECRET],
        ["JUNK", SECRET],
      ]),
    );
    expect(photo).toMatchObject({ type: "image/webp", width: 16, height: 8 });
    expect(Buffer.from(photo.bytes).equals(Buffer.from(smallWebp()))).toBe(true);
    fc.assert(
      fc.property(fc.nat(smallWebp().length - 1), (at) => {
        expect(refusal(smallWebp().slice(0, at))).not.toBe("");
      }),
    );
  });

  it.each([
    ["something else", Uint8Array.from(letters("GIF89a")), /neither a JPEG nor a WebP/],
    ["nothing", new Uint8Array(), /neither a JPEG nor a WebP/],
    ["a page", Uint8Array.from(letters("<script>alert(1)</script>")), /neither a JPEG nor a WebP/],
    ["a JPEG without a picture", Uint8Array.from([0xff, 0xd8, 0xff, 0xd9]), /no picture/],
    ["too many pixels", smallJpeg({ width: 1281 }), /1281 × 8 pixels/],
    ["too many bytes", new Uint8Array(MAX_PHOTO_BYTES + 1), /409601 bytes/],
    ["a film", smallWebp([["ANIM", "000000"]]), /moves/],
    ["lossless coding of JPEG", smallJpeg({ head: segment(0xc3, [8, 0, 8, 0, 8, 1, 1, 0x11, 0]) }), /marker c3/],
  ])("are refused when they are %s", (_, file, message) => {
    expect(refusal(file)).toMatch(message);
  });
});
