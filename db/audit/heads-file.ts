import { createHash, randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../../data/model/errors.ts";
import { acquireDataLock } from "../embedded/data-lock.ts";
import { flushFolder } from "../embedded/flush.ts";
import type { AuditKeeper, AuditKey } from "./audit-key.ts";

/**
 * The file of heads, outside the database: one JSON line per sealed batch with the end of the county's chain, each line
 * signed and holding the hash of the line before it. Without it nobody could tell that the end of a chain was cut off.
 * Its first line names the file; each seal names the file that its head went to.
 */

/** The end of a county's chain when a batch was sealed. */
export interface Head {
  readonly county: string;
  readonly seq: number;
  readonly hash: string;
  /** Time of the seal, as `AuditSealRow.sealed_at`. */
  readonly sealedAt: string;
  /** True when the line was written by a later start, because the process ended between the seal and its head. */
  readonly late: boolean;
}

interface HeadLine extends Partial<Head> {
  readonly file: string;
  readonly previous: string;
  readonly mac: string;
}

/** A file of heads as read: what a line says and what is wrong with it. */
export interface HeadsFile {
  /** Name in the first line; undefined when there is no file or no readable first line. */
  readonly file: string | undefined;
  readonly heads: readonly (Head & { readonly line: number })[];
  /** The first line that is not as it was written. */
  readonly problem: { readonly line: number; readonly county?: string; readonly seq?: number } | undefined;
  /** Hash of the last line. */
  readonly lastHash: string;
  /** Bytes of whole lines; a torn line behind them was being written when the power failed. */
  readonly bytes: number;
  readonly torn: boolean;
}

const hashLine = (line: string): string => createHash("sha256").update(line).digest("hex");

const canonicalLine = (line: Omit<HeadLine, "mac">): string =>
  JSON.stringify([
    "jingwei audit head 1",
    line.file,
    line.previous,
    line.county ?? null,
    line.seq ?? null,
    line.hash ?? null,
    line.sealedAt ?? null,
    line.late ?? null,
  ]);

const signLine = (key: AuditKey, line: Omit<HeadLine, "mac">): string =>
  JSON.stringify({ ...line, mac: key.mac(canonicalLine(line)) });

function parseLine(text: string): HeadLine | undefined {
  try {
    const value = JSON.parse(text) as HeadLine | null;
    return value && typeof value.file === "string" && typeof value.mac === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

const isHead = (line: HeadLine): line is HeadLine & Head =>
  typeof line.county === "string" && typeof line.seq === "number" && typeof line.hash === "string";

/** The first line names the file and no head; all others tell of a head in this file. */
const isInPlace = (line: HeadLine, index: number, file: string | undefined): boolean =>
  index === 0 ? line.county === undefined : isHead(line) && line.file === file;

/** Reads and checks the file; a file that is absent reads as empty. */
export function readHeads({ key, headsFile }: AuditKeeper): HeadsFile {
  let content: Buffer;
  try {
    content = readFileSync(headsFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { file: undefined, heads: [], problem: undefined, lastHash: "", bytes: 0, torn: false };
  }
  const bytes = content.lastIndexOf(10) + 1;
  const lines = content.toString("utf8", 0, bytes).split("\n").slice(0, -1);
  const heads: (Head & { line: number })[] = [];
  let problem: HeadsFile["problem"];
  let file: string | undefined;
  let previous = "";
  lines.forEach((text, index) => {
    const line = parseLine(text);
    if (index === 0) file = line?.file;
    // Written exactly so: a line that says the same in other bytes was not written here.
    const good =
      line !== undefined &&
      line.previous === previous &&
      isInPlace(line, index, file) &&
      key.verifies(canonicalLine(line), line.mac) &&
      signLine(key, withoutMac(line)) === text;
    if (!good) problem ??= { line: index + 1, ...(line && isHead(line) ? { county: line.county, seq: line.seq } : {}) };
    if (line && isHead(line)) heads.push({ ...line, late: line.late === true, line: index + 1 });
    previous = hashLine(text);
  });
  const torn = bytes < content.length;
  return { file, heads, problem, lastHash: previous, bytes, torn };
}

const withoutMac = ({ mac: _, ...line }: HeadLine): Omit<HeadLine, "mac"> => line;

/** What holds the file while a batch is sealed. */
export interface OpenHeads {
  /** Name of the file, for the seals. */
  readonly file: string;
  /** The last head of a county in this file. */
  last(county: string): Head | undefined;
  /** Appends a head and flushes it. */
  append(head: Head): void;
}

function writeLine(path: string, text: string): void {
  const fd = openSync(path, "a", 0o600);
  try {
    writeSync(fd, `${text}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Where a file ends, so that it is not read again for every batch. */
interface HeadsEnd {
  readonly file: string;
  bytes: number;
  lastHash: string;
  readonly lasts: Map<string, Head>;
}

/** Ends that this process knows; good while the file has that size: it only grows. */
const ends = new Map<string, HeadsEnd>();

function endOf(keeper: AuditKeeper): HeadsEnd {
  const { headsFile } = keeper;
  const size = statSync(headsFile, { throwIfNoEntry: false })?.size ?? 0;
  const known = ends.get(headsFile);
  if (known && known.bytes === size) return known;
  const read = readHeads(keeper);
  if (read.torn) truncateSync(headsFile, read.bytes);
  return {
    file: read.file ?? randomUUID(),
    bytes: read.bytes,
    lastHash: read.lastHash,
    lasts: new Map(read.heads.map((head) => [head.county, head])),
  };
}

/** Work on one file stands in line within the process; other processes are kept out by a lock file. */
const queues = new Map<string, Promise<unknown>>();

const LOCK_ATTEMPTS = 200;
const LOCK_PAUSE_MS = 50;

async function lockFile(headsFile: string): Promise<() => void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return acquireDataLock(`${headsFile}.lock`, `The file of audit heads ${headsFile}`);
    } catch (error) {
      const busy = error instanceof AppError && error.code === "CONFLICT";
      if (!busy || attempt >= LOCK_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
    }
  }
}

/**
 * Opens the file for one process at a time, makes it where it is missing and cuts off a torn last line.
 *
 * @throws USER/CONFLICT when another process holds it for longer than ten seconds
 */
export async function withHeads<T>(keeper: AuditKeeper, work: (heads: OpenHeads) => Promise<T>): Promise<T> {
  const { key, headsFile } = keeper;
  const turn = (queues.get(headsFile) ?? Promise.resolve()).then(async () => {
    mkdirSync(dirname(headsFile), { recursive: true, mode: 0o700 });
    const unlock = await lockFile(headsFile);
    try {
      const end = endOf(keeper);
      const write = (line: Omit<HeadLine, "mac" | "file" | "previous">): void => {
        const text = signLine(key, { file: end.file, previous: end.lastHash, ...line });
        ends.delete(headsFile);
        writeLine(headsFile, text);
        end.lastHash = hashLine(text);
        end.bytes += Buffer.byteLength(text) + 1;
        ends.set(headsFile, end);
      };
      if (end.bytes === 0) {
        write({});
        flushFolder(dirname(headsFile));
      }
      return await work({
        file: end.file,
        last: (county) => end.lasts.get(county),
        append: ({ county, seq, hash, sealedAt, late }) => {
          write({ county, seq, hash, sealedAt, ...(late ? { late } : {}) });
          end.lasts.set(county, { county, seq, hash, sealedAt, late });
        },
      });
    } finally {
      unlock();
    }
  });
  queues.set(
    headsFile,
    turn.catch(() => undefined),
  );
  return turn;
}
