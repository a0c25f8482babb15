import { existsSync, readFileSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { type AppError, userError } from "../data/model/errors.ts";
import { adoptLegacyRows } from "./audit/adopt-legacy.ts";
import { openAuditKeeper } from "./audit/audit-key.ts";
import type { Database } from "./driver.ts";
import { EmbeddedDatabase } from "./driver-embedded.ts";
import { NativeDatabase } from "./driver-native.ts";
import { acquireDataLock } from "./embedded/data-lock.ts";
import { removeFlushed, writeFlushed } from "./embedded/flush.ts";
import { SNAPSHOT_PLACES } from "./embedded/shipped.ts";
import { restoreSnapshot } from "./embedded/snapshot.ts";
import { finishSwap } from "./embedded/swap.ts";
import { migrate, migrationState, migrationsHash } from "./migrate.ts";

export interface OpenOptions {
  /** `postgres://…`; absent = embedded. */
  readonly url?: string | undefined;
  /** Login that owns the schema (`DATABASE_OWNER_URL`), where `url` is one that owns nothing; absent = `url`. */
  readonly ownerUrl?: string | undefined;
  /**
   * Folder of Jingwei (`JINGWEI_DIR`): the embedded database lies in `<dir>/pgdata`, its lock beside it; the audit key and
   * the heads of the chains in `<dir>/audit`.
   */
  readonly dir: string;
  /** Where snapshots of empty databases are kept; `<dir>/cache` when absent. */
  readonly cacheDir?: string | undefined;
  /** Other folders in which a snapshot may lie, only read; those of the program when absent. */
  readonly snapshots?: readonly string[] | undefined;
  /** False skips the flush to disk: throw-away databases of tests only. */
  readonly durable?: boolean | undefined;
  /** Most connections to a native server. */
  readonly poolSize?: number | undefined;
  /** `AUDIT_KEY`, base64; absent = the key file of the folder. */
  readonly auditKey?: string | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
  /**
   * Called before migrations are run on a database that has some already: an upgrade. What it throws leaves everything as it
   * was.
   */
  readonly beforeUpgrade?: ((database: Database, applied: readonly string[]) => Promise<void>) | undefined;
}

export interface OpenedDatabase {
  readonly database: Database;
  /** True when this call made the schema: nothing has been loaded yet. */
  readonly fresh: boolean;
  /** Names of the migrations that were run now. */
  readonly migrated: readonly string[];
}

/** Floor of data rule 13. */
const MIN_POSTGRES = 15;
const MIN_POSTGIS: readonly [number, number] = [3, 3];

/** Opens the database, checks its versions and brings its schema up to date. */
export async function openDatabase(options: OpenOptions): Promise<OpenedDatabase> {
  return options.url ? openNative(options.url, options) : openEmbedded(options);
}

function connect(url: string, { dir, auditKey, ownerUrl, poolSize }: OpenOptions) {
  const audit = openAuditKeeper(resolve(dir), auditKey);
  return { audit, database: new NativeDatabase({ url, ownerUrl, audit, ...(poolSize ? { poolSize } : {}) }) };
}

/**
 * A server's database for a restore that replaces all of it: as it lies there where it has a schema, whatever version made
 * it (a way back from an upgrade begins in a newer one); made anew where there is none.
 *
 * @param url of `options`
 */
export async function openForRestore(url: string, options: OpenOptions): Promise<Database> {
  const { database } = connect(url, options);
  try {
    await checkServer(database);
    if ((await migrationState(database)).applied.length > 0) return database;
  } catch (error) {
    await database.close();
    throw error;
  }
  await database.close();
  return (await openNative(url, options)).database;
}

async function openNative(url: string, options: OpenOptions): Promise<OpenedDatabase> {
  const { audit, database } = connect(url, options);
  try {
    await checkServer(database);
    await prepareUpgrade(database, options);
    const migrated = await migrate(database, { ...(options.onProgress ? { onProgress: options.onProgress } : {}) });
    await checkServer(database, true);
    await adoptLegacyRows(database, audit.key);
    return { database, fresh: migrated.some((name) => name.startsWith("0001_")), migrated };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Lets the caller look after the data before migrations change it; a database of a newer version is refused before. */
async function prepareUpgrade(database: Database, { beforeUpgrade }: OpenOptions): Promise<void> {
  const { shipped, applied } = await migrationState(database);
  const unknown = applied.filter((name) => !shipped.includes(name));
  if (unknown.length > 0)
    throw userError(`This database was last used by a newer version of Jingwei: it has ${unknown.join(", ")}`, {
      at: "db/migrations",
      hint: "Start that version or a newer one. To go back, restore the backup that was written before the upgrade.",
    });
  if (beforeUpgrade && applied.length > 0 && applied.length < shipped.length) await beforeUpgrade(database, applied);
}

/**
 * Refuses servers below the floor, and says what to install.
 *
 * @param installed false where PostGIS may still have to be made in the database
 */
export async function checkServer(database: NativeDatabase, installed = false): Promise<void> {
  const { version, available, current } = await database.adminSession(async (client) => {
    const result = await client.query(
      `SELECT current_setting('server_version_num')::int AS version,
              (SELECT default_version FROM pg_available_extensions WHERE name = 'postgis') AS available,
              (SELECT extversion FROM pg_extension WHERE extname = 'postgis') AS current`,
    );
    return result.rows[0] as { version: number; available: string | null; current: string | null };
  });
  const major = Math.floor(version / 10_000);
  const fault = belowFloor(major, current ?? (installed ? null : available));
  if (fault) throw fault;
}

/**
 * Whether versions lie below the floor (data rule 13).
 *
 * @param major of PostgreSQL
 * @param postgis version such as 3.3.2; null or `missing` = none
 * @returns what to install; undefined for versions that suffice
 */
export function belowFloor(major: number, postgis: string | null): AppError | undefined {
  if (major < MIN_POSTGRES)
    return userError(`PostgreSQL ${major} is too old`, {
      at: "DATABASE_URL",
      hint: `Jingwei needs PostgreSQL ${MIN_POSTGRES} or newer.`,
    });
  if (postgis === null || postgis === "missing")
    return userError("The server has no PostGIS", {
      at: "DATABASE_URL",
      hint: `Install it on the server, on Debian: apt-get install postgresql-${major}-postgis-3`,
    });
  const [postgisMajor = 0, postgisMinor = 0] = postgis.split(".").map(Number);
  const [minMajor, minMinor] = MIN_POSTGIS;
  if (postgisMajor > minMajor || (postgisMajor === minMajor && postgisMinor >= minMinor)) return undefined;
  return userError(`PostGIS ${postgis} is too old`, {
    at: "DATABASE_URL",
    hint: `Jingwei needs PostGIS ${MIN_POSTGIS.join(".")} or newer.`,
  });
}

/** Versions of the packages that make an embedded database: a snapshot of other ones is not used. */
function engineVersions(): string {
  const require = createRequire(import.meta.url);
  return ["@electric-sql/pglite", "@electric-sql/pglite-postgis"]
    .map((name) => {
      const entry = require.resolve(name);
      const root = entry.slice(0, entry.lastIndexOf(join("node_modules", name)) + join("node_modules", name).length);
      return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
    })
    .join(" ");
}

/** Key of the snapshot that a new embedded database starts from. */
export const snapshotKey = (): Promise<string> => migrationsHash(undefined, `pglite ${engineVersions()}, format 1`);

async function openEmbedded(options: OpenOptions): Promise<OpenedDatabase> {
  const { onProgress, durable = true } = options;
  const dir = resolve(options.dir);
  const dataDir = join(dir, "pgdata");
  const creating = join(dir, "pgdata.creating");
  const cacheDir = resolve(options.cacheDir ?? join(dir, "cache"));
  await mkdir(dir, { recursive: true });
  const unlock = acquireDataLock(join(dir, "pgdata.lock"), `The database in ${dataDir}`);
  let database: EmbeddedDatabase | undefined;
  try {
    finishSwap(dir);
    // Left over when the first start was interrupted: nothing in it was ever confirmed to anyone.
    if (existsSync(creating)) rmSync(dataDir, { recursive: true, force: true });
    const isNew = !existsSync(join(dataDir, "PG_VERSION"));
    const key = await snapshotKey();
    let restored = false;
    if (isNew) {
      writeFlushed(creating, "This file marks a database that is being made. Do not delete it.\n");
      restored =
        restoreSnapshot(cacheDir, key, dataDir) ||
        (options.snapshots ?? SNAPSHOT_PLACES).some((place) => restoreSnapshot(place, key, dataDir, false));
      onProgress?.(
        restored ? "making a database from the saved snapshot" : "making a new database (takes some ten seconds)",
      );
    }
    const audit = openAuditKeeper(dir, options.auditKey);
    database = await EmbeddedDatabase.start({ dataDir, cacheDir, durable }, unlock, audit);
    if (!isNew) await prepareUpgrade(database, options);
    const migrated = await migrate(database, { ...(onProgress ? { onProgress } : {}) });
    if (!isNew) await adoptLegacyRows(database, audit.key);
    if (isNew) {
      if (!restored) await database.snapshot(key);
      // The files were made past PostgreSQL: what it has not touched since would still lie in the host's memory only.
      if (durable) await database.flush();
      removeFlushed(creating);
    }
    return { database, fresh: isNew, migrated };
  } catch (error) {
    if (database) await database.close().catch(() => undefined);
    else unlock();
    throw error;
  }
}
