import type { Transaction } from "../driver.ts";
import { indexBy } from "./params.ts";

/** A local account without its password. Instants are ISO 8601 text. */
export interface AccountRow {
  /** Home county; 000000 for the server. */
  readonly county: string;
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly mustChangePassword: boolean;
  readonly failedAttempts: number;
  readonly lockedUntil: string | null;
  readonly demo: boolean;
  readonly createdAt: string;
  readonly disabledAt: string | null;
  readonly version: number;
}

/** An account as signing in needs it. */
export interface AccountWithPassword extends AccountRow {
  /** argon2id in PHC form; null when only an identity provider, a link or the demonstration signs it in. */
  readonly passwordHash: string | null;
}

/** Where a login name leads. */
export interface AccountAddress {
  readonly county: string;
  readonly accountId: string;
}

export const ACCOUNT_COLUMNS = `a.county, a.id, a.login, a.display_name AS name, a.must_change_password AS "mustChangePassword",
  a.failed_attempts AS "failedAttempts", a.locked_until AS "lockedUntil", a.demo, a.created_at AS "createdAt",
  a.disabled_at AS "disabledAt", a.version`;

/** Where a login name leads; undefined when nobody has it. */
export async function addressOfLogin(tx: Transaction, login: string): Promise<AccountAddress | undefined> {
  const rows = await tx.rows<AccountAddress>(
    `SELECT county, account_id AS "accountId" FROM account_login WHERE login = $1`,
    [login],
  );
  return rows[0];
}

/** Takes a login name for an account; false when somebody has it. */
export const takeLogin = async (tx: Transaction, login: string, county: string, accountId: string): Promise<boolean> =>
  (await tx.execute(
    "INSERT INTO account_login (login, county, account_id) VALUES ($1, $2, $3) ON CONFLICT (login) DO NOTHING",
    [login, county, accountId],
  )) === 1;

export interface NewAccountRow {
  readonly county: string;
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly passwordHash: string | null;
  readonly mustChangePassword: boolean;
  readonly demo: boolean;
  readonly createdAt: string;
}

/** Adds an account; its login must have been taken before. */
export const insertAccount = (tx: Transaction, account: NewAccountRow): Promise<number> =>
  tx.execute(
    `INSERT INTO account (county, id, login, display_name, password_hash, must_change_password, failed_attempts,
       locked_until, demo, created_at, disabled_at, version)
     VALUES ($1, $2, $3, $4, $5, $6, 0, NULL, $7, $8, NULL, 1)`,
    [
      account.county,
      account.id,
      account.login,
      account.name,
      account.passwordHash,
      account.mustChangePassword,
      account.demo,
      account.createdAt,
    ],
  );

/** An account with its password's hash; undefined when there is none. */
export async function accountForSignIn(
  tx: Transaction,
  county: string,
  id: string,
): Promise<AccountWithPassword | undefined> {
  const rows = await tx.rows<AccountWithPassword>(
    `SELECT ${ACCOUNT_COLUMNS}, a.password_hash AS "passwordHash" FROM account a WHERE a.county = $1 AND a.id = $2`,
    [county, id],
  );
  return rows[0];
}

