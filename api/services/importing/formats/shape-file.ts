import {
  RECORD_HEADER_BYTES,
  SHAPE_FILE_CODE,
  SHAPE_HEADER_BYTES,
} from "../../../../data/importers/formats/shape-record.ts";
import { GeometryFault } from "../../../../data/importers/formats/wkb.ts";
import type { ImportLog } from "../../../../data/importers/report.ts";
import { dataError } from "../../../../data/model/errors.ts";
import { type InputBytes, RangeReader } from "../bytes/input-bytes.ts";

/** Records of a .shp by number. */
export interface Shapes {
  readonly count: number;
  /** Content of a record, first = 1, from its shape type on; valid until the next call. */
  content(number: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** One shape of more than this is a claim, not a shape (16 million positions). */
const MAX_RECORD_BYTES = 256 * 2 ** 20;

/**
 * Opens the shapes of a .shp. Where its .shx is whole, records are found by it (edited files have gaps), else one behind the
 * other.
 *
 * @throws DATA error for a wrong file code or a length in a header that the file does not have
 */
export async function openShapes(shp: InputBytes, shx: InputBytes | undefined, log: ImportLog): Promise<Shapes> {
  const reader = await RangeReader.open(shp);
  try {
    const end = await endOf(reader, shp.name);
    const offsets = (shx && (await offsetsOfIndex(shx, end, log))) ?? (await offsetsOfRecords(reader, end, shp.name));
    return {
      count: offsets.length,
      async content(number) {
        const offset = offsets[number - 1] as number;
        const header = await reader.read(offset, RECORD_HEADER_BYTES);
        const length = 2 * header.readInt32BE(4);
        if (length < 0 || length > MAX_RECORD_BYTES || offset + RECORD_HEADER_BYTES + length > end)
          throw new GeometryFault(
            `the record says it has ${length} bytes, the file has ${end - offset - RECORD_HEADER_BYTES} left`,
          );
        return (await reader.read(offset, RECORD_HEADER_BYTES + length)).subarray(RECORD_HEADER_BYTES);
      },
      close: () => reader.close(),
    };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** Bytes that the header says the file has. */
async function endOf(reader: RangeReader, file: string): Promise<number> {
  const header = await reader.read(0, SHAPE_HEADER_BYTES);
  if (header.length < SHAPE_HEADER_BYTES || header.readInt32BE(0) !== SHAPE_FILE_CODE)
    throw dataError(`${file} is not a shapefile: its first bytes are not those of a .shp`, { at: file });
  const claimed = 2 * header.readInt32BE(24);
  if (claimed < SHAPE_HEADER_BYTES || claimed > reader.size)
    throw dataError(`${file} is cut off: its header says ${claimed} bytes, it has ${reader.size}`, {
      at: file,
      hint: "Fetch or export it again.",
    });
  return claimed;
}

/** Offsets of a .shx; undefined (and flagged) when they do not point into the file. 8 bytes a record stay in memory. */
async function offsetsOfIndex(shx: InputBytes, end: number, log: ImportLog): Promise<Float64Array | undefined> {
  const reader = await RangeReader.open(shx);
  try {
    const count = Math.floor((reader.size - SHAPE_HEADER_BYTES) / 8);
    const head = await reader.read(0, 4);
    const offsets = new Float64Array(Math.max(0, count));
    let whole =
      count >= 0 &&
      (count > 0 || end === SHAPE_HEADER_BYTES) &&
      head.length === 4 &&
      head.readInt32BE(0) === SHAPE_FILE_CODE;
    for (let i = 0; i < count && whole; i++) {
      const entry = await reader.read(SHAPE_HEADER_BYTES + 8 * i, 8);
      const offset = 2 * entry.readInt32BE(0);
      if (offset < SHAPE_HEADER_BYTES || offset + RECORD_HEADER_BYTES > end) whole = false;
      offsets[i] = offset;
    }
    if (whole) return offsets;
    log.flag("index_ignored", `${shx.name} does not fit its .shp: records are read one behind the other`);
    return undefined;
  } finally {
    await reader.close();
  }
}

async function offsetsOfRecords(reader: RangeReader, end: number, file: string): Promise<Float64Array> {
  let offsets = new Float64Array(1024);
  let count = 0;
  let at = SHAPE_HEADER_BYTES;
  while (at < end) {
    const header = await reader.read(at, RECORD_HEADER_BYTES);
    const length = header.length < RECORD_HEADER_BYTES ? -1 : 2 * header.readInt32BE(4);
    if (length < 4 || at + RECORD_HEADER_BYTES + length > end)
      throw dataError(
        `${file}: record ${count + 1} says it has ${length} bytes, the file has ${end - at - RECORD_HEADER_BYTES} left`,
        { at: `${file}#${count + 1}`, hint: "The file is cut off or damaged: fetch or export it again." },
      );
    if (count === offsets.length) {
      const more = new Float64Array(2 * count);
      more.set(offsets);
      offsets = more;
    }
    offsets[count++] = at;
    at += RECORD_HEADER_BYTES + length;
  }
  return offsets.subarray(0, count);
}
