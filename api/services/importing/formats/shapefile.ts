import {
  type DbfField,
  type DbfHeader,
  dbfHeaderBytes,
  isDeleted,
  namedFields,
  readDbfHeader,
  readDbfRecord,
} from "../../../../data/importers/formats/dbf.ts";
import { dbfEncoding, withoutCutCharacter } from "../../../../data/importers/formats/dbf-encoding.ts";
import { readShape } from "../../../../data/importers/formats/shape-record.ts";
import { GeometryFault } from "../../../../data/importers/formats/wkb.ts";
import type { RawFeature, RawLayer } from "../../../../data/importers/raw-layer.ts";
import type { ImportLog } from "../../../../data/importers/report.ts";
import { dataError } from "../../../../data/model/errors.ts";
import { type InputBytes, RangeReader, wholeOf } from "../bytes/input-bytes.ts";
import { openShapes, type Shapes } from "./shape-file.ts";

/** Files of one shapefile, by ending without dot, in lower case; `shp` is there. */
export type ShapefileParts = ReadonlyMap<string, InputBytes>;

/** Rows that the encoding is judged by. */
const SAMPLE_BYTES = 1 << 20;
const SIDE_FILE_BYTES = 64 * 1024;

interface Table {
  readonly reader: RangeReader;
  readonly header: DbfHeader;
  readonly fields: readonly DbfField[];
  readonly decode: (bytes: Uint8Array) => string;
}

/**
 * Opens a shapefile: .shp, with .dbf, .shx, .prj and .cpg where they are there. Records are read by ranges.
 *
 * @throws DATA error naming the file whose header, lengths or counts do not fit
 */
export async function openShapefile(parts: ShapefileParts, log: ImportLog): Promise<RawLayer> {
  const shp = parts.get("shp") as InputBytes;
  const file = shp.name;
  const shapes = await openShapes(shp, parts.get("shx"), log);
  let table: Table | undefined;
  try {
    table = await openTable(parts, log);
    if (table && table.header.records !== shapes.count)
      throw dataError(`${file} has ${shapes.count} shapes but its .dbf has ${table.header.records} rows`, {
        at: file,
        hint: "Export both again: rows would stand beside the wrong shapes.",
      });
    if (!table) log.flag("no_attributes", `${file} comes without its .dbf: shapes have no attributes`);
  } catch (error) {
    await shapes.close();
    await table?.reader.close();
    throw error;
  }
  const prj = parts.get("prj");
  const declared = prj && new TextDecoder().decode(await wholeOf(prj, SIDE_FILE_BYTES)).trim();
  return {
    name: file.replace(/\.[^.]*$/, ""),
    file,
    format: "shapefile",
    declaredCrs: declared || undefined,
    fields: table?.fields.map(({ name }) => name) ?? [],
    features: (pass) => readFeatures(file, shapes, table, pass),
    async close() {
      await shapes.close();
      await table?.reader.close();
    },
  };
}

async function* readFeatures(
  file: string,
  shapes: Shapes,
  table: Table | undefined,
  log: ImportLog,
): AsyncGenerator<RawFeature> {
  for (let number = 1; number <= shapes.count; number++) {
    const at = `${file}#${number}`;
    let row: Uint8Array | undefined;
    if (table) {
      const { headerBytes, recordBytes } = table.header;
      row = await table.reader.read(headerBytes + (number - 1) * recordBytes, recordBytes);
      // Rows that a program has deleted and not yet cleared away are no longer data.
      if (isDeleted(row)) continue;
    }
    const properties = row && table ? readDbfRecord(row, table.fields, table.decode) : {};
    try {
      const geometry = readShape(await shapes.content(number));
      yield { at, number, id: undefined, properties, geometry };
    } catch (error) {
      if (!(error instanceof GeometryFault)) throw error;
      const value = Object.values(properties)
        .filter((one) => one !== null)
        .join(", ");
      log.skip("broken_record", { at, value, message: error.message });
    }
  }
}

async function openTable(parts: ShapefileParts, log: ImportLog): Promise<Table | undefined> {
  const dbf = parts.get("dbf");
  if (!dbf) return undefined;
  const reader = await RangeReader.open(dbf);
  try {
    const start = Buffer.from(await reader.read(0, 32));
    const header = readDbfHeader(Buffer.from(await reader.read(0, dbfHeaderBytes(start))), dbf.name);
    const needed = header.headerBytes + header.records * header.recordBytes;
    if (needed > reader.size)
      throw dataError(
        `${dbf.name} is cut off: ${header.records} rows of ${header.recordBytes} bytes are claimed, it ends in row ${Math.max(0, Math.floor((reader.size - header.headerBytes) / header.recordBytes)) + 1}`,
        { at: dbf.name, hint: "Fetch or export it again." },
      );
    const cpg = parts.get("cpg");
    const said = cpg && new TextDecoder("latin1").decode(await wholeOf(cpg, SIDE_FILE_BYTES));
    const { encoding, contradicted } = dbfEncoding(said, header.languageDriver, await textSample(reader, header));
    if (contradicted)
      log.flag(
        "encoding_corrected",
        `${dbf.name} says it is ${contradicted}, but its bytes are ${encoding}: read as that`,
      );
    const decoder = new TextDecoder(encoding);
    const decode = (bytes: Uint8Array): string => {
      const text = decoder.decode(bytes);
      if (text.includes("\uFFFD") && text.indexOf("\uFFFD") < text.length - 1)
        log.flag(
          "undecodable_text",
          `${dbf.name} holds text that is not ${encoding} throughout, for example "${text.slice(0, 40)}"`,
        );
      return text;
    };
    return { reader, header, fields: namedFields(header, (bytes) => decoder.decode(bytes)), decode };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** Names of the columns and text of the first rows, each value ended by a blank. */
async function textSample(reader: RangeReader, header: DbfHeader): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const add = (value: Uint8Array): void => {
    if (value.some((byte) => byte >= 0x80)) parts.push(Uint8Array.from([...withoutCutCharacter(value), 0x20]));
  };
  for (const { nameBytes } of header.fields) add(nameBytes);
  const rows = Math.min(header.records, Math.ceil(SAMPLE_BYTES / header.recordBytes));
  for (let row = 0; row < rows; row++) {
    const bytes = await reader.read(header.headerBytes + row * header.recordBytes, header.recordBytes);
    for (const { type, offset, length } of header.fields)
      if (type === "C") add(bytes.subarray(offset, offset + length));
  }
  return Buffer.concat(parts);
}
