import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { dataError } from "../../data/model/errors.ts";
import { LineDigest } from "./line-digest.ts";
import type { BackupManifest, BackupTable } from "./manifest.ts";
import { readManifest } from "./trailer.ts";

const NEWLINE = 10;
/** Rows are handed on in pieces of about so many bytes. */
const PIECE_BYTES = 4_000_000;

const damaged = (file: string, table: BackupTable, why: string): Error =>
  dataError(`${file} is damaged in table ${table.name}: ${why}`, {
    at: `${file} table ${table.name}`,
    hint: "Nothing of it was used. Restore another backup; the other tables of this one can still be read.",
  });

async function* packedBytes(file: string, table: BackupTable): AsyncGenerator<Buffer> {
  if (table.bytes === 0) return;
  const stream = createReadStream(file, { start: table.offset, end: table.offset + table.bytes - 1 });
  for await (const piece of stream) yield piece as Buffer;
}

/**
 * The rows of a table in COPY's text format, each piece a number of whole rows.
 *
 * @throws DATA naming the table when its bytes or its rows are not those that were written; thrown at the end, so what was
 *   read before must not count until then
 */
export async function* readTable(file: string, table: BackupTable): AsyncGenerator<Uint8Array> {
  const sum = createHash("sha256");
  const digest = new LineDigest();
  const gunzip = createGunzip();
  const summed = async function* () {
    for await (const piece of packedBytes(file, table)) {
      sum.update(piece);
      yield piece;
    }
  };
  // What it says is heard below, unless whoever reads stops before.
  const fed = pipeline(summed, gunzip);
  fed.catch(() => undefined);
  let waiting: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of gunzip as AsyncIterable<Buffer>) {
      digest.update(piece);
      waiting.push(piece);
      bytes += piece.length;
      if (bytes < PIECE_BYTES) continue;
      const whole = Buffer.concat(waiting);
      const end = whole.lastIndexOf(NEWLINE) + 1;
      if (end > 0) yield whole.subarray(0, end);
      waiting = [whole.subarray(end)];
      bytes = whole.length - end;
    }
    await fed;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code.startsWith("Z_")) throw damaged(file, table, "its bytes cannot be unpacked");
    throw error;
  } finally {
    gunzip.destroy();
  }
  if (sum.digest("hex") !== table.sha256) throw damaged(file, table, "its bytes are not those that were written");
  if (digest.rows !== table.rows || digest.hash !== table.hash)
    throw damaged(file, table, "its rows are not those that were written");
  if (bytes > 0) yield Buffer.concat(waiting);
}

/**
 * Reads a whole backup and compares every byte and every row with what the file says of itself.
 *
 * @throws DATA naming the first table, or the part of the file, that is damaged
 */
export async function verifyBackup(file: string): Promise<BackupManifest> {
  const manifest = await readManifest(file);
  for (const table of manifest.tables) {
    const sum = createHash("sha256");
    let bytes = 0;
    for await (const piece of packedBytes(file, table)) {
      sum.update(piece);
      bytes += piece.length;
    }
    // Before it is unpacked: a changed byte may unpack to anything.
    if (bytes !== table.bytes || sum.digest("hex") !== table.sha256)
      throw damaged(file, table, "its bytes are not those that were written");
    for await (const _ of readTable(file, table));
  }
  return manifest;
}
