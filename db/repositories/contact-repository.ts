import type { IncidentState } from "../../data/model/incident.ts";
import type { Transaction } from "../driver.ts";

/** Contacts of reporters, each sealed under a key of its own (`contact_key`), which goes with it. */

/** A contact as it is kept; the two texts of bytes are hexadecimal digits. */
export interface SealedContactRow {
  readonly contact: string;
  /** The key of this contact, sealed itself; null for one that was sealed before contacts had keys. */
  readonly key: string | null;
}

/** What is written for a contact. */
export interface NewContact {
  readonly keyId: string;
  readonly key: Uint8Array;
  readonly contact: Uint8Array;
}

/** Its key is destroyed: what a backup brought back of it is no contact any more. */
const OPENS = "(c.key_id IS NULL OR k.id IS NOT NULL)";
const WITH_KEY = `reporter_contact c
     LEFT JOIN contact_key k ON k.county = $1 AND k.incident_id = c.incident_id AND k.id = c.key_id`;
const SEALED = "encode(c.contact, 'hex') AS contact, encode(k.key, 'hex') AS key";

/** Keeps a contact, sealed, under the case's handler of now; one that is there is replaced, and its key destroyed. */
export async function putContact(
  tx: Transaction,
  county: string,
  incidentId: string,
  { keyId, key, contact }: NewContact,
  at: string,
): Promise<void> {
  await tx.execute(
    `INSERT INTO contact_key (county, incident_id, id, handler_id, key, created_at)
     SELECT $1, i.id, $3::uuid, i.handler_id, $4::bytea, $5::timestamptz FROM incident i
     WHERE i.county = $1 AND i.id = $2::uuid
     ON CONFLICT (county, incident_id) DO UPDATE SET id = excluded.id, handler_id = excluded.handler_id,
       key = excluded.key, created_at = excluded.created_at, kept_until = NULL`,
    [county, incidentId, keyId, key, at],
  );
  await tx.execute(
    `INSERT INTO reporter_contact (county, incident_id, handler_id, contact, created_at, key_id)
     SELECT $1, i.id, i.handler_id, $3::bytea, $4::timestamptz, $5::uuid FROM incident i
     WHERE i.county = $1 AND i.id = $2::uuid
     ON CONFLICT (county, incident_id) DO UPDATE SET contact = excluded.contact, created_at = excluded.created_at,
       key_id = excluded.key_id`,
    [county, incidentId, contact, at, keyId],
  );
}

/** Deletes a contact for good, with its key: no backup opens it any more. */
export async function deleteContact(tx: Transaction, county: string, incidentId: string): Promise<void> {
  const params = [county, incidentId];
  await tx.execute("DELETE FROM contact_key WHERE county = $1 AND incident_id = $2::uuid", params);
  await tx.execute("DELETE FROM reporter_contact WHERE county = $1 AND incident_id = $2::uuid", params);
}

/** The sealed contact of a case, for its owner. */
export async function contactOf(
  tx: Transaction,
  county: string,
  incidentId: string,
): Promise<SealedContactRow | undefined> {
  const rows = await tx.rows<SealedContactRow>(
    `SELECT ${SEALED} FROM ${WITH_KEY} WHERE c.county = $1 AND c.incident_id = $2::uuid AND ${OPENS}`,
    [county, incidentId],
  );
  return rows[0];
}

/** The sealed contact of a case, for its handler: the database shows its rows to no other account. */
export async function contactOfHandler(
  tx: Transaction,
  county: string,
  incidentId: string,
  account: string,
): Promise<SealedContactRow | undefined> {
  const rows = await tx.rows<SealedContactRow>(
    `SELECT ${SEALED} FROM ${WITH_KEY}
     WHERE c.county = $1 AND c.incident_id = $2::uuid AND c.handler_id = $3::uuid AND ${OPENS}`,
    [county, incidentId, account],
  );
  return rows[0];
}

/** True while a contact is kept for a case, and can be opened. */
export async function hasContact(tx: Transaction, county: string, incidentId: string): Promise<boolean> {
  const rows = await tx.rows<{ found: number }>(
    `SELECT 1 AS found FROM ${WITH_KEY} WHERE c.county = $1 AND c.incident_id = $2::uuid AND ${OPENS}`,
    [county, incidentId],
  );
  return rows.length > 0;
}

/** Contacts of a county that were sealed before contacts had keys: the next ones, in the order of their cases, locked. */
export const contactsWithoutKey = (
  tx: Transaction,
  county: string,
  after: string,
  limit: number,
): Promise<{ readonly incidentId: string; readonly contact: string; readonly createdAt: string }[]> =>
  tx.rows(
    `SELECT c.incident_id AS "incidentId", encode(c.contact, 'hex') AS contact, c.created_at AS "createdAt"
     FROM reporter_contact c
     WHERE c.county = $1 AND c.key_id IS NULL AND c.incident_id > $2::uuid
     ORDER BY c.incident_id LIMIT $3 FOR UPDATE`,
    [county, after, limit],
  );

/** A contact with what decides when it is to be deleted. */
export interface ContactClock {
  readonly incidentId: string;
  readonly state: IncidentState;
  readonly closedAt: string | null;
  readonly deleteAfter: string | null;
}

/** Contacts of a county whose case has ended, or that wait for their deletion. */
export const contactClocks = (tx: Transaction, county: string): Promise<ContactClock[]> =>
  tx.rows<ContactClock>(
    `SELECT c.incident_id AS "incidentId", i.state, i.closed_at AS "closedAt", c.delete_after AS "deleteAfter"
     FROM reporter_contact c JOIN incident i ON i.county = $1 AND i.id = c.incident_id
     WHERE c.county = $1 AND (i.closed_at IS NOT NULL OR c.delete_after IS NOT NULL)
     ORDER BY c.incident_id`,
    [county],
  );

/** Sets from when on contacts are to be deleted; null keeps one until its case is closed. */
export const scheduleDeletion = (
  tx: Transaction,
  county: string,
  times: readonly { readonly incidentId: string; readonly deleteAfter: string | null }[],
): Promise<number> =>
  tx.execute(
    `UPDATE reporter_contact c SET delete_after = p.at FROM unnest($2::uuid[], $3::timestamptz[]) AS p(id, at)
     WHERE c.county = $1 AND c.incident_id = p.id`,
    [county, times.map(({ incidentId }) => incidentId), times.map(({ deleteAfter }) => deleteAfter)],
  );

/**
 * Deletes contacts whose time has come, with their keys, and every key that has lost its contact and is not kept for a newer
 * backup.
 *
 * @returns how many contacts
 */
export async function deleteDueContacts(tx: Transaction, county: string, now: string): Promise<number> {
  const due = await tx.execute("DELETE FROM reporter_contact WHERE county = $1 AND delete_after <= $2::timestamptz", [
    county,
    now,
  ]);
  await tx.execute(
    `DELETE FROM contact_key k WHERE k.county = $1 AND coalesce(k.kept_until <= $2::timestamptz, true)
       AND NOT EXISTS (SELECT FROM reporter_contact c
         WHERE c.county = $1 AND c.incident_id = k.incident_id AND c.key_id = k.id)`,
    [county, now],
  );
  return due;
}
