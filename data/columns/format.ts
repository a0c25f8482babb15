import { bugError, dataError } from "../model/errors.ts";
import { NULL_TIME } from "./null-time.ts";
import { type ColumnEncoding, decodeWords, encodeWords, type WordArray } from "./packed-encoding.ts";

export { NULL_TIME };

/**
 * Binary column container (little-endian; DESIGN section 5):
 *
 *   0  4 bytes   magic "JWCL"
 *   4  uint16    version: 1 plain, 2 packed
 *   6  uint16    reserved = 0
 *   8  uint32    length of the JSON header in bytes
 *  12  header    UTF-8 JSON `ColumnsHeader`, padded with spaces so that data starts at a multiple of 8
 *   …  columns   each at `offset` (multiple of 8, from the start of the file), `rows` values of its type
 *
 * Version 1 holds the values: columns are read as typed-array views on the buffer, no copy between the network and the
 * GPU. Version 2 may lay a 32-bit column out for a compressor (`ColumnEncoding`); it is as long as version 1 and about
 * half of it once compressed. Reading it copies what is laid out, and views the rest.
 */
const MAGIC = 0x4c43574a; // "JWCL" read as little-endian uint32
const PLAIN = 1;
const PACKED = 2;
const FIXED_BYTES = 12;

export const COLUMN_TYPES = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
} as const;
export type ColumnType = keyof typeof COLUMN_TYPES;
export type ColumnArray = Uint8Array | Uint16Array | Uint32Array | Int32Array;

interface ColumnEntry {
  readonly name: string;
  readonly type: ColumnType;
  readonly offset: number;
  /** Version 2; absent = the values themselves. */
  readonly encoding?: ColumnEncoding;
}

interface ColumnsHeader {
  readonly layer: string;
  readonly county: string;
  readonly rows: number;
  /** Version of the content: equal versions mean equal bytes. */
  readonly version: string;
  /** Epoch seconds that the rows are complete up to. */
  readonly asOf: number;
  readonly columns: readonly ColumnEntry[];
  /** Dictionaries: name → values; columns carry indexes into them. */
  readonly dictionaries: Readonly<Record<string, readonly string[]>>;
}

/** Columns of one layer of one county. All arrays have `rows` values. */
export interface ColumnTable {
  readonly layer: string;
  readonly county: string;
  readonly rows: number;
  readonly version: string;
  readonly asOf: number;
  readonly columns: Readonly<Record<string, ColumnArray>>;
  readonly dictionaries: Readonly<Record<string, readonly string[]>>;
}

const align8 = (n: number): number => (n + 7) & ~7;

function typeOf(array: ColumnArray): ColumnType {
  for (const [type, arrayType] of Object.entries(COLUMN_TYPES))
    if (array instanceof arrayType) return type as ColumnType;
  throw bugError("unknown column array");
}

/** Encodes a table as version 1; equal tables give equal bytes. */
export const encodeColumns = (table: ColumnTable): Uint8Array => encodeTable(table, PLAIN, {});

/**
 * How columns are laid out in version 2, by name, for all layers. Chosen by the bytes that brotli 4 leaves of cases of a
 * generated county (`npm run bench -- columns` prints them): positions gain from whole bytes side by side, not from
 * differences, since neighbours in time are no neighbours in space.
 */
const PACKED_ENCODINGS: Readonly<Record<string, ColumnEncoding>> = {
  lon: { shuffled: true },
  lat: { shuffled: true },
  opened: { step: "delta", shuffled: true },
  closed: { step: "from", from: "opened", shuffled: true },
  due: { step: "from", from: "opened", shuffled: true },
  ref: { step: "delta", shuffled: true },
  grid: { shuffled: true },
};

/** Encodes a table as version 2, for the wire; equal tables give equal bytes. */
export const packColumns = (table: ColumnTable): Uint8Array => encodeTable(table, PACKED, PACKED_ENCODINGS);

const isWords = (array: ColumnArray | undefined): array is WordArray =>
  array instanceof Int32Array || array instanceof Uint32Array;

/** The encoding that a column gets: none where it is not of 32 bits or lacks the column that it starts from. */
function encodingFor(table: ColumnTable, name: string, wanted: ColumnEncoding | undefined): ColumnEncoding | undefined {
  if (!wanted || !isWords(table.columns[name])) return undefined;
  if (wanted.step !== "from") return wanted;
  return wanted.from !== undefined && isWords(table.columns[wanted.from]) ? wanted : undefined;
}

