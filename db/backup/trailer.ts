import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { dataError, userError } from "../../data/model/errors.ts";
import { asDiskError } from "./disk-errors.ts";
import { type BackupManifest, FORMAT, MAGIC, manifestSchema } from "./manifest.ts";

/**
 * The end of a backup file: the manifest as JSON, then a line of fixed length that says where it begins and its SHA-256.
 * Every byte of a file is covered: those of a table by the manifest, those of the manifest by the line, and the line by
 * having to be exactly so.
 */
const END = "JINGWEI BACKUP END";
const LINE_BYTES = END.length + 1 + 15 + 1 + 64 + 1;

/** @param start where the manifest begins in the file, bytes */
export function trailer(manifest: BackupManifest, start: number): Buffer {
  const json = Buffer.from(JSON.stringify(manifest));
  const sum = createHash("sha256").update(json).digest("hex");
  return Buffer.concat([json, Buffer.from(`${END} ${String(start).padStart(15, "0")} ${sum}\n`)]);
}

async function readExactly(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await handle.read(bytes, at, length - at, start + at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

/**
 * Reads what a backup file says of itself.
 *
 * @throws DATA when it is no backup, is cut off, or its head or manifest is damaged; USER when a newer Jingwei wrote it in a
 *   form that this one does not know
 */
export async function readManifest(file: string): Promise<BackupManifest> {
  const damaged = (what: string): Error =>
    dataError(`${file} is damaged: ${what}`, {
      at: file,
      hint: "Use another backup; keep this one for whoever may repair it.",
    });
  const handle = await open(file, "r").catch((error: unknown) => {
    throw asDiskError(error, file);
  });
  try {
    const { size } = await handle.stat();
    const head = (await readExactly(handle, 0, MAGIC.length)).toString("latin1");
    if (head !== MAGIC) {
      const newer = /^JINGWEI BACKUP (\d+)\n/.exec(head);
      if (newer && Number(newer[1]) > FORMAT)
        throw userError(`${file} is a backup in format ${newer[1]}; this version reads format ${FORMAT}`, {
          at: file,
          hint: "Restore it with the newer version of Jingwei that wrote it.",
        });
      throw dataError(`${file} is no backup of Jingwei, or its first bytes are damaged`, { at: `${file} head` });
    }
    const line = (await readExactly(handle, Math.max(0, size - LINE_BYTES), LINE_BYTES)).toString("latin1");
    const found = /^JINGWEI BACKUP END (\d{15}) ([0-9a-f]{64})\n$/.exec(line);
    if (!found) throw damaged("its end is missing; it was cut off, or its last line was changed");
    const start = Number(found[1]);
    if (start > size - LINE_BYTES) throw damaged("its last line was changed");
    const json = await readExactly(handle, start, size - LINE_BYTES - start);
    if (createHash("sha256").update(json).digest("hex") !== found[2]) throw damaged("its manifest was changed");
    const parsed = manifestSchema.safeParse(JSON.parse(json.toString("utf8")));
    if (!parsed.success) throw damaged(`its manifest cannot be read (${parsed.error.issues[0]?.path.join(".")})`);
    const { tables } = parsed.data;
    const end = tables.reduce((at, table) => (table.offset === at ? at + table.bytes : Number.NaN), MAGIC.length);
    if (end !== start) throw damaged("its tables do not follow each other");
    return parsed.data;
  } finally {
    await handle.close();
  }
}