/** Accounts of a county by id. */
export const accountsById = async (
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AccountRow>> =>
  indexBy(
    await tx.rows<AccountRow>(`SELECT ${ACCOUNT_COLUMNS} FROM account a WHERE a.county = $1 AND a.id = ANY($2)`, [
      county,
      ids,
    ]),
    ({ id }) => id,
  );

/** Which accounts of a county. */
export interface AccountSearch {
  /** Part of the login or the name; undefined for all. */
  readonly text?: string | undefined;
  /** Code of the area that all their grants lie in; undefined for the whole county. */
  readonly inside?: string | undefined;
  /** The instant whose areas count, ISO 8601. */
  readonly at: string;
}

const SEARCHED = `a.county = $1
  AND ($2::text IS NULL OR strpos(lower(a.login || ' ' || a.display_name), lower($2)) > 0)
  AND ($3::text IS NULL OR NOT EXISTS (
    SELECT FROM role_grant g LEFT JOIN area_version v
      ON v.county = $1 AND v.area_id = g.area_id AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz
    WHERE g.county = $1 AND g.account_id = a.id AND g.revoked_at IS NULL
      AND (v.code IS NULL OR v.code < $3 OR v.code >= $3 || '~')))`;

const searchParams = (county: string, { text, inside, at }: AccountSearch) => [
  county,
  text ?? null,
  inside ?? null,
  at,
];

/**
 * Accounts of a county by login name.
 *
 * @param after login name that the page starts behind
 */
export const listAccounts = (
  tx: Transaction,
  county: string,
  search: AccountSearch,
  after: string | undefined,
  limit: number,
): Promise<AccountRow[]> =>
  tx.rows<AccountRow>(
    `SELECT ${ACCOUNT_COLUMNS} FROM account a WHERE ${SEARCHED} AND ($5::text IS NULL OR a.login > $5)
     ORDER BY a.login LIMIT $6`,
    [...searchParams(county, search), after ?? null, limit],
  );

/** How many `listAccounts` has in all. */
export async function countAccounts(tx: Transaction, county: string, search: AccountSearch): Promise<number> {
  const rows = await tx.rows<{ n: number }>(
    `SELECT count(*) AS n FROM account a WHERE ${SEARCHED}`,
    searchParams(county, search),
  );
  return rows[0]?.n ?? 0;
}

/** Demo accounts of a county that may sign in, by login name. */
export const demoAccounts = (tx: Transaction, county: string): Promise<AccountRow[]> =>
  tx.rows<AccountRow>(
    `SELECT ${ACCOUNT_COLUMNS} FROM account a WHERE a.county = $1 AND a.demo AND a.disabled_at IS NULL ORDER BY a.login`,
    [county],
  );

/**
 * Counts an attempt before its password is looked at, so that many at once cannot outrun the lock. Succeeds only when
 * the account is as the caller saw it.
 *
 * @param lockedUntil until when the account is locked unless this attempt succeeds; null = it is not
 * @returns false when another attempt was counted in between
 */
export const countAttempt = async (
  tx: Transaction,
  account: Pick<AccountRow, "county" | "id" | "failedAttempts">,
  lockedUntil: string | null,
): Promise<boolean> =>
  (await tx.execute(
    `UPDATE account SET failed_attempts = failed_attempts + 1, locked_until = $4
     WHERE county = $1 AND id = $2 AND failed_attempts = $3`,
    [account.county, account.id, account.failedAttempts, lockedUntil],
  )) === 1;

/** Forgets failed attempts after a right password. */
export const clearAttempts = (tx: Transaction, county: string, id: string): Promise<number> =>
  tx.execute(
    "UPDATE account SET failed_attempts = 0, locked_until = NULL WHERE county = $1 AND id = $2 AND failed_attempts > 0",
    [county, id],
  );

/** Sets a password and unlocks the account. */
export const setPassword = (
  tx: Transaction,
  county: string,
  id: string,
  passwordHash: string,
  mustChangePassword: boolean,
): Promise<number> =>
  tx.execute(
    `UPDATE account SET password_hash = $3, must_change_password = $4, failed_attempts = 0, locked_until = NULL,
       version = version + 1
     WHERE county = $1 AND id = $2`,
    [county, id, passwordHash, mustChangePassword],
  );

/** Disables an account (an instant) or lets it sign in again (null). */
export const setDisabled = (tx: Transaction, county: string, id: string, disabledAt: string | null): Promise<number> =>
  tx.execute("UPDATE account SET disabled_at = $3, version = version + 1 WHERE county = $1 AND id = $2", [
    county,
    id,
    disabledAt,
  ]);

/** Locks an account's row until the end of the transaction; undefined when there is none. */
export async function lockAccount(tx: Transaction, county: string, id: string): Promise<AccountRow | undefined> {
  await tx.execute("SELECT FROM account WHERE county = $1 AND id = $2 FOR UPDATE", [county, id]);
  return (await accountsById(tx, county, [id])).get(id);
}

/** An administrator who may work. */
export interface AdminRow {
  readonly id: string;
  /** True once the account has a password or an identity provider's subject. */
  readonly canSignIn: boolean;
}

/** Enabled accounts of a county with a grant as administrator of a whole county (or of all), oldest first. */
export const enabledAdmins = (tx: Transaction, county: string, areaCounty: string): Promise<AdminRow[]> =>
  tx.rows<AdminRow>(
    `SELECT a.id, a.password_hash IS NOT NULL OR EXISTS (
         SELECT FROM account_subject s WHERE s.county = $1 AND s.account_id = a.id) AS "canSignIn"
     FROM account a
     WHERE a.county = $1 AND a.disabled_at IS NULL AND EXISTS (
       SELECT FROM role_grant g WHERE g.county = $1 AND g.account_id = a.id AND g.role = 'admin'
         AND g.area_county = $2 AND g.area_id IS NULL AND g.revoked_at IS NULL)
     ORDER BY a.created_at, a.id`,
    [county, areaCounty],
  );

/**
 * Locks the accounts of a county's administrators until the end of the transaction, so that two changes at once cannot
 * each leave the other as the last one.
 */
export const lockAdmins = (tx: Transaction, county: string, areaCounty: string): Promise<number> =>
  tx.execute(
    `SELECT FROM account a
     WHERE a.county = $1 AND EXISTS (
       SELECT FROM role_grant g WHERE g.county = $1 AND g.account_id = a.id AND g.role = 'admin'
         AND g.area_county = $2 AND g.area_id IS NULL AND g.revoked_at IS NULL)
     ORDER BY a.id FOR UPDATE`,
    [county, areaCounty],
  );