function encodeTable(
  table: ColumnTable,
  version: number,
  encodings: Readonly<Record<string, ColumnEncoding>>,
): Uint8Array {
  const names = Object.keys(table.columns).sort();
  const entries: ColumnEntry[] = names.map((name) => {
    const encoding = encodingFor(table, name, encodings[name]);
    const type = typeOf(table.columns[name] as ColumnArray);
    return { name, type, offset: 0, ...(encoding ? { encoding } : {}) };
  });
  const headerText = (columns: readonly ColumnEntry[]): string =>
    JSON.stringify({
      layer: table.layer,
      county: table.county,
      rows: table.rows,
      version: table.version,
      asOf: table.asOf,
      columns,
      dictionaries: table.dictionaries,
    } satisfies ColumnsHeader);
  // Offsets are ten digits at most: reserve their width first, so that the header's length does not depend on them.
  const widest = headerText(entries.map((entry) => ({ ...entry, offset: 9_999_999_999 })));
  const dataStart = align8(FIXED_BYTES + new TextEncoder().encode(widest).length);
  let end = dataStart;
  const placed = entries.map((entry) => {
    const array = table.columns[entry.name] as ColumnArray;
    if (array.length !== table.rows)
      throw bugError(`column ${entry.name} has ${array.length} values, expected ${table.rows}`);
    const offset = end;
    end = align8(end + array.byteLength);
    return { ...entry, offset };
  });
  const out = new Uint8Array(end);
  const header = new TextEncoder().encode(headerText(placed));
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, version, true);
  view.setUint32(8, dataStart - FIXED_BYTES, true);
  out.fill(0x20, FIXED_BYTES, dataStart);
  out.set(header, FIXED_BYTES);
  for (const { name, offset, encoding } of placed) {
    const array = table.columns[name] as ColumnArray;
    if (encoding && isWords(array)) {
      const base = table.columns[encoding.from ?? ""];
      out.set(encodeWords(array, encoding, isWords(base) ? base : undefined), offset);
    } else out.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
  }
  return out;
}

/**
 * Reads a table: plain columns as views on `bytes`, packed ones as arrays of their own.
 *
 * @throws DATA when it is of neither version, cut short or broken
 */
export function decodeColumns(input: ArrayBuffer | Uint8Array): ColumnTable {
  // Views need 8-byte alignment; a slice of a larger buffer may not have it.
  const bytes =
    input instanceof Uint8Array ? (input.byteOffset % 8 === 0 ? input : new Uint8Array(input)) : new Uint8Array(input);
  if (bytes.byteLength < FIXED_BYTES) throw dataError("not a column file: shorter than its head");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw dataError("not a column file: wrong magic");
  const version = view.getUint16(4, true);
  if (version !== PLAIN && version !== PACKED)
    throw dataError(`column file of version ${version}, expected ${PLAIN} or ${PACKED}`, {
      hint: "Reload the page: the server is newer than it.",
    });
  const headerEnd = FIXED_BYTES + view.getUint32(8, true);
  if (headerEnd > bytes.byteLength) throw dataError("column file is cut short in its header");
  const header = readHeader(bytes.subarray(FIXED_BYTES, headerEnd));
  const entries = new Map(header.columns.map((entry) => [entry.name, entry]));
  const columns: Record<string, ColumnArray> = {};
  const read = (entry: ColumnEntry): ColumnArray => {
    const known = columns[entry.name];
    if (known) return known;
    const { name, type, offset, encoding } = entry;
    const arrayType = COLUMN_TYPES[type];
    const size = header.rows * arrayType.BYTES_PER_ELEMENT;
    if (offset + size > bytes.byteLength) throw dataError(`column file is cut short in column ${name}`);
    if (!encoding || version === PLAIN) {
      const array = new arrayType(bytes.buffer as ArrayBuffer, bytes.byteOffset + offset, header.rows);
      columns[name] = array;
      return array;
    }
    const out = new arrayType(header.rows);
    if (!isWords(out)) throw dataError(`column ${name} of ${type} cannot be packed`);
    let base: ColumnArray | undefined;
    if (encoding.step === "from") {
      const from = entries.get(encoding.from ?? "");
      // A base is never itself a difference to another: no chain, no circle.
      base = from && from.encoding?.step !== "from" ? read(from) : undefined;
      if (!isWords(base)) throw dataError(`column ${name} starts from a column that cannot be its base`);
    }
    decodeWords(bytes.subarray(offset, offset + size), encoding, isWords(base) ? base : undefined, out);
    columns[name] = out;
    return out;
  };
  for (const entry of header.columns) read(entry);
  return {
    layer: header.layer,
    county: header.county,
    rows: header.rows,
    version: header.version,
    asOf: header.asOf,
    columns,
    dictionaries: header.dictionaries,
  };
}

const broken = (what: string): never => {
  throw dataError(`column file has a broken header: ${what}`, { hint: "Load it again; the file was damaged." });
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads the header; what follows may rely on every number and type in it. */
function readHeader(bytes: Uint8Array): ColumnsHeader {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return broken("it is no JSON");
  }
  if (!isRecord(header)) return broken("it is no object");
  const { layer, county, rows, version, asOf, columns, dictionaries } = header;
  if (typeof layer !== "string" || typeof county !== "string" || typeof version !== "string") return broken("names");
  if (!isCount(rows) || typeof asOf !== "number") return broken("rows");
  if (!isRecord(dictionaries) || !Object.values(dictionaries).every(isTexts)) return broken("dictionaries");
  if (!Array.isArray(columns) || !columns.every(isEntry)) return broken("columns");
  return { layer, county, rows, version, asOf, columns, dictionaries: dictionaries as Record<string, string[]> };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((text) => typeof text === "string");

function isEntry(value: unknown): value is ColumnEntry {
  if (!isRecord(value) || typeof value["name"] !== "string" || typeof value["type"] !== "string") return false;
  if (!Object.hasOwn(COLUMN_TYPES, value["type"]) || !isCount(value["offset"]) || value["offset"] % 8 !== 0)
    return false;
  const encoding = value["encoding"];
  if (encoding === undefined) return true;
  return isRecord(encoding) && [undefined, "delta", "from"].includes(encoding["step"] as "delta" | undefined);
}
