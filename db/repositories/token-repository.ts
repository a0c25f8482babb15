import type { Role } from "../../data/policy/roles.ts";
import type { Transaction } from "../driver.ts";

/** A token for programs, without its secret. Instants are ISO 8601 text. */
export interface TokenRow {
  /** County of its area; 000000 for every county. */
  readonly county: string;
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Null for the whole county. */
  readonly areaId: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly usedAt: string | null;
}

const COLUMNS = `t.county, t.id, t.name, t.role, t.area_id AS "areaId", t.created_by AS "createdBy", t.created_at AS "createdAt",
  t.expires_at AS "expiresAt", t.revoked_at AS "revokedAt", t.used_at AS "usedAt"`;

export interface NewTokenRow
  extends Pick<TokenRow, "county" | "id" | "name" | "role" | "areaId" | "createdBy" | "createdAt" | "expiresAt"> {
  readonly secretHash: string;
}

export const insertToken = (tx: Transaction, token: NewTokenRow): Promise<number> =>
  tx.execute(
    `INSERT INTO api_token (county, id, name, secret_hash, role, area_id, created_by, created_at, expires_at, revoked_by,
       revoked_at, used_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, NULL, NULL)`,
    [
      token.county,
      token.id,
      token.name,
      token.secretHash,
      token.role,
      token.areaId,
      token.createdBy,
      token.createdAt,
      token.expiresAt,
    ],
  );

/** Tokens of a county, newest first; those that ended or were revoked too. */
export const tokensOfCounty = (tx: Transaction, county: string): Promise<TokenRow[]> =>
  tx.rows<TokenRow>(
    `SELECT ${COLUMNS} FROM api_token t WHERE t.county = $1 ORDER BY t.created_at DESC, t.id DESC LIMIT 1000`,
    [county],
  );

export async function tokenById(tx: Transaction, county: string, id: string): Promise<TokenRow | undefined> {
  const rows = await tx.rows<TokenRow>(`SELECT ${COLUMNS} FROM api_token t WHERE t.county = $1 AND t.id = $2`, [
    county,
    id,
  ]);
  return rows[0];
}

/** Revokes a token; false when that was done before. */
export const revokeToken = async (
  tx: Transaction,
  county: string,
  id: string,
  revokedBy: string,
  revokedAt: string,
): Promise<boolean> =>
  (await tx.execute(
    "UPDATE api_token SET revoked_by = $3, revoked_at = $4 WHERE county = $1 AND id = $2 AND revoked_at IS NULL",
    [county, id, revokedBy, revokedAt],
  )) === 1;
