import type { Transaction } from "../driver.ts";

export type LinkPurpose = "first" | "reset";

export interface NewLinkRow {
  readonly county: string;
  readonly id: string;
  readonly accountId: string;
  readonly purpose: LinkPurpose;
  readonly secretHash: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export const insertLink = (tx: Transaction, link: NewLinkRow): Promise<number> =>
  tx.execute(
    `INSERT INTO one_time_link (county, id, account_id, purpose, secret_hash, expires_at, used_at)
     VALUES ($1, $2, $3, $4, $5, $6, NULL)`,
    [link.county, link.id, link.accountId, link.purpose, link.secretHash, link.expiresAt],
  );

/**
 * Uses a link: of two requests at once only one gets it.
 *
 * @returns whom it signs in; undefined when it is unknown, wrong, used or over
 */
export async function spendLink(
  tx: Transaction,
  county: string,
  id: string,
  secretHash: string,
  now: string,
): Promise<{ readonly accountId: string; readonly purpose: LinkPurpose } | undefined> {
  const rows = await tx.rows<{ accountId: string; purpose: LinkPurpose }>(
    `UPDATE one_time_link SET used_at = $4
     WHERE county = $1 AND id = $2 AND secret_hash = $3 AND used_at IS NULL AND expires_at > $4
     RETURNING account_id AS "accountId", purpose`,
    [county, id, secretHash, now],
  );
  return rows[0];
}

/** Removes the links of an account: a new one makes older ones worthless. */
export const deleteLinksOfAccount = (tx: Transaction, county: string, accountId: string): Promise<number> =>
  tx.execute("DELETE FROM one_time_link WHERE county = $1 AND account_id = $2", [county, accountId]);
