import { NULL_TIME } from "./null-time.ts";

/**
 * How a 32-bit column is laid out in version 2 of the container, so that a general compressor finds little left to say.
 * A column takes as many bytes as before; what changes is which.
 *
 * - `step`: what is written in the place of each value: the value itself, its difference to the value before (`delta`),
 *   or its difference to the same row of another column (`from` names it; null times are written as 0).
 * - `shuffled`: all lowest bytes first, then all second bytes …
 *
 * Differences wrap at 32 bits and are folded (0, -1, 1, -2 … become 0, 1, 2, 3 …), so that small ones of either sign have
 * zero bytes above: every value of the type comes back as it was.
 */
export interface ColumnEncoding {
  readonly step?: "delta" | "from";
  readonly from?: string;
  readonly shuffled?: boolean;
}

export type WordArray = Int32Array | Uint32Array;

const fold = (difference: number): number => (difference << 1) ^ (difference >> 31);
const unfold = (word: number): number => (word >>> 1) ^ -(word & 1);

function deltas(values: WordArray): Int32Array {
  const out = new Int32Array(values.length);
  let before = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    out[i] = fold((value - before) | 0);
    before = value;
  }
  return out;
}

function undoDeltas(words: Int32Array, out: WordArray): void {
  let value = 0;
  for (let i = 0; i < words.length; i++) {
    value = (value + unfold(words[i] as number)) | 0;
    out[i] = value;
  }
}

/**
 * Differences to `base`, with 0 for null. The word that null would have had stands for "equal to the base", so that
 * nothing is lost.
 */
function differences(values: WordArray, base: WordArray): Int32Array {
  const out = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = (values[i] as number) | 0;
    const from = (base[i] as number) | 0;
    if (value === NULL_TIME) out[i] = 0;
    else out[i] = value === from ? fold((NULL_TIME - from) | 0) : fold((value - from) | 0);
  }
  return out;
}

function undoDifferences(words: Int32Array, base: WordArray, out: WordArray): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    const from = (base[i] as number) | 0;
    if (word === 0) out[i] = NULL_TIME;
    else {
      const value = (from + unfold(word)) | 0;
      out[i] = value === NULL_TIME ? from : value;
    }
  }
}

/** Bytes of a column in its encoding. @param base the column that `from` names */
export function encodeWords(values: WordArray, encoding: ColumnEncoding, base: WordArray | undefined): Uint8Array {
  const words =
    encoding.step === "delta"
      ? deltas(values)
      : encoding.step === "from" && base
        ? differences(values, base)
        : new Int32Array(values.buffer, values.byteOffset, values.length);
  if (!encoding.shuffled) return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  const n = words.length;
  const bytes = new Uint8Array(n * 4);
  for (let i = 0; i < n; i++) {
    const word = words[i] as number;
    bytes[i] = word;
    bytes[n + i] = word >>> 8;
    bytes[2 * n + i] = word >>> 16;
    bytes[3 * n + i] = word >>> 24;
  }
  return bytes;
}

/** Fills `out` from the bytes of a column. @param base the column that `from` names, decoded */
export function decodeWords(
  bytes: Uint8Array,
  encoding: ColumnEncoding,
  base: WordArray | undefined,
  out: WordArray,
): void {
  const n = out.length;
  const words = encoding.step ? new Int32Array(n) : new Int32Array(out.buffer, out.byteOffset, n);
  if (encoding.shuffled) {
    const low = bytes.subarray(0, n);
    const second = bytes.subarray(n, 2 * n);
    const third = bytes.subarray(2 * n, 3 * n);
    const high = bytes.subarray(3 * n, 4 * n);
    for (let i = 0; i < n; i++)
      words[i] =
        (low[i] as number) | ((second[i] as number) << 8) | ((third[i] as number) << 16) | ((high[i] as number) << 24);
  } else new Uint8Array(words.buffer, words.byteOffset, n * 4).set(bytes);
  if (encoding.step === "delta") undoDeltas(words, out);
  else if (encoding.step === "from" && base) undoDifferences(words, base, out);
}
