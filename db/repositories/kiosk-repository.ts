import type { Transaction } from "../driver.ts";

/** A wall without a keyboard, without its secrets. Instants are ISO 8601 text. */
export interface KioskRow {
  readonly county: string;
  readonly id: string;
  readonly name: string;
  /** Null for the whole county. */
  readonly areaId: string | null;
  readonly startPath: string;
  readonly pointDays: number;
  readonly visitor: boolean;
  readonly visitorUntil: string | null;
  /** Until when the open link may be exchanged; null when there is none. */
  readonly linkExpiresAt: string | null;
  readonly exchangedAt: string | null;
  readonly exchangedFrom: string | null;
  readonly seenAt: string | null;
  readonly revokedAt: string | null;
}

const COLUMNS = `k.county, k.id, k.name, k.area_id AS "areaId", k.start_path AS "startPath", k.point_days AS "pointDays",
  k.visitor, k.visitor_until AS "visitorUntil", k.link_expires_at AS "linkExpiresAt", k.exchanged_at AS "exchangedAt",
  k.exchanged_from AS "exchangedFrom", k.seen_at AS "seenAt", k.revoked_at AS "revokedAt"`;

export interface NewKioskRow
  extends Pick<KioskRow, "county" | "id" | "name" | "areaId" | "startPath" | "pointDays" | "visitor"> {
  readonly linkHash: string;
  readonly linkExpiresAt: string;
  readonly createdBy: string;
  readonly createdAt: string;
}

export const insertKiosk = (tx: Transaction, kiosk: NewKioskRow): Promise<number> =>
  tx.execute(
    `INSERT INTO kiosk_link (county, id, name, area_id, start_path, point_days, visitor, visitor_until, link_hash,
       link_expires_at, device_hash, exchanged_at, exchanged_from, created_by, created_at, revoked_by, revoked_at, seen_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9, NULL, NULL, NULL, $10, $11, NULL, NULL, NULL)`,
    [
      kiosk.county,
      kiosk.id,
      kiosk.name,
      kiosk.areaId,
      kiosk.startPath,
      kiosk.pointDays,
      kiosk.visitor,
      kiosk.linkHash,
      kiosk.linkExpiresAt,
      kiosk.createdBy,
      kiosk.createdAt,
    ],
  );

/** Kiosks of a county by name; revoked ones too. */
export const kiosksOfCounty = (tx: Transaction, county: string): Promise<KioskRow[]> =>
  tx.rows<KioskRow>(`SELECT ${COLUMNS} FROM kiosk_link k WHERE k.county = $1 ORDER BY k.name, k.id LIMIT 1000`, [
    county,
  ]);

export async function kioskById(tx: Transaction, county: string, id: string): Promise<KioskRow | undefined> {
  const rows = await tx.rows<KioskRow>(`SELECT ${COLUMNS} FROM kiosk_link k WHERE k.county = $1 AND k.id = $2`, [
    county,
    id,
  ]);
  return rows[0];
}

/** Opens a new link in place of one that is open; the device that took an earlier one goes on. */
export const setKioskLink = (
  tx: Transaction,
  county: string,
  id: string,
  linkHash: string,
  linkExpiresAt: string,
): Promise<number> =>
  tx.execute(
    "UPDATE kiosk_link SET link_hash = $3, link_expires_at = $4 WHERE county = $1 AND id = $2 AND revoked_at IS NULL",
    [county, id, linkHash, linkExpiresAt],
  );

/** A visitor until an instant, or not (null). */
export const setKioskVisitorUntil = (
  tx: Transaction,
  county: string,
  id: string,
  visitorUntil: string | null,
): Promise<number> =>
  tx.execute("UPDATE kiosk_link SET visitor_until = $3 WHERE county = $1 AND id = $2 AND revoked_at IS NULL", [
    county,
    id,
    visitorUntil,
  ]);

/** Revokes a kiosk, its device and its open link; false when that was done before. */
export const revokeKiosk = async (
  tx: Transaction,
  county: string,
  id: string,
  revokedBy: string,
  revokedAt: string,
): Promise<boolean> =>
  (await tx.execute(
    `UPDATE kiosk_link SET revoked_by = $3, revoked_at = $4, link_hash = NULL, link_expires_at = NULL, device_hash = NULL
     WHERE county = $1 AND id = $2 AND revoked_at IS NULL`,
    [county, id, revokedBy, revokedAt],
  )) === 1;

/**
 * Exchanges an open link for a device: of two requests at once only one gets it, and the device before it loses its place.
 *
 * @returns the kiosk; undefined when the link is unknown, wrong, used or over, or the kiosk revoked
 */
export async function exchangeKioskLink(
  tx: Transaction,
  link: { readonly county: string; readonly id: string; readonly linkHash: string },
  device: { readonly hash: string; readonly address: string },
  now: string,
): Promise<{ readonly name: string; readonly startPath: string } | undefined> {
  const rows = await tx.rows<{ name: string; startPath: string }>(
    `UPDATE kiosk_link SET device_hash = $4, exchanged_at = $6, exchanged_from = $5, seen_at = $6, link_hash = NULL,
       link_expires_at = NULL
     WHERE county = $1 AND id = $2 AND link_hash = $3 AND link_expires_at > $6 AND revoked_at IS NULL
     RETURNING name, start_path AS "startPath"`,
    [link.county, link.id, link.linkHash, device.hash, device.address, now],
  );
  return rows[0];
}
