import { bugError, dataError } from "../model/errors.ts";

/**
 * Binary column container, version 1 (little-endian; the plain first form of DESIGN section 5):
 *
 *   0  4 bytes   magic "JWCL"
 *   4  uint16    version = 1
 *   6  uint16    reserved = 0
 *   8  uint32    length of the JSON header in bytes
 *  12  header    UTF-8 JSON `ColumnsHeader`, padded with spaces so that data starts at a multiple of 8
 *   …  columns   each at `offset` (multiple of 8, from the start of the file), `rows` values of its type
 *
 * Columns are read as typed-array views on the buffer: no copy between the network and the GPU.
 */
const MAGIC = 0x4c43574a; // "JWCL" read as little-endian uint32
const VERSION = 1;
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

/** Null of a time column: int32 minimum. */
export const NULL_TIME = -2147483648;

const align8 = (n: number): number => (n + 7) & ~7;

function typeOf(array: ColumnArray): ColumnType {
  for (const [type, arrayType] of Object.entries(COLUMN_TYPES))
    if (array instanceof arrayType) return type as ColumnType;
  throw bugError("unknown column array");
}

/** Encodes a table; equal tables give equal bytes. */
export function encodeColumns(table: ColumnTable): Uint8Array {
  const names = Object.keys(table.columns).sort();
  const entries: ColumnEntry[] = names.map((name) => ({
    name,
    type: typeOf(table.columns[name] as ColumnArray),
    offset: 0,
  }));
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
  view.setUint16(4, VERSION, true);
  view.setUint32(8, dataStart - FIXED_BYTES, true);
  out.fill(0x20, FIXED_BYTES, dataStart);
  out.set(header, FIXED_BYTES);
  for (const { name, offset } of placed) {
    const array = table.columns[name] as ColumnArray;
    out.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
  }
  return out;
}

/** Reads a table as views on `bytes`; throws a DATA error when it is not version 1 or is cut short. */
export function decodeColumns(input: ArrayBuffer | Uint8Array): ColumnTable {
  // Views need 8-byte alignment; a slice of a larger buffer may not have it.
  const bytes =
    input instanceof Uint8Array ? (input.byteOffset % 8 === 0 ? input : new Uint8Array(input)) : new Uint8Array(input);
  if (bytes.byteLength < FIXED_BYTES) throw dataError("not a column file: shorter than its head");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw dataError("not a column file: wrong magic");
  const version = view.getUint16(4, true);
  if (version !== VERSION)
    throw dataError(`column file of version ${version}, expected ${VERSION}`, {
      hint: "Reload the page: the server is newer than it.",
    });
  const headerEnd = FIXED_BYTES + view.getUint32(8, true);
  if (headerEnd > bytes.byteLength) throw dataError("column file is cut short in its header");
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(FIXED_BYTES, headerEnd))) as ColumnsHeader;
  const columns: Record<string, ColumnArray> = {};
  for (const { name, type, offset } of header.columns) {
    const arrayType = COLUMN_TYPES[type];
    if (offset + header.rows * arrayType.BYTES_PER_ELEMENT > bytes.byteLength)
      throw dataError(`column file is cut short in column ${name}`);
    columns[name] = new arrayType(bytes.buffer as ArrayBuffer, bytes.byteOffset + offset, header.rows);
  }
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
