import { createHash, randomUUID } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { asDiskError } from "../../db/backup/disk-errors.ts";
import { MIGRATIONS_DIR } from "../../db/migrate.ts";
import { type ArchiveParts, archiveEntries } from "./sources.ts";
import { type ArchiveEntry, tarBytes } from "./tar.ts";
import { zipBytes } from "./zip.ts";

export interface PackOptions extends ArchiveParts {
  /** The archive: a zip where its name ends so, else a gzipped tar. */
  readonly file: string;
  readonly product: string;
  /** Version of Node in it. */
  readonly nodeVersion: string;
  readonly now: number;
}

export interface PackResult {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly unpackedBytes: number;
  readonly files: number;
}

/** Writes one archive with everything that a server needs on a platform, and a checksum of every file. */
export async function packArchive(options: PackOptions): Promise<PackResult> {
  const target = resolve(options.file);
  const folder = `jingwei-${options.product}-${options.platform.name}`;
  const sums: string[] = [];
  let unpackedBytes = 0;
  const summed = ({ path, bytes, executable }: ArchiveEntry): ArchiveEntry => {
    sums.push(`${createHash("sha256").update(bytes).digest("hex")}  ${path}`);
    unpackedBytes += bytes.length;
    return { path: `${folder}/${path}`, bytes, executable };
  };
  const entries = function* (): Generator<ArchiveEntry> {
    for (const entry of archiveEntries(options)) yield summed(entry);
    const migrations = readdirSync(MIGRATIONS_DIR)
      .filter((name) => name.endsWith(".sql"))
      .sort();
    const release = {
      product: options.product,
      platform: options.platform.name,
      node: options.nodeVersion,
      migrations: migrations.map((name) => name.slice(0, -4)),
    };
    const text = `${JSON.stringify(release, null, 2)}\n`;
    yield summed({ path: "release.json", bytes: Buffer.from(text), executable: false });
    const list = Buffer.from(`${sums.join("\n")}\n`);
    yield { path: `${folder}/SHA256SUMS`, bytes: list, executable: false };
  };
  const seconds = Math.floor(options.now / 1000);
  const draft = `${target}.partial-${randomUUID()}`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    const file = createWriteStream(draft, { flush: true });
    if (target.endsWith(".zip")) await pipeline(zipBytes(entries(), seconds), file);
    else await pipeline(tarBytes(entries(), seconds), createGzip({ level: 6 }), file);
    renameSync(draft, target);
  } catch (error) {
    throw asDiskError(error, target);
  } finally {
    if (existsSync(draft)) rmSync(draft, { force: true });
  }
  const hash = createHash("sha256");
  await pipeline(createReadStream(target), hash);
  return {
    file: target,
    bytes: statSync(target).size,
    sha256: hash.digest("hex"),
    unpackedBytes,
    files: sums.length + 1,
  };
}
