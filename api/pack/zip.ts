import { crc32, deflateRawSync } from "node:zlib";
import { bugError } from "../../data/model/errors.ts";
import type { ArchiveEntry } from "./tar.ts";

/**
 * A zip archive (PKWARE APPNOTE 6.3): what Windows opens with a double click. Sizes and sums stand before each file, names are
 * UTF-8, and nothing is larger than 4 GiB, so neither data descriptors nor Zip64 are needed.
 */

const VERSION = 20;
const UTF8 = 0x0800;
const DEFLATED = 8;
/** Made by Unix: the upper half of the attributes is a file mode. */
const MADE_BY_UNIX = (3 << 8) | VERSION;
const LIMIT = 0xffff_ffff;
const MOST_FILES = 0xffff;

/** Date and time as MS-DOS has them, in UTC: two-second steps, years from 1980. */
function dosTime(seconds: number): readonly [time: number, date: number] {
  const at = new Date(seconds * 1000);
  return [
    (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    (Math.max(0, at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  ];
}

/**
 * The bytes of an archive, piece by piece.
 *
 * @param seconds time of every file, epoch seconds
 */
export async function* zipBytes(
  entries: Iterable<ArchiveEntry> | AsyncIterable<ArchiveEntry>,
  seconds: number,
): AsyncGenerator<Uint8Array> {
  const [time, date] = dosTime(seconds);
  const directory: Buffer[] = [];
  let offset = 0;
  for await (const { path, bytes, executable } of entries) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(bytes, { level: 6 });
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8, 2);
    common.writeUInt16LE(DEFLATED, 4);
    common.writeUInt16LE(time, 6);
    common.writeUInt16LE(date, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    // No comment, first disk, no internal attributes; then those of the file and where its own header lies.
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((executable ? 0o100755 : 0o100644) << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    const head = Buffer.alloc(6);
    head.write("PK\u0001\u0002", "latin1");
    head.writeUInt16LE(MADE_BY_UNIX, 4);
    directory.push(Buffer.concat([head, common, rest, name]));
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), common, name]);
    yield local;
    yield packed;
    offset += local.length + packed.length;
    if (offset > LIMIT) throw bugError("an archive of more than 4 GiB needs Zip64", { at: path });
  }
  const files = directory.length;
  if (files > MOST_FILES) throw bugError(`an archive of ${files} files needs Zip64`);
  const central = Buffer.concat(directory);
  yield central;
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(files, 8);
  end.writeUInt16LE(files, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  yield end;
}
