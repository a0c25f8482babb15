import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { AppError, dataError } from "../../../../data/model/errors.ts";
import { asFileError } from "../input-files.ts";
import type { InputBytes } from "./input-bytes.ts";

/** A zip of more entries than this is no delivery of data. */
const MAX_ENTRIES = 10_000;
/** Deflate packs text of a table 20 : 1 at most, blank space 1,032 : 1; in between lies what nobody packed by hand. */
const MAX_RATIO = 300;
/** Below this, what unpacks to many times its size does no harm. */
const RATIO_MATTERS_FROM = 64 * 2 ** 20;

export interface ArchiveEntry {
  /** Path within the archive, with `/`. */
  readonly path: string;
  readonly bytes: InputBytes;
}

/** A zip, its entries unpacked as they are read. Entries are never written under their own names. */
export class Archive {
  #spool: string | undefined;

  private constructor(
    readonly zip: ZipFile,
    readonly name: string,
    public readonly entries: readonly ArchiveEntry[],
  ) {}

  /** @throws DATA error for what is no zip, is cut off, names paths outside itself, or unpacks beyond reason */
  static async open(bytes: InputBytes): Promise<Archive> {
    const path = await bytes.localPath();
    const { name } = bytes;
    let zip: ZipFile | undefined;
    try {
      zip = await openPromise(path, { lazyEntries: true, autoClose: false });
      if (zip.entryCount > MAX_ENTRIES)
        throw dataError(`${name} says it has ${zip.entryCount} entries; up to ${MAX_ENTRIES} are read`, { at: name });
      const found: Entry[] = [];
      for await (const entry of zip.eachEntry())
        if (!entry.fileName.endsWith("/") && !isLitter(entry.fileName)) found.push(entry);
      refuseBombs(found, bytes);
      const entries: ArchiveEntry[] = [];
      const archive = new Archive(zip, name, entries);
      for (const entry of found) entries.push(archive.#entry(entry));
      return archive;
    } catch (error) {
      zip?.close();
      throw zipError(error, path, name);
    }
  }

  #entry(entry: Entry): ArchiveEntry {
    const path = entryPath(entry);
    const name = basename(path);
    let copy: Promise<string> | undefined;
    const stream = (): AsyncIterable<Uint8Array> => this.#stream(entry, name);
    return {
      path,
      bytes: {
        name,
        size: entry.uncompressedSize,
        stream,
        localPath: () => {
          copy ??= this.#copy(stream(), name);
          return copy;
        },
        close: () => Promise.resolve(),
      },
    };
  }

  async *#stream(entry: Entry, name: string): AsyncGenerator<Uint8Array> {
    const at = `${this.name}/${name}`;
    if (entry.isEncrypted())
      throw dataError(`${name} in ${this.name} is encrypted`, { at, hint: "Unpack it with its password first." });
    let sum = 0;
    try {
      for await (const chunk of await this.zip.openReadStreamPromise(entry)) {
        sum = crc32(chunk as Buffer, sum);
        yield chunk as Buffer;
      }
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw dataError(`${name} in ${this.name} cannot be unpacked: ${(error as Error).message}`, {
        at,
        hint: "The zip was cut off or damaged on its way: fetch it again.",
      });
    }
    if (sum !== entry.crc32)
      throw dataError(`${name} in ${this.name} is damaged: its check sum is not the one that was packed`, {
        at,
        hint: "Fetch the zip again.",
      });
  }

  /** What is read by position needs a file of its own; its name is ours. */
  async #copy(bytes: AsyncIterable<Uint8Array>, name: string): Promise<string> {
    this.#spool ??= await mkdtemp(join(tmpdir(), "jingwei-unzip-"));
    const number = Math.random().toString(36).slice(2);
    const ending = /\.[a-z0-9]{1,8}$/i.exec(name)?.[0] ?? "";
    const path = join(this.#spool, `${number}${ending}`);
    await pipeline(bytes, createWriteStream(path));
    return path;
  }

  async close(): Promise<void> {
    this.zip.close();
    if (this.#spool) await rm(this.#spool, { recursive: true, force: true });
  }
}

/** Side files of macOS and Windows. */
const isLitter = (path: string): boolean =>
  path.startsWith("__MACOSX/") || /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini)$/i.test(path);

/** Names are UTF-8 where the entry says so, else what Chinese Windows writes (GBK), else the DOS page that yauzl took. */
function entryPath(entry: Entry): string {
  const saysUtf8 = (entry.generalPurposeBitFlag & 0x800) !== 0;
  if (saysUtf8 || !entry.fileNameRaw.some((byte) => byte >= 0x80)) return entry.fileName;
  for (const encoding of ["utf-8", "gb18030"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(entry.fileNameRaw).replaceAll("\\", "/");
    } catch {
      // the next one
    }
  }
  return entry.fileName;
}

function refuseBombs(entries: readonly Entry[], { name, size }: InputBytes): void {
  const hint = "If it is true data, unpack it and give the file itself.";
  for (const { fileName, compressedSize, uncompressedSize } of entries)
    if (uncompressedSize > RATIO_MATTERS_FROM && uncompressedSize > MAX_RATIO * Math.max(1, compressedSize))
      throw dataError(
        `${basename(fileName)} in ${name} says it unpacks to ${megabytes(uncompressedSize)} MB, more than ${MAX_RATIO} times its size`,
        { at: `${name}/${basename(fileName)}`, hint },
      );
  const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  if (total > RATIO_MATTERS_FROM && total > MAX_RATIO * size)
    throw dataError(`${name} says it unpacks to ${megabytes(total)} MB, more than ${MAX_RATIO} times its size`, {
      at: name,
      hint,
    });
}

const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

function zipError(error: unknown, path: string, name: string): unknown {
  const known = asFileError(error, path);
  if (known !== error || error instanceof AppError) return known;
  const message = (error as Error).message;
  if (/invalid (relative path|characters)|absolute path/i.test(message))
    return dataError(`${name} holds an entry whose name leads out of the archive (${message})`, {
      at: name,
      hint: "No program that packs data writes such names: ask where the file is from.",
    });
  return dataError(`${name} is a zip that is cut off or damaged: ${message}`, { at: name, hint: "Fetch it again." });
}
