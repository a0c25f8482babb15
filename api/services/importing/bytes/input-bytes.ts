import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { dataError } from "../../../../data/model/errors.ts";
import { asFileError } from "../input-files.ts";

/** Bytes to read: a file, or an entry of a zip. */
export interface InputBytes {
  /** As errors and reports name it: base name of the file or entry. */
  readonly name: string;
  readonly size: number;
  /** A fresh pass from the start. */
  stream(): AsyncIterable<Uint8Array>;
  /** Path of a file that holds exactly these bytes: itself, or a temporary copy that goes with `close`. */
  localPath(): Promise<string>;
  close(): Promise<void>;
}

const CHUNK = 1 << 18;

/** A file as it lies on disk. */
export async function fileBytes(path: string): Promise<InputBytes> {
  try {
    const { size } = await stat(path);
    // The first read tells a folder and a missing right from a file.
    await (await open(path, "r")).close();
    return {
      name: basename(path),
      size,
      async *stream() {
        try {
          for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) yield chunk as Uint8Array;
        } catch (error) {
          throw asFileError(error, path);
        }
      },
      localPath: () => Promise.resolve(path),
      close: () => Promise.resolve(),
    };
  } catch (error) {
    throw asFileError(error, path);
  }
}

/** The first bytes, at most `length`. */
export async function headOf(bytes: InputBytes, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let have = 0;
  for await (const chunk of bytes.stream()) {
    parts.push(chunk);
    have += chunk.length;
    if (have >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** All bytes of a small file; the sizes that formats allow for their side files are asked for. */
export async function wholeOf(bytes: InputBytes, limit: number): Promise<Uint8Array> {
  if (bytes.size > limit)
    throw dataError(`${bytes.name} has ${bytes.size} bytes, more than the ${limit} that such a file can have`, {
      at: bytes.name,
    });
  return headOf(bytes, limit);
}

/** Reads a file by ranges through one window, so that neighbouring small reads cost one call. */
export class RangeReader {
  #window = Buffer.alloc(0);
  #at = 0;

  private constructor(
    readonly size: number,
    readonly file: FileHandle,
  ) {}

  static async open(bytes: InputBytes): Promise<RangeReader> {
    const file = await open(await bytes.localPath(), "r");
    return new RangeReader((await file.stat()).size, file);
  }

  /** Bytes from `position`; fewer than `length` only at the end of the file. Valid until the next call. */
  async read(position: number, length: number): Promise<Buffer> {
    const from = position - this.#at;
    if (from >= 0 && from + length <= this.#window.length) return this.#window.subarray(from, from + length);
    const wanted = Math.min(Math.max(length, CHUNK), Math.max(0, this.size - position));
    const buffer = Buffer.allocUnsafe(wanted);
    const { bytesRead } = await this.file.read(buffer, 0, wanted, position);
    this.#window = buffer.subarray(0, bytesRead);
    this.#at = position;
    return this.#window.subarray(0, length);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
