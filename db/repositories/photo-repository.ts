import type { Uuid } from "../../data/model/ids.ts";
import type { PhotoType } from "../../data/photo/limits.ts";
import type { Role } from "../../data/policy/roles.ts";
import type { Transaction } from "../driver.ts";

/** Pictures of cases. Every function sends one statement. */

export interface PhotoRow {
  readonly county: string;
  readonly id: Uuid;
  readonly incidentId: string;
  readonly type: PhotoType;
  readonly width: number;
  readonly height: number;
  /** Role that sent it, never a person. */
  readonly actor: Role;
  readonly createdAt: string;
  readonly sensitive: boolean;
}

const COLUMNS = `p.county, p.id, p.incident_id AS "incidentId", p.type, p.width, p.height, p.actor,
  p.created_at AS "createdAt", p.sensitive`;

/** Pictures of cases, as far as the transaction's scope sees them, oldest first. */
export async function photosOfIncidents(
  tx: Transaction,
  county: string,
  incidentIds: readonly string[],
): Promise<Map<string, PhotoRow[]>> {
  const rows = await tx.rows<PhotoRow>(
    `SELECT ${COLUMNS} FROM incident_photo p WHERE p.county = $1 AND p.incident_id = ANY($2::uuid[]) ORDER BY p.id`,
    [county, incidentIds],
  );
  const byCase = new Map<string, PhotoRow[]>();
  for (const row of rows) byCase.set(row.incidentId, [...(byCase.get(row.incidentId) ?? []), row]);
  return byCase;
}

/** One picture without its bytes; undefined when the scope sees none of that id. */
export async function photoById(tx: Transaction, county: string, id: string): Promise<PhotoRow | undefined> {
  const rows = await tx.rows<PhotoRow>(
    `SELECT ${COLUMNS} FROM incident_photo p WHERE p.county = $1 AND p.id = $2::uuid`,
    [county, id],
  );
  return rows[0];
}

/** The bytes of a picture; undefined when the scope sees none of that id. */
export const photoBytes = (tx: Transaction, county: string, id: string): Promise<Uint8Array | undefined> =>
  tx.bytes("SELECT p.bytes FROM incident_photo p WHERE p.county = $1 AND p.id = $2::uuid", [county, id]);

/** How many pictures a case has, in any scope that sees them. */
export async function countPhotos(tx: Transaction, county: string, incidentId: string): Promise<number> {
  const rows = await tx.rows<{ count: number }>(
    "SELECT count(*) AS count FROM incident_photo p WHERE p.county = $1 AND p.incident_id = $2::uuid",
    [county, incidentId],
  );
  return rows[0]?.count ?? 0;
}

export interface NewPhoto extends Omit<PhotoRow, "sensitive"> {
  readonly bytes: Uint8Array;
}

/** Keeps a picture; it takes area, sensitivity and handler from its case. */
export const insertPhoto = (tx: Transaction, photo: NewPhoto): Promise<number> =>
  tx.execute(
    `INSERT INTO incident_photo (county, id, incident_id, handler_id, type, width, height, bytes, actor, created_at,
       scope_code, sensitive)
     SELECT $1, $2::uuid, i.id, i.handler_id, $4, $5, $6, $7::bytea, $8, $9::timestamptz, i.scope_code, i.sensitive
       FROM incident i WHERE i.county = $1 AND i.id = $3::uuid`,
    [
      photo.county,
      photo.id,
      photo.incidentId,
      photo.type,
      photo.width,
      photo.height,
      photo.bytes,
      photo.actor,
      photo.createdAt,
    ],
  );

/** Deletes the pictures of a case whose reporter takes it back. @returns how many */
export const deletePhotos = (tx: Transaction, county: string, incidentId: string): Promise<number> =>
  tx.execute("DELETE FROM incident_photo WHERE county = $1 AND incident_id = $2::uuid", [county, incidentId]);
