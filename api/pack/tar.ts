import { userError } from "../../data/model/errors.ts";

/**
 * A tar archive in the ustar form (POSIX.1-1988), which `tar` of every system reads (Windows 10 has one since 2018). Written
 * here and not by the system's program, so that the same files give the same bytes wherever they are packed.
 */

const BLOCK = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;

/** A file of an archive. */
export interface ArchiveEntry {
  /** Path in the archive with slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

const octal = (value: number, bytes: number): string => `${value.toString(8).padStart(bytes - 1, "0")}\0`;

/** A path in its two fields: name, and the folders before it. */
function splitPath(path: string): readonly [name: string, prefix: string] {
  if (Buffer.byteLength(path) <= NAME_BYTES) return [path, ""];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(name) <= NAME_BYTES && Buffer.byteLength(prefix) <= PREFIX_BYTES) return [name, prefix];
  }
  throw userError(`a path is too long for an archive: ${path}`, { at: path });
}

function header({ path, bytes, executable }: ArchiveEntry, seconds: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const [name, prefix] = splitPath(path);
  block.write(name, 0, NAME_BYTES, "utf8");
  block.write(octal(executable ? 0o755 : 0o644, 8), 100, "latin1");
  block.write(octal(0, 8), 108, "latin1");
  block.write(octal(0, 8), 116, "latin1");
  block.write(octal(bytes.length, 12), 124, "latin1");
  block.write(octal(seconds, 12), 136, "latin1");
  block.write(" ".repeat(8), 148, "latin1");
  block.write("0", 156, "latin1");
  block.write("ustar\0" + "00", 257, "latin1");
  block.write(prefix, 345, PREFIX_BYTES, "utf8");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/**
 * The bytes of an archive, piece by piece.
 *
 * @param seconds time of every file, epoch seconds
 */
export async function* tarBytes(
  entries: Iterable<ArchiveEntry> | AsyncIterable<ArchiveEntry>,
  seconds: number,
): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) {
    yield header(entry, seconds);
    yield entry.bytes;
    const rest = entry.bytes.length % BLOCK;
    if (rest > 0) yield Buffer.alloc(BLOCK - rest);
  }
  yield Buffer.alloc(2 * BLOCK);
}

const field = (block: Uint8Array, from: number, length: number): string =>
  Buffer.from(block.subarray(from, from + length))
    .toString("utf8")
    .replace(/\0.*$/s, "");

/** Files of a tar archive, as registries hand out packages: folders, links and extended headers are passed over. */
export function* tarEntries(tar: Uint8Array): Generator<ArchiveEntry> {
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const head = tar.subarray(at, at + BLOCK);
    const name = field(head, 0, NAME_BYTES);
    if (name === "") return;
    const size = Number.parseInt(field(head, 124, 12).trim() || "0", 8);
    const prefix = field(head, 257, 5) === "ustar" ? field(head, 345, PREFIX_BYTES) : "";
    const isFile = head[156] === 0 || head[156] === "0".charCodeAt(0);
    if (isFile)
      yield {
        path: prefix === "" ? name : `${prefix}/${name}`,
        bytes: tar.subarray(at + BLOCK, at + BLOCK + size),
        executable: (Number.parseInt(field(head, 100, 8).trim() || "0", 8) & 0o100) !== 0,
      };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}
