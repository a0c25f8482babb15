import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { userError } from "../../data/model/errors.ts";
import { openAuditKeeper } from "../audit/audit-key.ts";
import { EmbeddedDatabase } from "../driver-embedded.ts";
import { acquireDataLock } from "../embedded/data-lock.ts";
import { restoreSnapshot } from "../embedded/snapshot.ts";
import { beginSwap, commitSwap, finishSwap } from "../embedded/swap.ts";
import { migrationState } from "../migrate.ts";
import { type OpenOptions, openDatabase, openForRestore, snapshotKey } from "../open-database.ts";
import { type KeysOfPlace, keysBeside, type RestoredContacts, readKeyFile } from "./contact-keys.ts";
import { type LoadedTable, requireKnownMigrations } from "./load-backup.ts";
import type { BackupManifest } from "./manifest.ts";
import { verifyBackup } from "./read-backup.ts";
import {
  keysOfPlace,
  type RestoredRows,
  type RestoreRowsOptions,
  restoreCounty,
  restoreEverything,
} from "./restore-rows.ts";
import { writeBackup } from "./write-backup.ts";

export interface RestoreOptions {
  /** Where to: a server, or the embedded database of a folder. */
  readonly target: OpenOptions;
  /** Six digits: only this county, beside others. A backup of one county is always restored so. */
  readonly county?: string | undefined;
  readonly replace?: boolean;
  /** A move to another place, not back in time. */
  readonly sameState?: boolean;
  /** File with keys of contacts (`contact-keys-….json`) that counts beside those of the place. */
  readonly contactKeys?: string | undefined;
  /** Clock, epoch ms. */
  readonly now: number;
}

export interface RestoreResult {
  readonly manifest: BackupManifest;
  /** Tables with rows as the database holds them, before the migrations since. */
  readonly tables: readonly LoadedTable[];
  /** Contacts of reporters, and how many of them open no more because they were deleted since. */
  readonly contacts: RestoredContacts;
}

/**
 * Restores a backup: all of it or nothing, whatever ends the process. The file is read through and compared before anything
 * is touched, and every table of the database with the file before it counts.
 *
 * On a server it is one transaction. The embedded database is made anew in a folder beside, which then takes the place.
 *
 * @throws DATA naming what is damaged; USER when there is data already, or a newer Jingwei wrote the file
 */
export async function restoreBackup(file: string, options: RestoreOptions): Promise<RestoreResult> {
  const path = resolve(file);
  const manifest = await verifyBackup(path);
  await requireKnownMigrations(manifest, path);
  const county = options.county ?? manifest.county ?? undefined;
  const rows: RestoreRowsOptions = {
    file: path,
    manifest,
    replace: options.replace === true,
    sameState: options.sameState === true,
    now: options.now,
    keySources: {
      given: options.contactKeys === undefined ? [] : readKeyFile(options.contactKeys),
      beside: keysBeside(path),
    },
    onProgress: options.target.onProgress,
  };
  if (county !== undefined) return { manifest, ...(await intoOthers(county, rows, options)) };
  const { target } = options;
  return { manifest, ...(await (target.url ? intoServer(rows, target.url, target) : intoFolder(rows, target))) };
}

async function intoServer(rows: RestoreRowsOptions, url: string, target: OpenOptions): Promise<RestoredRows> {
  const database = await openForRestore(url, target);
  try {
    return await database.adminSession(async (client) => {
      const loaded = await restoreEverything(client, true, rows);
      await client.query("ANALYZE");
      return loaded;
    });
  } finally {
    await database.close();
  }
}

async function intoFolder(rows: RestoreRowsOptions, target: OpenOptions): Promise<RestoredRows> {
  const dir = resolve(target.dir);
  const cacheDir = resolve(target.cacheDir ?? join(dir, "cache"));
  mkdirSync(dir, { recursive: true });
  const unlock = acquireDataLock(join(dir, "pgdata.lock"), `The database in ${join(dir, "pgdata")}`);
  try {
    finishSwap(dir);
    const before = await lookIntoFolder(dir, cacheDir, rows, target.durable !== false);
    const dataDir = beginSwap(dir);
    const restored = await fillFolder(dataDir, cacheDir, { ...rows, before }, target);
    commitSwap(dir);
    return restored;
  } finally {
    rmSync(join(dir, "pgdata.restoring"), { recursive: true, force: true });
    unlock();
  }
}

