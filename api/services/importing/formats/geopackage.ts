import { copyFile, mkdtemp, open, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { RawLayer } from "../../../../data/importers/raw-layer.ts";
import type { ImportLog } from "../../../../data/importers/report.ts";
import { AppError, dataError } from "../../../../data/model/errors.ts";
import type { InputBytes } from "../bytes/input-bytes.ts";
import { type FeatureTable, featureTables, packageFeatures, type SqliteFile } from "./geopackage-tables.ts";
import { sharedClose } from "./shared-close.ts";

/** Bytes 18 and 19 of the header: 2 = write-ahead log (SQLite file format, 1.3). */
const WRITE_VERSION_AT = 18;
const WRITE_AHEAD = 2;

/**
 * Opens every feature table of a GeoPackage (OGC 12-128r19), or the one named. SQLite reads the file in place, page by page.
 *
 * @throws DATA error for a database that is no GeoPackage, is damaged, or has changes that are not in the file yet
 */
export async function openGeoPackage(
  bytes: InputBytes,
  log: ImportLog,
  layer: string | undefined,
): Promise<RawLayer[]> {
  const file = bytes.name;
  const { database, close } = await openSqlite(bytes);
  try {
    const tables = featureTables(database, file, log);
    const chosen = layer === undefined ? tables : tables.filter(({ name }) => name === layer);
    return sharedClose(
      chosen.map((table) => toLayer(database, table, file, tables.length > 1)),
      close,
    );
  } catch (error) {
    await close();
    throw sqliteError(error, file);
  }
}

function toLayer(database: SqliteFile, table: FeatureTable, file: string, several: boolean): RawLayer {
  const prefix = several ? `${file}/${table.name}` : file;
  return {
    name: table.name,
    file,
    format: "geopackage",
    declaredCrs: table.declaredCrs,
    fields: table.columns.map(({ name }) => name),
    async *features(log) {
      try {
        yield* packageFeatures(database, table, prefix, log);
      } catch (error) {
        throw sqliteError(error, prefix);
      }
    },
    close: () => Promise.resolve(),
  };
}

/**
 * SQLite locks by a folder beside the file. The file is therefore opened by a link in a folder of ours: nothing is written
 * where the data lies, which may be read-only, and a killed process leaves no lock behind.
 */
async function openSqlite(
  bytes: InputBytes,
): Promise<{ readonly database: SqliteFile; readonly close: () => Promise<void> }> {
  const path = resolve(await bytes.localPath());
  const dir = await mkdtemp(join(tmpdir(), "jingwei-gpkg-"));
  const link = join(dir, "input.gpkg");
  let database: SqliteFile | undefined;
  const close = async (): Promise<void> => {
    if (database?.isOpen) database.close();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    if (await hasWriteAheadLog(path)) await copyWithoutLog(path, link, bytes.name);
    else await symlink(path, link).catch(() => copyFile(path, link));
    // CommonJS whose names Node cannot see; loaded when a GeoPackage comes, not with every start.
    const { Database } = createRequire(import.meta.url)("node-sqlite3-wasm") as typeof import("node-sqlite3-wasm");
    database = new Database(link, { readOnly: true });
    database.exec("PRAGMA trusted_schema = OFF");
    database.exec("PRAGMA cell_size_check = ON");
    return { database, close };
  } catch (error) {
    await close();
    throw sqliteError(error, bytes.name);
  }
}

async function hasWriteAheadLog(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, WRITE_VERSION_AT);
    return buffer[0] === WRITE_AHEAD || buffer[1] === WRITE_AHEAD;
  } finally {
    await file.close();
  }
}

/** QGIS leaves its files in that mode. The log is merged when the last program closes the file; then only the mode remains. */
async function copyWithoutLog(path: string, copy: string, name: string): Promise<void> {
  const log = await stat(`${path}-wal`).catch(() => undefined);
  if (log && log.size > 0)
    throw dataError(`${name} has changes that are not in it yet, but in ${name}-wal`, {
      at: name,
      hint: "Close the program that has it open (for example QGIS), then import again.",
    });
  await copyFile(path, copy);
  const file = await open(copy, "r+");
  try {
    await file.write(Uint8Array.of(1, 1), 0, 2, WRITE_VERSION_AT);
  } finally {
    await file.close();
  }
}

function sqliteError(error: unknown, at: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  if (error.name !== "SQLite3Error" && !(error instanceof WebAssembly.RuntimeError)) return error;
  return dataError(`${at} is damaged: ${error.message}`, {
    at,
    hint: "SQLite cannot read it. Fetch it again, or export its layers anew.",
  });
}
