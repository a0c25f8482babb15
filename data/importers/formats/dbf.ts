import { dataError } from "../../model/errors.ts";

/** A column of a dBASE table (.dbf, the attributes of a shapefile). */
export interface DbfField {
  readonly name: string;
  /** C text, N and F numbers, D date, L yes or no, I and O binary numbers. */
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

export interface DbfHeader {
  readonly records: number;
  readonly headerBytes: number;
  readonly recordBytes: number;
  /** Language driver, byte 29: which code page; 0 = not said. */
  readonly languageDriver: number;
  readonly fields: readonly RawField[];
}

interface RawField {
  readonly nameBytes: Uint8Array;
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

const FIELD_BYTES = 32;
const TERMINATOR = 0x0d;
const DELETED = 0x2a;

/** Bytes of header that a .dbf says it has; at least 32 bytes must be given. */
export const dbfHeaderBytes = (head: Uint8Array): number => (head[8] ?? 0) + 256 * (head[9] ?? 0);

/**
 * Reads the header of a .dbf.
 *
 * @param head the first `dbfHeaderBytes` bytes
 * @throws DATA error when lengths in it do not fit together
 */
export function readDbfHeader(head: Uint8Array, file: string): DbfHeader {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.byteLength < FIELD_BYTES + 1) throw dataError(`${file} is too short for a dBASE table`, { at: file });
  const headerBytes = view.getUint16(8, true);
  const recordBytes = view.getUint16(10, true);
  if (head.byteLength < headerBytes)
    throw dataError(`${file} is cut off: its header says ${headerBytes} bytes, it has ${head.byteLength}`, {
      at: file,
    });
  const fields: RawField[] = [];
  let offset = 1;
  for (let at = FIELD_BYTES; at + FIELD_BYTES <= headerBytes && head[at] !== TERMINATOR; at += FIELD_BYTES) {
    const name = head.subarray(at, at + 11);
    const end = name.indexOf(0);
    const type = String.fromCharCode(head[at + 11] as number);
    // Text longer than 254 has its high byte where decimals stand for numbers.
    const length = (head[at + 16] as number) + (type === "C" ? 256 * (head[at + 17] as number) : 0);
    fields.push({ nameBytes: name.subarray(0, end < 0 ? 11 : end), type, offset, length });
    offset += length;
  }
  if (fields.length === 0 || offset > recordBytes)
    throw dataError(
      `${file} is no dBASE table: its ${fields.length} columns take ${offset} bytes of rows of ${recordBytes}`,
      {
        at: file,
      },
    );
  return { records: view.getUint32(4, true), headerBytes, recordBytes, languageDriver: head[29] as number, fields };
}

/** Names of the columns in the table's encoding; a name cut within a character loses it, equal names are numbered. */
export function namedFields(header: DbfHeader, decode: (bytes: Uint8Array) => string): DbfField[] {
  const seen = new Map<string, number>();
  return header.fields.map(({ nameBytes, ...rest }, index) => {
    const plain =
      decode(nameBytes)
        .replace(/\uFFFD+$/, "")
        .trim() || `column_${index + 1}`;
    const count = (seen.get(plain) ?? 0) + 1;
    seen.set(plain, count);
    return { ...rest, name: count === 1 ? plain : `${plain}_${count}` };
  });
}

export const isDeleted = (record: Uint8Array): boolean => record[0] === DELETED;

/** One row: text trimmed, numbers as numbers, dates as `2025-03-01`, empty and unreadable values `null`. */
export function readDbfRecord(
  record: Uint8Array,
  fields: readonly DbfField[],
  decode: (bytes: Uint8Array) => string,
): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const { name, type, offset, length } of fields)
    row[name] = columnValue(record.subarray(offset, offset + length), type, decode);
  return row;
}

function columnValue(bytes: Uint8Array, type: string, decode: (bytes: Uint8Array) => string): unknown {
  switch (type) {
    case "N":
    case "F": {
      const text = ascii(bytes);
      return text === "" || !Number.isFinite(Number(text)) ? null : Number(text);
    }
    case "D": {
      const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(ascii(bytes)) ?? [];
      return year === undefined || year === "0000" ? null : `${year}-${month}-${day}`;
    }
    case "L":
      return /^[YyTt]/.test(ascii(bytes)) ? true : /^[NnFf]/.test(ascii(bytes)) ? false : null;
    case "I":
    case "+":
      return bytes.length === 4 ? view(bytes).getInt32(0, true) : null;
    case "O":
      return bytes.length === 8 ? view(bytes).getFloat64(0, true) : null;
    case "C": {
      const text = decode(bytes.subarray(0, trimmedEnd(bytes)))
        .replace(/\uFFFD$/, "")
        .trim();
      return text === "" ? null : text;
    }
    default:
      return null;
  }
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const ascii = (bytes: Uint8Array): string =>
  String.fromCharCode(...bytes)
    .replaceAll("\0", " ")
    .trim();

/** Values are padded with blanks, by some programs with zeros, and end at the first zero. */
function trimmedEnd(bytes: Uint8Array): number {
  const zero = bytes.indexOf(0);
  let end = zero < 0 ? bytes.length : zero;
  while (end > 0 && bytes[end - 1] === 0x20) end--;
  return end;
}
