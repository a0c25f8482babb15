import { userError } from "../../data/model/errors.ts";
import type { AdminClient } from "../driver.ts";
import { migrateWithin } from "../migrate.ts";
import { KEPT_TABLES } from "../tenant-tables.ts";
import { appliedMigrations, dropTables, readCatalogue } from "./catalogue.ts";
import {
  countContacts,
  KEY_TABLE,
  type KeySources,
  type KeysOfPlace,
  keysThatCount,
  putContactKeys,
  type RestoredContacts,
  readContactKeys,
} from "./contact-keys.ts";
import { type LoadedTable, loadTables, migrateToLevel } from "./load-backup.ts";
import type { BackupManifest } from "./manifest.ts";

export interface RestoreRowsOptions {
  readonly file: string;
  readonly manifest: BackupManifest;
  /** Data that is there goes; otherwise it is a reason to refuse. */
  readonly replace: boolean;
  /** A move: nobody else has seen another state since, so that sessions, cursors and cached answers stay good. */
  readonly sameState: boolean;
  /** Clock, epoch ms. */
  readonly now: number;
  /** Keys of contacts from outside the place. */
  readonly keySources: KeySources;
  /** What the place knew before; absent where it is the one that is restored into. */
  readonly before?: KeysOfPlace | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/** Advisory lock of migrations and restores: one process at a time changes what tables there are. */
const LOCK_KEY = 0x6a776d67;
/** Beyond what a county can have counted up to since the backup: a cached answer of that time must not pass for a new one. */
const VERSION_JUMP = 1_000_000;

/** Runs work in one transaction of an owner's session: all of it comes to be, or nothing. */
async function inTransaction<T>(client: AdminClient, native: boolean, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    if (native) await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK_KEY]);
    const value = await work();
    await client.query("COMMIT");
    return value;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** True when a county or an account is there. A schema alone, and the code tables that every start loads, are nothing. */
export async function holdsData(client: AdminClient): Promise<boolean> {
  const { rows } = await client.query("SELECT to_regclass('public.county_profile') IS NOT NULL AS made");
  if (!rows[0]?.["made"]) return false;
  const found = await client.query(
    "SELECT EXISTS (SELECT FROM county_profile) OR EXISTS (SELECT FROM account) AS data",
  );
  return found.rows[0]?.["data"] === true;
}

/** What a database knows of contacts. */
export const keysOfPlace = async (client: AdminClient): Promise<KeysOfPlace> => ({
  held: await holdsData(client),
  keys: await readContactKeys(client, null),
});

export interface RestoredRows {
  readonly tables: LoadedTable[];
  readonly contacts: RestoredContacts;
}

const refuse = (what: string): Error =>
  userError(`${what}; nothing was changed`, {
    code: "CONFLICT",
    at: "restore",
    hint: "Back it up first, then restore with --replace, which removes what is there.",
  });

/**
 * What must not be taken back with the rows: sessions and sign-in links end, places in the feed that clients hold are told
 * from those of the new state, and answers in caches are out of date.
 */
async function beginAnew(client: AdminClient, county: string | null, now: number): Promise<void> {
  const only = [county];
  await client.query("DELETE FROM session WHERE $1::text IS NULL OR county = $1", only);
  await client.query("DELETE FROM one_time_link WHERE $1::text IS NULL OR county = $1", only);
  await client.query(
    "UPDATE feed_head SET epoch = greatest(epoch + 1, $2::bigint) WHERE $1::text IS NULL OR county = $1",
    [county, now],
  );
  await client.query(
    `UPDATE county_profile SET content_version = content_version + ${VERSION_JUMP} WHERE $1::text IS NULL OR county = $1`,
    only,
  );
}

/** A whole database: its tables at the level of the backup, the rows, and the migrations since. */
export function restoreEverything(
  client: AdminClient,
  native: boolean,
  { file, manifest, replace, sameState, now, keySources, before, onProgress }: RestoreRowsOptions,
): Promise<RestoredRows> {
  return inTransaction(client, native, async () => {
    if (!replace && (await holdsData(client))) throw refuse("The database holds data already");
    const carried = manifest.tables.some(({ name }) => name === KEY_TABLE);
    const keys = carried ? [] : keysThatCount(before ?? (await keysOfPlace(client)), keySources);
    const applied = await appliedMigrations(client);
    if (applied.join() === manifest.migrations.join()) {
      const names = (await readCatalogue(client)).map(({ name }) => `"${name}"`);
      await client.query(`TRUNCATE ${names.join(", ")}`);
    } else {
      await dropTables(client);
      await client.query("DROP TABLE IF EXISTS schema_migration");
      await migrateToLevel(client, manifest);
    }
    const loaded = await loadTables(client, file, manifest, { onProgress });
    if (!sameState) await beginAnew(client, null, now);
    await migrateWithin(client, onProgress ? { onProgress } : {});
    return {
      tables: loaded,
      contacts: carried ? await countContacts(client, null) : await putContactKeys(client, keys, null, now),
    };
  });
}

/** Removes the rows of a county, children first; its audit log stays, and the keys of contacts that the backup may hold. */
async function removeRows(client: AdminClient, county: string): Promise<void> {
  const tables = (await readCatalogue(client)).reverse();
  for (const { name, columns } of tables)
    if (columns.includes("county") && !KEPT_TABLES.includes(name) && name !== KEY_TABLE)
      await client.query(`DELETE FROM "${name}" WHERE county = $1`, [county]);
  await client.query("DELETE FROM county_outline WHERE code = $1", [county]);
}

/**
 * One county beside others, from a backup of that county at the level of the database. An audit log of the county that is
 * there stays as it is: a log that can be taken back proves nothing.
 */
export function restoreCounty(
  client: AdminClient,
  native: boolean,
  county: string,
  { file, manifest, replace, now, keySources, onProgress }: RestoreRowsOptions,
): Promise<RestoredRows> {
  return inTransaction(client, native, async () => {
    const { rows } = await client.query(
      `SELECT EXISTS (SELECT FROM county_profile WHERE county = $1) AS data,
         EXISTS (SELECT FROM audit_log WHERE county = $1) AS logged`,
      [county],
    );
    const held = rows[0]?.["data"] === true;
    const place = { held, keys: await readContactKeys(client, county) };
    const keys = keysThatCount(place, keySources).filter((key) => key.county === county);
    if (held) {
      if (!replace) throw refuse(`County ${county} is there already`);
      await removeRows(client, county);
    }
    const skip = [KEY_TABLE, ...(rows[0]?.["logged"] ? KEPT_TABLES : [])];
    const loaded = await loadTables(client, file, manifest, { skip, county, onProgress });
    await beginAnew(client, county, now);
    return { tables: loaded, contacts: await putContactKeys(client, keys, county, now) };
  });
}