/** Makes a whole database in a new folder, flushed. */
async function fillFolder(
  dataDir: string,
  cacheDir: string,
  rows: RestoreRowsOptions,
  { durable = true, dir, auditKey }: OpenOptions,
): Promise<RestoredRows> {
  restoreSnapshot(cacheDir, await snapshotKey(), dataDir);
  const audit = openAuditKeeper(resolve(dir), auditKey);
  const database = await EmbeddedDatabase.start({ dataDir, cacheDir, durable }, () => undefined, audit);
  try {
    const restored = await database.adminSession(async (client) => {
      const loaded = await restoreEverything(client, false, rows);
      await client.query("ANALYZE");
      return loaded;
    });
    if (durable) await database.flush();
    return restored;
  } finally {
    await database.close();
  }
}

/**
 * What the database that lies in a folder knows of contacts; it is looked at as it is, whatever version it is of. One that is too
 * damaged to be opened knows nothing: then the keys beside the backup count.
 *
 * @throws USER when it holds data that must not go
 */
async function lookIntoFolder(
  dir: string,
  cacheDir: string,
  { replace, onProgress }: RestoreRowsOptions,
  durable: boolean,
): Promise<KeysOfPlace> {
  const dataDir = join(dir, "pgdata");
  const nothing: KeysOfPlace = { held: false, keys: [] };
  // The mark of a first start that was interrupted: nothing in it was ever confirmed.
  if (!existsSync(join(dataDir, "PG_VERSION")) || existsSync(join(dir, "pgdata.creating"))) return nothing;
  let place: KeysOfPlace;
  try {
    const database = await EmbeddedDatabase.start({ dataDir, cacheDir, durable });
    try {
      place = await database.adminSession(keysOfPlace);
    } finally {
      await database.close();
    }
  } catch (error) {
    if (!replace) throw error;
    onProgress?.("the database that lies there cannot be read");
    return nothing;
  }
  if (!place.held || replace) return place;
  throw userError("The database holds data already; nothing was changed", {
    code: "CONFLICT",
    at: dir,
    hint: "Back it up first, then restore with --replace, which removes what is there; or restore into another --dir.",
  });
}

/**
 * One county beside others. A file of an older level goes through a database of its own first: there it is migrated, and the
 * county read from it.
 */
async function intoOthers(county: string, rows: RestoreRowsOptions, { target }: RestoreOptions): Promise<RestoredRows> {
  const { database } = await openDatabase(target);
  const scratch = mkdtempSync(join(tmpdir(), "jingwei-restore-"));
  try {
    const { applied } = await migrationState(database);
    if (!rows.manifest.counties.some(({ code }) => code === county))
      throw userError(`The backup holds no county ${county}`, { code: "NOT_FOUND", at: "--county" });
    const asIs = rows.manifest.migrations.join() === applied.join();
    const source = asIs ? rows : await throughScratch(county, rows, scratch, target);
    return await database.adminSession((client) =>
      restoreCounty(client, database.form === "native", county, { ...rows, ...source }),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    await database.close();
  }
}

async function throughScratch(
  county: string,
  rows: RestoreRowsOptions,
  scratch: string,
  { cacheDir, dir }: OpenOptions,
): Promise<Pick<RestoreRowsOptions, "file" | "manifest">> {
  const place = { dir: scratch, cacheDir: cacheDir ?? join(resolve(dir), "cache"), durable: false };
  await intoFolder({ ...rows, replace: true, sameState: true }, place);
  const { database } = await openDatabase(place);
  try {
    const file = join(scratch, "county.backup");
    return { file, manifest: await writeBackup(database, file, { county, product: rows.manifest.product }) };
  } finally {
    await database.close();
  }
}
