import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { dataError } from "../../data/model/errors.ts";
import type { AdminClient } from "../driver.ts";
import { writeFlushed } from "../embedded/flush.ts";
import { asDiskError } from "./disk-errors.ts";

/**
 * The keys of reporters' contacts, which no backup carries: with them, an old backup would remember what was deleted since.
 * They stay in the database through a restore. For a machine that is lost they are beside the backups in one file, replaced
 * with every backup, so that it knows of no contact that was deleted before the newest one.
 */
export const KEY_TABLE = "contact_key";

const keySchema = z.object({
  county: z.string().regex(/^\d{6}$/),
  incidentId: z.uuid(),
  id: z.uuid(),
  /** Sealed under the installation's key; hexadecimal digits. */
  key: z.string().regex(/^([0-9a-f]{2})+$/),
  createdAt: z.iso.datetime({ offset: true }),
});
export type ContactKey = z.infer<typeof keySchema>;

const fileSchema = z.object({ format: z.literal(1), keys: z.array(keySchema) });
const FILE_NAME = /^contact-keys-[0-9a-f]+\.json$/;

/** How long a key stays whose contact is not in the backup that was taken back: one may yet go forward to a newer one, ms. */
const KEPT_MS = 30 * 86_400_000;
/** Keys of one statement. */
const BATCH = 5_000;

/**
 * The keys of a database, or of one county of it.
 *
 * @param county six digits; null = all
 * @returns none from a database of before contacts had keys
 */
export async function readContactKeys(client: AdminClient, county: string | null): Promise<ContactKey[]> {
  const made = await client.query("SELECT to_regclass($1) IS NOT NULL AS made", [`public.${KEY_TABLE}`]);
  if (!made.rows[0]?.["made"]) return [];
  const { rows } = await client.query(
    `SELECT county, incident_id::text AS incident, id::text AS id, encode(key, 'hex') AS key,
       to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created
     FROM contact_key WHERE $1::text IS NULL OR county = $1 ORDER BY county, incident_id`,
    [county],
  );
  return rows.map((row) => ({
    county: String(row["county"]),
    incidentId: String(row["incident"]),
    id: String(row["id"]),
    key: String(row["key"]),
    createdAt: String(row["created"]),
  }));
}

/**
 * Puts keys into a database whose rows were taken back: those that fit a contact belong to it again, the others stay for a
 * while. Part of the restore's transaction.
 *
 * @param county six digits; null = all
 * @param now epoch ms
 * @returns contacts that are there, and those of them whose key is gone
 */
export async function putContactKeys(
  client: AdminClient,
  keys: readonly ContactKey[],
  county: string | null,
  now: number,
): Promise<RestoredContacts> {
  for (let from = 0; from < keys.length; from += BATCH)
    await client.query(
      `INSERT INTO contact_key (county, incident_id, id, key, created_at)
       SELECT k.county, k."incidentId", k.id, decode(k.key, 'hex'), k."createdAt"
       FROM json_to_recordset($1::json) AS k(county text, "incidentId" uuid, id uuid, key text, "createdAt" timestamptz)
       ON CONFLICT (county, incident_id) DO NOTHING`,
      [JSON.stringify(keys.slice(from, from + BATCH))],
    );
  await client.query(
    `UPDATE contact_key k SET
       handler_id = (SELECT c.handler_id FROM reporter_contact c WHERE c.county = k.county AND c.incident_id = k.incident_id),
       kept_until = CASE WHEN NOT EXISTS (SELECT FROM reporter_contact c WHERE c.county = k.county
         AND c.incident_id = k.incident_id AND c.key_id = k.id) THEN coalesce(k.kept_until, $2::timestamptz) END
     WHERE $1::text IS NULL OR k.county = $1`,
    [county, new Date(now + KEPT_MS).toISOString()],
  );
  return countContacts(client, county);
}

/** Contacts that are there, and those of them whose key is gone. @param county six digits; null = all */
export async function countContacts(client: AdminClient, county: string | null): Promise<RestoredContacts> {
  const { rows } = await client.query(
    `SELECT count(*)::int AS kept, count(*) FILTER (WHERE c.key_id IS NOT NULL AND k.id IS NULL)::int AS forgotten
     FROM reporter_contact c
     LEFT JOIN contact_key k ON k.county = c.county AND k.incident_id = c.incident_id AND k.id = c.key_id
     WHERE $1::text IS NULL OR c.county = $1`,
    [county],
  );
  return { kept: Number(rows[0]?.["kept"]), forgotten: Number(rows[0]?.["forgotten"]) };
}

/** What a place knows of contacts before another state is put there. */
export interface KeysOfPlace {
  /** True when it holds data: then its own keys alone count, since what it lacks was deleted there. */
  readonly held: boolean;
  readonly keys: readonly ContactKey[];
}

/** Keys from outside a place. */
export interface KeySources {
  /** Of a file that was named: they always count. */
  readonly given: readonly ContactKey[];
  /** Of the files beside the backup: they count where the place is empty. */
  readonly beside: readonly ContactKey[];
}

/** The keys that count after a restore; of two for one contact the first. */
export const keysThatCount = ({ held, keys }: KeysOfPlace, { given, beside }: KeySources): readonly ContactKey[] => [
  ...keys,
  ...given,
  ...(held ? [] : beside),
];

/** Contacts of a restore. */
export interface RestoredContacts {
  readonly kept: number;
  /** Those whose key was destroyed, or is not here: they do not open. */
  readonly forgotten: number;
}

/**
 * Writes the keys beside a backup, in place of those of the backup before.
 *
 * @param installation tells the files of several installations in one folder apart
 * @param county six digits: only its keys are replaced; null = all of them
 */
export function writeKeyFile(
  backup: string,
  installation: string,
  keys: readonly ContactKey[],
  county: string | null,
): void {
  const file = join(dirname(backup), `contact-keys-${installation}.json`);
  const others = county === null ? [] : readIfThere(file).filter((key) => key.county !== county);
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFlushed(draft, `${JSON.stringify({ format: 1, keys: [...others, ...keys] })}\n`);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw asDiskError(error, file);
  }
}

/**
 * The keys of a file.
 *
 * @throws USER when it cannot be read, DATA when it is none
 */
export function readKeyFile(file: string): ContactKey[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw asDiskError(error, file);
  }
  try {
    return fileSchema.parse(JSON.parse(text)).keys;
  } catch (cause) {
    const hint = "Take the newest contact-keys-….json that lies beside the backups.";
    throw dataError(`${basename(file)} holds no keys of contacts`, { at: file, hint, cause });
  }
}

function readIfThere(file: string): ContactKey[] {
  try {
    return readKeyFile(file);
  } catch {
    return [];
  }
}

/** The keys beside a backup, of whichever installation: those of another one open nothing here. */
export function keysBeside(backup: string): ContactKey[] {
  const folder = dirname(backup);
  return readdirSync(folder)
    .filter((name) => FILE_NAME.test(name))
    .flatMap((name) => readIfThere(join(folder, name)));
}
