import { createHash } from "node:crypto";

const NEWLINE = 10;
const MODULUS = 1n << 256n;

/**
 * Digest of rows that does not depend on their order: the sum of the rows' SHA-256 modulo 2^256, and how many there are.
 * Two databases hold a table's rows in different places; they hold the same rows when the digests are equal. (It tells
 * damage and mistakes apart, not forgery.)
 */
export class LineDigest {
  #sum = 0n;
  #rows = 0;
  /** The beginning of a row whose end has not come yet. */
  #rest: Buffer[] = [];

  /** Takes a piece of COPY's text format, in which each row is one line; pieces may be cut anywhere. */
  update(piece: Uint8Array): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE, from); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const line = bytes.subarray(from, end);
      this.#add(this.#rest.length > 0 ? Buffer.concat([...this.#rest, line]) : line);
      this.#rest = [];
      from = end + 1;
    }
    if (from < bytes.length) this.#rest.push(Buffer.from(bytes.subarray(from)));
  }

  #add(line: Uint8Array): void {
    this.#rows++;
    this.#sum = (this.#sum + BigInt(`0x${createHash("sha256").update(line).digest("hex")}`)) % MODULUS;
  }

  /** Rows so far. */
  get rows(): number {
    return this.#rows;
  }

  /** 64 hexadecimal digits. */
  get hash(): string {
    return this.#sum.toString(16).padStart(64, "0");
  }
}
