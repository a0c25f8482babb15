import type { Transaction } from "../driver.ts";
import type { AccountAddress } from "./account-repository.ts";

/** The account that a provider's subject was linked with; undefined when there is none. */
export async function addressOfSubject(
  tx: Transaction,
  issuer: string,
  subject: string,
): Promise<AccountAddress | undefined> {
  const rows = await tx.rows<AccountAddress>(
    `SELECT county, account_id AS "accountId" FROM account_subject WHERE issuer = $1 AND subject = $2`,
    [issuer, subject],
  );
  return rows[0];
}

/** Has an account a subject of any provider? */
export async function hasSubject(tx: Transaction, county: string, accountId: string): Promise<boolean> {
  const rows = await tx.rows("SELECT issuer FROM account_subject WHERE county = $1 AND account_id = $2 LIMIT 1", [
    county,
    accountId,
  ]);
  return rows.length > 0;
}

/** Links a provider's subject with an account; false when the subject has one already. */
export const linkSubject = async (
  tx: Transaction,
  issuer: string,
  subject: string,
  county: string,
  accountId: string,
): Promise<boolean> =>
  (await tx.execute(
    `INSERT INTO account_subject (issuer, subject, county, account_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT (issuer, subject) DO NOTHING`,
    [issuer, subject, county, accountId],
  )) === 1;
