import type { ColumnArray, ColumnType } from "../../data/columns/format.ts";
import { COLUMN_TYPES } from "../../data/columns/format.ts";
import { bugError } from "../../data/model/errors.ts";

/**
 * How whole columns travel from the database: one bytea made by SQL, so that no row object is ever built.
 *
 *   int32 rows · for each column: rows × value, big-endian (PostgreSQL's send functions) · UTF-8 JSON to the end
 */
export interface PackedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** SQL expression over the ordered rows `r`; must fit the type. */
  readonly sql: string;
}

const SEND: Record<ColumnType, (sql: string) => string> = {
  u8: (sql) => `substr(int2send((${sql})::int2), 2, 1)`,
  u16: (sql) => `substr(int4send((${sql})::int4), 3, 2)`,
  u32: (sql) => `substr(int8send((${sql})::int8), 5, 4)`,
  i32: (sql) => `int4send((${sql})::int4)`,
};

/**
 * SELECT list that packs ordered rows.
 *
 * @param tail SQL expression of the JSON (type json) that ends the packet; may use aggregates over `r`
 */
export const packSql = (columns: readonly PackedColumn[], tail: string): string =>
  [
    "int4send(count(*)::int4)",
    ...columns.map(({ type, sql }) => `coalesce(string_agg(${SEND[type](sql)}, ''::bytea), ''::bytea)`),
    `convert_to((${tail})::text, 'UTF8')`,
  ].join(" || ");

/**
 * Epoch seconds of an instant as int32; the null value of time columns where there is none. Instants beyond 1901 … 2038
 * end at the first or last second that int32 holds (a source may write 2059 for "no due time").
 */
export const epochSql = (sql: string): string =>
  `CASE WHEN ${sql} IS NULL THEN (-2147483648)::int4
     ELSE least(greatest(floor(extract(epoch FROM ${sql})), -2147483647), 2147483647)::int4 END`;

/** Lattice units (1e-7 degree) of a coordinate. */
export const latticeSql = (sql: string): string => `round((${sql}) * 10000000)::int4`;

/** Index in a fixed list of texts. */
export const indexSql = (sql: string, values: readonly string[], otherwise: number): string =>
  `CASE ${sql} ${values.map((value, n) => `WHEN '${value}' THEN ${n}`).join(" ")} ELSE ${otherwise} END`;

export interface UnpackedColumns<Tail> {
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnArray>>;
  readonly tail: Tail;
}

/** Reads a packet; values come out in the byte order of this machine (little-endian, as the column format is). */
export function unpackColumns<Tail>(bytes: Uint8Array, columns: readonly PackedColumn[]): UnpackedColumns<Tail> {
  // A copy of our own: swapping in place must not touch what the driver still holds.
  const packet = Buffer.from(bytes);
  const rows = packet.readInt32BE(0);
  let offset = 4;
  const arrays: Record<string, ColumnArray> = {};
  for (const { name, type } of columns) {
    const arrayType = COLUMN_TYPES[type];
    const size = rows * arrayType.BYTES_PER_ELEMENT;
    const part = packet.subarray(offset, offset + size);
    if (part.length !== size) throw bugError(`packed column ${name} is cut short`);
    if (arrayType.BYTES_PER_ELEMENT === 4) part.swap32();
    if (arrayType.BYTES_PER_ELEMENT === 2) part.swap16();
    const array = new arrayType(rows);
    new Uint8Array(array.buffer).set(part);
    arrays[name] = array;
    offset += size;
  }
  return { rows, columns: arrays, tail: JSON.parse(packet.toString("utf8", offset)) as Tail };
}
