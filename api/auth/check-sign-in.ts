import { AppError } from "../../data/model/errors.ts";
import { toGlobalId } from "../../data/model/ids.ts";
import type { Database } from "../../db/driver.ts";
import {
  type AccountWithPassword,
  accountForSignIn,
  addressOfLogin,
  clearAttempts,
  countAttempt,
} from "../../db/repositories/account-repository.ts";
import { appendAudit } from "../../db/repositories/audit-repository.ts";
import { RefusedRequest } from "../hardening/request-guards.ts";
import { lockedUntil, type UnknownLogins } from "./lockout.ts";
import { checkPassword } from "./password.ts";

/** Says the same whatever is wrong: login, password, or an account that may not sign in. */
const wrong = (): AppError =>
  new AppError("USER", "登录名或密码不对 the login or the password is wrong", {
    code: "UNAUTHENTICATED",
    at: "password",
    hint: "Check both; after five wrong passwords the account is locked for a while.",
  });

const locked = (ms: number): RefusedRequest => {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return new RefusedRequest(
    429,
    "密码错误次数过多 too many wrong passwords",
    `Wait ${seconds} seconds and try again, or ask an administrator for a new first password.`,
    { at: "password", retryAfter: seconds },
  );
};

/**
 * Checks a password of an account. The attempt is counted while the hash is computed and before its result is told, so
 * that many at once cannot outrun the lock.
 *
 * @throws UNAUTHENTICATED with a neutral sentence; 429 with the seconds to wait while the account is locked
 */
export async function checkAccountPassword(
  database: Database,
  account: AccountWithPassword,
  password: string,
  nowMs: number,
  address: string,
): Promise<void> {
  const { county, id, failedAttempts } = account;
  const remaining = account.lockedUntil === null ? 0 : Date.parse(account.lockedUntil) - nowMs;
  if (remaining > 0) throw locked(remaining);
  const until = lockedUntil(failedAttempts + 1, nowMs);
  const [counted, matches] = await Promise.all([
    database.transaction({ kind: "auth" }, (tx) => countAttempt(tx, account, until)),
    checkPassword(password, account.passwordHash),
  ]);
  // Somebody else tried at the same moment: one of the two is told to come back.
  if (!counted) throw locked(1000);
  if (!matches) {
    if (until !== null) await auditLock(database, account, nowMs, address);
    throw wrong();
  }
  await database.transaction({ kind: "auth" }, (tx) => clearAttempts(tx, county, id));
}

const auditLock = (
  database: Database,
  { county, id, failedAttempts }: AccountWithPassword,
  nowMs: number,
  address: string,
): Promise<void> =>
  database.transaction({ kind: "auth" }, (tx) =>
    appendAudit(tx, county, {
      actor: "nobody",
      actorName: null,
      role: null,
      address,
      action: "account.lock",
      entity: { id: toGlobalId("Account", county, id), attempts: failedAttempts + 1 },
      reason: null,
      at: new Date(nowMs).toISOString(),
    }),
  );

/**
 * The account of a login and password.
 *
 * @throws as `checkAccountPassword`; a login that does not exist answers and locks like one that does
 */
export async function checkSignIn(
  database: Database,
  unknown: UnknownLogins,
  given: { readonly login: string; readonly password: string; readonly address: string },
  nowMs: number,
): Promise<AccountWithPassword> {
  const login = given.login.trim().toLowerCase();
  const account = await database.transaction({ kind: "auth" }, async (tx) => {
    const found = await addressOfLogin(tx, login);
    return found && accountForSignIn(tx, found.county, found.accountId);
  });
  if (!account) {
    const remaining = unknown.count(login, nowMs);
    if (remaining > 0) throw locked(remaining);
    await checkPassword(given.password, null);
    throw wrong();
  }
  await checkAccountPassword(database, account, given.password, nowMs, given.address);
  if (account.disabledAt !== null) throw wrong();
  return account;
}
