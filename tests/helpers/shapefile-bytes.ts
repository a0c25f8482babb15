type Ring = readonly (readonly [number, number])[];

/** Content of a polygon record (shape type 5); counts may lie. */
export function polygonRecord(rings: readonly Ring[], claims: { parts?: number; points?: number } = {}): Buffer {
  const points = rings.flat();
  const out = Buffer.alloc(44 + 4 * rings.length + 16 * points.length);
  out.writeInt32LE(5, 0);
  out.writeInt32LE(claims.parts ?? rings.length, 36);
  out.writeInt32LE(claims.points ?? points.length, 40);
  let first = 0;
  for (const [index, ring] of rings.entries()) {
    out.writeInt32LE(first, 44 + 4 * index);
    first += ring.length;
  }
  for (const [index, [x, y]] of points.entries()) {
    out.writeDoubleLE(x, 44 + 4 * rings.length + 16 * index);
    out.writeDoubleLE(y, 52 + 4 * rings.length + 16 * index);
  }
  return out;
}

export interface ShpClaims {
  readonly fileBytes?: number;
  /** Content length of the first record, in bytes. */
  readonly recordBytes?: number;
}

/** A .shp of records. */
export function shpBytes(records: readonly Uint8Array[], claims: ShpClaims = {}): Buffer {
  const body = Buffer.concat(
    records.map((record, index) => {
      const head = Buffer.alloc(8);
      head.writeInt32BE(index + 1, 0);
      head.writeInt32BE((index === 0 && claims.recordBytes !== undefined ? claims.recordBytes : record.length) / 2, 4);
      return Buffer.concat([head, record]);
    }),
  );
  const head = Buffer.alloc(100);
  head.writeInt32BE(9994, 0);
  head.writeInt32BE((claims.fileBytes ?? 100 + body.length) / 2, 24);
  head.writeInt32LE(1000, 28);
  head.writeInt32LE(5, 32);
  return Buffer.concat([head, body]);
}

export interface DbfColumn {
  readonly name: string | Uint8Array;
  readonly type: string;
  readonly length: number;
}

/** A .dbf of rows; cells are bytes or ASCII text, padded with blanks. */
export function dbfBytes(
  columns: readonly DbfColumn[],
  rows: readonly (readonly (string | Uint8Array)[])[],
  claims: { readonly records?: number; readonly driver?: number; readonly headerBytes?: number } = {},
): Buffer {
  const head = Buffer.alloc(32 + 32 * columns.length + 1);
  head[0] = 3;
  head.writeUInt32LE(claims.records ?? rows.length, 4);
  head.writeUInt16LE(claims.headerBytes ?? head.length, 8);
  head.writeUInt16LE(1 + columns.reduce((sum, { length }) => sum + length, 0), 10);
  head[29] = claims.driver ?? 0;
  for (const [index, { name, type, length }] of columns.entries()) {
    Buffer.from(name as string).copy(head, 32 + 32 * index);
    head[43 + 32 * index] = type.charCodeAt(0);
    head[48 + 32 * index] = length;
  }
  head[head.length - 1] = 0x0d;
  const body = rows.map((row) =>
    Buffer.concat([
      Buffer.from(" "),
      ...row.map((cell, index) => {
        const out = Buffer.alloc(columns[index]?.length ?? 0, 0x20);
        Buffer.from(cell as string).copy(out);
        return out;
      }),
    ]),
  );
  return Buffer.concat([head, ...body, Buffer.from([0x1a])]);
}
