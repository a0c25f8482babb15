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
import { lockedUntil, type UnknownLogins } from "./lockout.ts";
import { checkPassword } from "./password.ts";

/** Says the same whatever is wrong: login, password, or an account that may not sign in. */
const wrong = (): AppError =>
  new AppError("USER", "登录名或密码不对 the login or the password is wrong", {
    code: "UNAUTHENTICATED",
    at: "password",
    hint: "Check both; after five wrong passwords the account is locked for a while.",
  });

/** Too many wrong passwords: the same for logins that exist and that do not. */
export class LockedOut extends AppError {
  readonly statusCode = 429;
  /** Seconds until the next attempt is looked at. */
  readonly retryAfter: number;

  constructor(ms: number) {
    const seconds = Math.max(1, Math.ceil(ms / 1000));
    super("USER", "密码错误次数过多 too many wrong passwords", {
      at: "password",
      hint: `Wait ${seconds} seconds and try again, or ask an administrator for a new first password.`,
    });
    this.name = "LockedOut";
    this.retryAfter = seconds;
  }
}

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
  const { county, id } = account;
  refuseLocked(account, nowMs);
  const comparing = checkPassword(password, account.passwordHash);
  comparing.catch(() => undefined);
  const failed = await countOne(database, account, nowMs);
  if (!(await comparing)) {
    if (lockedUntil(failed, nowMs) !== null) await auditLock(database, account, failed, nowMs, address);
    throw wrong();
  }
  await database.transaction({ kind: "auth" }, (tx) => clearAttempts(tx, county, id));
}

function refuseLocked({ lockedUntil: until }: AccountWithPassword, nowMs: number): void {
  const remaining = until === null ? 0 : Date.parse(until) - nowMs;
  if (remaining > 0) throw new LockedOut(remaining);
}

/** Counts an attempt, however many others do at the same moment. @returns how many there are now in a row */
async function countOne(database: Database, account: AccountWithPassword, nowMs: number): Promise<number> {
  const { county, id } = account;
  for (let seen: AccountWithPassword | undefined = account; seen; ) {
    refuseLocked(seen, nowMs);
    const known: AccountWithPassword = seen;
    const attempts = known.failedAttempts + 1;
    const until = lockedUntil(attempts, nowMs);
    if (await database.transaction({ kind: "auth" }, (tx) => countAttempt(tx, known, until))) return attempts;
    seen = await database.transaction({ kind: "auth" }, (tx) => accountForSignIn(tx, county, id));
  }
  throw wrong();
}

const auditLock = (
  database: Database,
  { county, id }: AccountWithPassword,
  attempts: number,
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
      entity: { id: toGlobalId("Account", county, id), attempts },
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
    if (remaining > 0) throw new LockedOut(remaining);
    await checkPassword(given.password, null);
    throw wrong();
  }
  await checkAccountPassword(database, account, given.password, nowMs, given.address);
  if (account.disabledAt !== null) throw wrong();
  return account;
}
