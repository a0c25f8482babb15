import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError, notFound, userError } from "../../../../data/model/errors.ts";
import { RefusedRequest } from "../../../hardening/request-guards.ts";
import { PARTIAL, requireFileName, uploadFolder } from "./upload-names.ts";

/** Files of one upload: a shapefile has some ten parts, a catalogue some dozens. */
const MAX_FILES = 200;
/** How long an upload that nobody imports is kept, ms. */
export const UPLOAD_LIFE_MS = 24 * 3_600_000;

/** A file of an upload. */
export interface UploadedFile {
  readonly name: string;
  /** Bytes that are here. */
  readonly size: number;
  /** False while parts are missing. */
  readonly complete: boolean;
}

/** What is sent: a whole file, or a part of one that is sent in several. */
export interface SentPart {
  readonly county: string;
  readonly upload: string;
  readonly name: string;
  /** Where the part begins; 0 = a new file. */
  readonly offset: number;
  /** Bytes of the whole file; absent = this is all of it. */
  readonly total: number | undefined;
}

const sizeOf = async (path: string): Promise<number | undefined> => {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
};

/** Files that were sent to be imported, below one folder. Nothing reads them but importers. */
export class Uploads {
  /** Files that are being written, so that two requests do not write one. */
  readonly #writing = new Set<string>();

  constructor(
    readonly dir: string,
    /** Most bytes of one upload. */
    readonly maxBytes: number,
  ) {}

  /**
   * Writes what comes. A request that breaks off leaves the file as it was before: a first part nothing at all.
   *
   * @throws BAD_USER_INPUT for names and places that are none, CONFLICT where the part does not go on where the file ends,
   * 413 beyond the limit
   */
  async receive(part: SentPart, body: Readable): Promise<UploadedFile> {
    const name = requireFileName(part.name);
    const folder = uploadFolder(this.dir, part.county, part.upload);
    const path = join(folder, name);
    const partial = `${path}${PARTIAL}`;
    if (this.#writing.has(path)) throw conflict(name, "is being sent already");
    this.#writing.add(path);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const room = await this.#room(folder, name, part);
      const begun = part.offset === 0 ? 0 : ((await sizeOf(partial)) ?? 0);
      if (begun !== part.offset) throw conflict(name, `ends at byte ${begun}`, { received: begun });
      let size: number;
      try {
        size = begun + (await write(body, partial, begun, room - begun, this.maxBytes));
      } catch (error) {
        // What came in part is taken back; without this, its beginning would look like a file.
        if (begun === 0) await rm(partial, { force: true });
        else await truncate(partial, begun);
        throw error;
      }
      const total = part.total ?? size;
      if (size > total) {
        await rm(partial, { force: true });
        throw userError(`${name} is longer than the ${total} bytes that were announced`, { at: "total" });
      }
      if (size < total) return { name, size, complete: false };
      await rename(partial, path);
      return { name, size, complete: true };
    } finally {
      this.#writing.delete(path);
    }
  }

  /** Bytes that a file may have beside the others of its upload. */
  async #room(folder: string, name: string, { total }: SentPart): Promise<number> {
    const others = (await filesIn(folder)).filter((file) => file.name !== name);
    if (others.length >= MAX_FILES)
      throw userError(`an upload holds at most ${MAX_FILES} files`, { at: "name", hint: "Pack them into a zip file." });
    const room = this.maxBytes - others.reduce((sum, { size }) => sum + size, 0);
    if ((total ?? 0) > room) throw tooLarge(this.maxBytes);
    return room;
  }

  /** Files of an upload by name; empty where there is none. */
  list(county: string, upload: string): Promise<UploadedFile[]> {
    return filesIn(uploadFolder(this.dir, county, upload));
  }

  /** Takes a file out of an upload. @throws NOT_FOUND without it */
  async remove(county: string, upload: string, given: string): Promise<void> {
    const name = requireFileName(given);
    const path = join(uploadFolder(this.dir, county, upload), name);
    const there = [await sizeOf(path), await sizeOf(`${path}${PARTIAL}`)];
    if (there.every((size) => size === undefined))
      throw notFound(`there is no file ${name} in this upload`, { at: "name" });
    await rm(path, { force: true });
    await rm(`${path}${PARTIAL}`, { force: true });
  }

  /**
   * Paths of the files that have come whole.
   *
   * @throws NOT_FOUND without any, CONFLICT where one is still on its way
   */
  async paths(county: string, upload: string): Promise<string[]> {
    const folder = uploadFolder(this.dir, county, upload);
    const files = await filesIn(folder);
    const [partial] = files.filter(({ complete }) => !complete);
    if (partial) throw conflict(partial.name, "has not come whole");
    if (files.length === 0)
      throw notFound("there are no files in this upload", {
        at: "upload",
        hint: "They are deleted after a day and when they have been imported: send them again.",
      });
    return files.map(({ name }) => join(folder, name));
  }

  /** Deletes an upload. */
  async drop(county: string, upload: string): Promise<void> {
    await rm(uploadFolder(this.dir, county, upload), { recursive: true, force: true });
  }

  /**
   * Deletes what has lain for a day.
   *
   * @param keep is an upload needed by an import that runs?
   */
  async sweep(nowMs: number, keep: (county: string, upload: string) => boolean): Promise<void> {
    for (const county of await namesIn(join(this.dir, "uploads")))
      for (const upload of await namesIn(join(this.dir, "uploads", county))) {
        const folder = join(this.dir, "uploads", county, upload);
        const { mtimeMs } = await stat(folder);
        if (nowMs - mtimeMs > UPLOAD_LIFE_MS && !keep(county, upload))
          await rm(folder, { recursive: true, force: true });
      }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function filesIn(folder: string): Promise<UploadedFile[]> {
  const files: UploadedFile[] = [];
  for (const name of await namesIn(folder)) {
    const size = await sizeOf(join(folder, name));
    const complete = !name.endsWith(PARTIAL);
    if (size !== undefined) files.push({ name: complete ? name : name.slice(0, -PARTIAL.length), size, complete });
  }
  return files;
}

/** @returns bytes written */
async function write(body: Readable, path: string, start: number, room: number, limit: number): Promise<number> {
  let written = 0;
  const counted = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      written += chunk.length;
      if (written > room) throw tooLarge(limit);
      yield chunk;
    }
  };
  await pipeline(body, counted, createWriteStream(path, { flags: start === 0 ? "w" : "r+", start, mode: 0o600 }));
  return written;
}

const tooLarge = (limit: number): RefusedRequest =>
  new RefusedRequest(
    413,
    `the files of one upload may hold ${Math.floor(limit / 2 ** 20)} MB`,
    "Pack them, import them in several turns or with `jingwei import`, or raise IMPORT_UPLOAD_MB.",
    { at: "body" },
  );

const conflict = (name: string, what: string, facts?: AppError["facts"]): AppError =>
  new AppError("USER", `${name} ${what}`, {
    code: "CONFLICT",
    at: "name",
    hint: "List the files of the upload and go on where this one ends.",
    ...(facts ? { facts } : {}),
  });
