import type { Role } from "../../data/policy/roles.ts";
import type { Transaction } from "../driver.ts";

/** What a request with an API token needs to know. Instants are ISO 8601 text. */
export interface TokenCredential {
  readonly county: string;
  readonly id: string;
  readonly name: string;
  readonly secretHash: string;
  readonly role: Role;
  readonly areaId: string | null;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly usedAt: string | null;
}

/** A token by its id; the caller compares the secret. Undefined when there is none. */
export async function tokenCredential(
  tx: Transaction,
  county: string,
  id: string,
): Promise<TokenCredential | undefined> {
  const rows = await tx.rows<TokenCredential>(
    `SELECT t.county, t.id, t.name, t.secret_hash AS "secretHash", t.role, t.area_id AS "areaId",
       t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt", t.used_at AS "usedAt"
     FROM api_token t WHERE t.county = $1 AND t.id = $2`,
    [county, id],
  );
  return rows[0];
}

/** Notes that a token was used. */
export const touchToken = (tx: Transaction, county: string, id: string, usedAt: string): Promise<number> =>
  tx.execute("UPDATE api_token SET used_at = $3 WHERE county = $1 AND id = $2 AND (used_at IS NULL OR used_at < $3)", [
    county,
    id,
    usedAt,
  ]);

/** What a request of a wall needs to know. Instants are ISO 8601 text. */
export interface KioskCredential {
  readonly county: string;
  readonly id: string;
  readonly name: string;
  readonly areaId: string | null;
  readonly pointDays: number;
  readonly visitor: boolean;
  readonly visitorUntil: string | null;
  /** SHA-256 of the device's secret; null while no device has taken the link. */
  readonly deviceHash: string | null;
  readonly revokedAt: string | null;
  readonly seenAt: string | null;
}

/** A kiosk by its id; the caller compares the device's secret. Undefined when there is none. */
export async function kioskCredential(
  tx: Transaction,
  county: string,
  id: string,
): Promise<KioskCredential | undefined> {
  const rows = await tx.rows<KioskCredential>(
    `SELECT k.county, k.id, k.name, k.area_id AS "areaId", k.point_days AS "pointDays", k.visitor,
       k.visitor_until AS "visitorUntil", k.device_hash AS "deviceHash", k.revoked_at AS "revokedAt", k.seen_at AS "seenAt"
     FROM kiosk_link k WHERE k.county = $1 AND k.id = $2`,
    [county, id],
  );
  return rows[0];
}

/** Notes a request of a wall. */
export const touchKiosk = (tx: Transaction, county: string, id: string, seenAt: string): Promise<number> =>
  tx.execute("UPDATE kiosk_link SET seen_at = $3 WHERE county = $1 AND id = $2 AND (seen_at IS NULL OR seen_at < $3)", [
    county,
    id,
    seenAt,
  ]);
