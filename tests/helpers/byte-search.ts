/** Looks for something in whatever bytes left a place, in every form that it could have there. */
export interface Needle {
  readonly name: string;
  readonly bytes: Buffer;
}

const both = (name: string, bytes: Buffer): Needle[] => [
  { name, bytes },
  { name: `${name}, hexadecimal`, bytes: Buffer.from(bytes.toString("hex")) },
];

/** Forms of a text: as it is, escaped, UTF-16, base64 at each of its three alignments, and all of that in hexadecimal. */
export function textNeedles(text: string): Needle[] {
  const utf8 = Buffer.from(text);
  const escaped = [...text].map((c) =>
    c.charCodeAt(0) < 128 ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const base64 = [0, 1, 2].map((shift) => {
    // The first and last characters also depend on what stands beside the text.
    const whole = Buffer.concat([Buffer.alloc(shift), utf8])
      .toString("base64")
      .replace(/=+$/, "");
    return whole.slice(Math.ceil((shift * 4) / 3), whole.length - 1);
  });
  return [
    ...both("text", utf8),
    ...both("UTF-16", Buffer.from(text, "utf16le")),
    { name: "escaped", bytes: Buffer.from(escaped.join("")) },
    { name: "URI", bytes: Buffer.from(encodeURIComponent(text)) },
    ...base64.flatMap((part, shift) => [
      { name: `base64 at ${shift}`, bytes: Buffer.from(part) },
      { name: `base64url at ${shift}`, bytes: Buffer.from(part.replaceAll("+", "-").replaceAll("/", "_")) },
    ]),
  ];
}

const number = (bytes: number, write: (buffer: Buffer) => void): Buffer => {
  const buffer = Buffer.alloc(bytes);
  write(buffer);
  return buffer;
};

/** Forms of a coordinate: decimal text, lattice units as text and int32, float32 and float64. @param degrees WGS 84 */
export function coordinateNeedles(degrees: number, axis: string): Needle[] {
  const units = Math.round(degrees * 1e7);
  return [
    { name: `${axis} as text`, bytes: Buffer.from(String(degrees)) },
    // To about 10 m: a rounded point is still a place.
    { name: `${axis} to four decimals`, bytes: Buffer.from((Math.trunc(degrees * 1e4) / 1e4).toFixed(4)) },
    { name: `${axis} in lattice units as text`, bytes: Buffer.from(String(units)) },
    { name: `${axis} as int32`, bytes: number(4, (buffer) => buffer.writeInt32LE(units)) },
    { name: `${axis} as int32 big-endian`, bytes: number(4, (buffer) => buffer.writeInt32BE(units)) },
    ...both(
      `${axis} as float64`,
      number(8, (buffer) => buffer.writeDoubleLE(degrees)),
    ),
    ...both(
      `${axis} as float32`,
      number(4, (buffer) => buffer.writeFloatLE(degrees)),
    ),
  ];
}

/** Names of the forms that are found; empty when nothing is. */
export const found = (haystack: Uint8Array | string, needles: readonly Needle[]): string[] => {
  const bytes = typeof haystack === "string" ? Buffer.from(haystack) : Buffer.from(haystack);
  return needles.filter((needle) => bytes.includes(needle.bytes)).map(({ name }) => name);
};
