import type { Role } from "../../data/policy/roles.ts";
import type { Transaction } from "../driver.ts";
import { groupBy, indexBy } from "./params.ts";

export const SIGN_IN_METHODS = ["password", "oidc", "link", "demo"] as const;
/** How a session was opened. */
export type SignInMethod = (typeof SIGN_IN_METHODS)[number];

/** A session as its owner sees it. Instants are ISO 8601 text. */
export interface SessionRow {
  readonly county: string;
  readonly id: string;
  readonly accountId: string;
  readonly method: SignInMethod;
  readonly address: string;
  readonly agent: string;
  readonly createdAt: string;
  readonly seenAt: string;
  readonly expiresAt: string;
}

/** A session with its account and the grant that it acts under: all that a request needs. */
export interface SessionCredential extends SessionRow {
  readonly secretHash: string;
  readonly visitor: boolean;
  readonly login: string;
  readonly name: string;
  readonly demo: boolean;
  readonly hasPassword: boolean;
  readonly mustChangePassword: boolean;
  readonly disabledAt: string | null;
  /** Null while the session acts under no grant that holds. */
  readonly grantId: string | null;
  readonly role: Role | null;
  readonly areaCounty: string | null;
  readonly areaId: string | null;
}

const COLUMNS = `s.county, s.id, s.account_id AS "accountId", s.method, s.address, s.agent, s.created_at AS "createdAt",
  s.seen_at AS "seenAt", s.expires_at AS "expiresAt"`;

/** A session by its id; the caller compares the secret. Undefined when there is none. */
export async function sessionCredential(
  tx: Transaction,
  county: string,
  id: string,
): Promise<SessionCredential | undefined> {
  const rows = await tx.rows<SessionCredential>(
    `SELECT ${COLUMNS}, s.secret_hash AS "secretHash", s.visitor, a.login, a.display_name AS name, a.demo,
       a.password_hash IS NOT NULL AS "hasPassword", a.must_change_password AS "mustChangePassword",
       a.disabled_at AS "disabledAt", g.id AS "grantId", g.role, g.area_county AS "areaCounty", g.area_id AS "areaId"
     FROM session s JOIN account a ON a.county = $1 AND a.id = s.account_id
     LEFT JOIN role_grant g ON g.county = $1 AND g.id = s.grant_id AND g.account_id = s.account_id AND g.revoked_at IS NULL
     WHERE s.county = $1 AND s.id = $2`,
    [county, id],
  );
  return rows[0];
}

export interface NewSessionRow extends SessionRow {
  readonly secretHash: string;
  readonly grantId: string | null;
}

export const insertSession = (tx: Transaction, session: NewSessionRow): Promise<number> =>
  tx.execute(
    `INSERT INTO session (county, id, account_id, secret_hash, grant_id, visitor, method, address, agent, created_at,
       seen_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, false, $6, $7, $8, $9, $10, $11)`,
    [
      session.county,
      session.id,
      session.accountId,
      session.secretHash,
      session.grantId,
      session.method,
      session.address,
      session.agent,
      session.createdAt,
      session.seenAt,
      session.expiresAt,
    ],
  );

/** Notes a request of a session and moves its end. */
export const touchSession = (
  tx: Transaction,
  county: string,
  id: string,
  seenAt: string,
  expiresAt: string,
): Promise<number> =>
  tx.execute("UPDATE session SET seen_at = $3, expires_at = $4 WHERE county = $1 AND id = $2 AND seen_at < $3", [
    county,
    id,
    seenAt,
    expiresAt,
  ]);

/** Lets a session act under a grant of its account. */
export const setSessionGrant = (tx: Transaction, county: string, id: string, grantId: string): Promise<number> =>
  tx.execute("UPDATE session SET grant_id = $3 WHERE county = $1 AND id = $2", [county, id, grantId]);

/** Switches visitor mode (参观模式). */
export const setSessionVisitor = (tx: Transaction, county: string, id: string, visitor: boolean): Promise<number> =>
  tx.execute("UPDATE session SET visitor = $3 WHERE county = $1 AND id = $2", [county, id, visitor]);

export const deleteSession = (tx: Transaction, county: string, id: string): Promise<number> =>
  tx.execute("DELETE FROM session WHERE county = $1 AND id = $2", [county, id]);

/**
 * Ends the sessions of an account.
 *
 * @param except id of a session that stays open
 */
export const deleteSessionsOfAccount = (
  tx: Transaction,
  county: string,
  accountId: string,
  except: string | null = null,
): Promise<number> =>
  tx.execute("DELETE FROM session WHERE county = $1 AND account_id = $2 AND ($3::uuid IS NULL OR id <> $3::uuid)", [
    county,
    accountId,
    except,
  ]);

/** Ends the sessions that act under a grant. */
export const deleteSessionsUnderGrant = (tx: Transaction, county: string, grantId: string): Promise<number> =>
  tx.execute("DELETE FROM session WHERE county = $1 AND grant_id = $2", [county, grantId]);

/** Removes sessions of a county that ended before an instant. */
export const deleteExpiredSessions = (tx: Transaction, county: string, now: string): Promise<number> =>
  tx.execute("DELETE FROM session WHERE county = $1 AND expires_at <= $2", [county, now]);

/** Open sessions of accounts, the one seen last first. */
export const sessionsOfAccounts = async (
  tx: Transaction,
  county: string,
  accountIds: readonly string[],
  now: string,
): Promise<ReadonlyMap<string, SessionRow[]>> =>
  groupBy(
    await tx.rows<SessionRow>(
      `SELECT ${COLUMNS} FROM session s WHERE s.county = $1 AND s.account_id = ANY($2) AND s.expires_at > $3
       ORDER BY s.seen_at DESC, s.id`,
      [county, accountIds, now],
    ),
    ({ accountId }) => accountId,
  );

/** How many sessions of each account are open. */
export const openSessionCounts = async (
  tx: Transaction,
  county: string,
  accountIds: readonly string[],
  now: string,
): Promise<ReadonlyMap<string, number>> => {
  const rows = await tx.rows<{ accountId: string; open: number }>(
    `SELECT account_id AS "accountId", count(*) AS open FROM session
     WHERE county = $1 AND account_id = ANY($2) AND expires_at > $3 GROUP BY account_id`,
    [county, accountIds, now],
  );
  return new Map([...indexBy(rows, ({ accountId }) => accountId)].map(([id, { open }]) => [id, open]));
};
