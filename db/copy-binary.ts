import { bugError } from "../data/model/errors.ts";

/** What COPY in binary format begins with: signature (11 bytes), flags, length of what follows in the head. */
const HEAD_BYTES = 19;
/** Bytes of the count of fields that begins a row, and of the length that begins a field. */
const COUNT_BYTES = 2;
const LENGTH_BYTES = 4;
const INT4_BYTES = 4;
const FIELD_BYTES = LENGTH_BYTES + INT4_BYTES;

/** Reads field `n` (0…) of the row that `onRow` was called for. */
export type Int4Field = (n: number) => number;

/**
 * Reads a stream of COPY in binary format whose fields are all int4 and never null (PostgreSQL manual, COPY, "Binary Format").
 *
 * @param fields number of fields of a row
 * @param onRow called for each row, in order
 * @returns takes the stream piece by piece, cut anywhere
 * @throws BUG when a row has another shape
 */
export function int4RowReader(fields: number, onRow: (field: Int4Field) => void): (bytes: Buffer) => void {
  const rowBytes = COUNT_BYTES + fields * FIELD_BYTES;
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  let view: DataView = new DataView(new ArrayBuffer(0));
  let at = 0;
  const field: Int4Field = (n) => view.getInt32(at + COUNT_BYTES + n * FIELD_BYTES + LENGTH_BYTES);
  return (bytes) => {
    const piece = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    view = new DataView(piece.buffer, piece.byteOffset, piece.length);
    at = 0;
    if (!begun) {
      if (piece.length < HEAD_BYTES) {
        rest = Buffer.from(piece);
        return;
      }
      at = HEAD_BYTES;
      begun = true;
    }
    for (; at + rowBytes <= piece.length; at += rowBytes) {
      if (view.getInt16(at) !== fields || view.getInt32(at + COUNT_BYTES) !== INT4_BYTES)
        throw bugError(`a row of COPY is not ${fields} int4`);
      onRow(field);
    }
    // At the end two bytes (−1) are left over.
    rest = Buffer.from(piece.subarray(at));
  };
}
