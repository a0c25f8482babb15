import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Extension } from "@electric-sql/pglite";
import { postgis } from "@electric-sql/pglite-postgis";
import { SHIPPED_POSTGIS } from "./shipped.ts";

/**
 * What of PostGIS's bundle is needed: the library, the projections and the script of `CREATE EXTENSION postgis`. The
 * rest (raster, topology, geocoder, upgrade scripts) costs 1.3 s of CPU at every start: each library is compiled
 * whether it is used or not (measured: 3.6 against 2.3 s).
 */
const NEEDED = [
  /^lib\/postgresql\/postgis-3\.so$/,
  /^share\/proj\//,
  /^share\/postgresql\/extension\/postgis\.control$/,
  /^share\/postgresql\/extension\/postgis--\d+\.\d+\.\d+\.sql$/,
];

const BLOCK = 512;
const REGULAR_FILE = "0";

const text = (block: Uint8Array, from: number, length: number): string =>
  Buffer.from(block.subarray(from, from + length))
    .toString("latin1")
    .replace(/\0.*$/s, "");

/** Copies the needed files of a tar archive (POSIX.1-1988 ustar: blocks of 512 bytes, size in octal at 124). */
export function filterTar(tar: Uint8Array, needed: readonly RegExp[]): Uint8Array {
  const kept: Uint8Array[] = [];
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    const name = text(header, 0, 100);
    if (name === "") break;
    const size = Number.parseInt(text(header, 124, 12).trim() || "0", 8);
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const isFile = text(header, 156, 1) === REGULAR_FILE;
    if (isFile && needed.some((pattern) => pattern.test(name.replace(/^\.\//, "")))) kept.push(tar.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, new Uint8Array(2 * BLOCK)]);
}

/** The bundle without what is not needed. */
export const slimBundle = (bundle: Uint8Array, level: number): Uint8Array =>
  gzipSync(filterTar(gunzipSync(bundle), NEEDED), { level });

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

function readChecked(file: string): boolean {
  try {
    return sha256(readFileSync(file)) === readFileSync(`${file}.sha256`, "utf8");
  } catch {
    return false;
  }
}

function writeWhole(file: string, data: string | Uint8Array): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, data);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * PostGIS without what is not needed: that of the archive, or made once per version of the package and kept in `cacheDir`; the
 * whole bundle where that cannot be written.
 */
export function slimPostgis(cacheDir: string): Extension {
  return {
    ...postgis,
    setup: async (pg, options) => {
      const full = await postgis.setup(pg, options);
      if (!full.bundlePath) return full;
      if (existsSync(SHIPPED_POSTGIS)) return { ...full, bundlePath: pathToFileURL(SHIPPED_POSTGIS) };
      try {
        const source = readFileSync(full.bundlePath);
        // The end of a gzip file holds the checksum and length of its contents: enough to tell versions apart.
        const key = sha256(Buffer.concat([source.subarray(0, 4096), source.subarray(-4096)])).slice(0, 16);
        const file = join(cacheDir, `postgis-${key}.tar.gz`);
        if (!readChecked(file)) {
          mkdirSync(cacheDir, { recursive: true });
          const slim = slimBundle(source, 1);
          writeWhole(file, slim);
          writeWhole(`${file}.sha256`, sha256(slim));
        }
        return { ...full, bundlePath: pathToFileURL(file) };
      } catch {
        return full;
      }
    },
  };
}
