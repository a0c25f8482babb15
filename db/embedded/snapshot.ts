import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * A snapshot is a copy of a data folder after all migrations and before any data, kept under the hash of the
 * migrations: a new database starts from it in a second instead of some ten.
 */
interface Manifest {
  readonly format: 1;
  readonly folders: readonly string[];
  /** Path, size and SHA-256 of each file. */
  readonly files: readonly (readonly [path: string, size: number, sha256: string])[];
}

const MANIFEST = "manifest.json";
const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");
const folderOf = (cacheDir: string, key: string): string => join(cacheDir, `database-${key}`);

/** How many snapshots stay: one per version that is still in use, some sixty megabytes each. */
const KEPT = 4;

function removeOld(cacheDir: string): void {
  const snapshots = readdirSync(cacheDir)
    .filter((name) => name.startsWith("database-"))
    .map((name) => ({ path: join(cacheDir, name), made: statSync(join(cacheDir, name)).mtimeMs }))
    .sort((a, b) => b.made - a.made);
  for (const { path } of snapshots.slice(KEPT)) rmSync(path, { recursive: true, force: true });
}

/** Saves a data folder. The copy is made beside its place and renamed, so that a half copy is never taken for a whole one. */
export function saveSnapshot(dataDir: string, cacheDir: string, key: string): void {
  const target = folderOf(cacheDir, key);
  if (existsSync(join(target, MANIFEST))) return;
  const draft = `${target}.${randomUUID()}`;
  try {
    mkdirSync(join(draft, "data"), { recursive: true });
    const folders: string[] = [];
    const files: [string, number, string][] = [];
    for (const entry of readdirSync(dataDir, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(dataDir.length + 1);
      if (entry.isDirectory()) {
        folders.push(path);
        mkdirSync(join(draft, "data", path), { recursive: true });
      } else if (entry.isFile()) {
        const data = readFileSync(join(dataDir, path));
        mkdirSync(dirname(join(draft, "data", path)), { recursive: true });
        writeFileSync(join(draft, "data", path), data);
        files.push([path, data.length, sha256(data)]);
      }
    }
    const manifest: Manifest = { format: 1, folders, files };
    writeFileSync(join(draft, MANIFEST), JSON.stringify(manifest));
    try {
      renameSync(draft, target);
    } catch {
      // Another process saved the same snapshot first, or a damaged one lies there: the next start decides.
    }
    removeOld(cacheDir);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Fills a new data folder from a snapshot.
 *
 * @param ours false where `cacheDir` is another's: what lies there is only read
 * @returns false when there is none or it is damaged; one of ours that is damaged is removed, and nothing is left in `dataDir`
 */
export function restoreSnapshot(cacheDir: string, key: string, dataDir: string, ours = true): boolean {
  const source = folderOf(cacheDir, key);
  if (!existsSync(join(source, MANIFEST))) return false;
  try {
    const manifest = JSON.parse(readFileSync(join(source, MANIFEST), "utf8")) as Manifest;
    if (manifest.format !== 1) throw new Error("unknown format");
    mkdirSync(dataDir, { recursive: true });
    for (const folder of manifest.folders) mkdirSync(join(dataDir, folder), { recursive: true, mode: 0o700 });
    for (const [path, size, hash] of manifest.files) {
      const data = readFileSync(join(source, "data", path));
      if (data.length !== size || sha256(data) !== hash) throw new Error(`${path} differs`);
      writeFileSync(join(dataDir, path), data, { mode: 0o600 });
    }
    return true;
  } catch {
    rmSync(dataDir, { recursive: true, force: true });
    if (ours) rmSync(source, { recursive: true, force: true });
    return false;
  }
}
