import { AppError } from "../../data/model/errors.ts";
import { toGlobalId } from "../../data/model/ids.ts";
import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import type { Database, Transaction } from "../../db/driver.ts";
import {
  type AccountWithPassword,
  accountForSignIn,
  addressOfLogin,
  lockAccount,
} from "../../db/repositories/account-repository.ts";
import { appendAudit, systemActor } from "../../db/repositories/audit-repository.ts";
import { addressOfSubject, hasSubject, linkSubject } from "../../db/repositories/subject-repository.ts";
import type { ProvidedIdentity } from "./oidc.ts";

const unknownSubject = (subject: string): AppError =>
  new AppError("USER", "此身份未关联账号 no account here belongs to this identity", {
    code: "UNAUTHENTICATED",
    at: "oidc",
    hint: `An administrator makes one for it: jingwei user add --provider --login NAME, with the login name that the provider gives you (its number for you is ${subject.slice(0, 80)}).`,
  });

/**
 * Was the account made for the provider alone? It has no password and none is asked for, which tells it from a first
 * administrator who has not opened the link yet; and nobody was linked with it.
 */
async function isMeantForProvider(tx: Transaction, account: AccountWithPassword): Promise<boolean> {
  const { passwordHash, mustChangePassword, demo, disabledAt, county, id } = account;
  if (passwordHash !== null || mustChangePassword || demo || disabledAt !== null) return false;
  return !(await hasSubject(tx, county, id));
}

/** Links the account that one of the names leads to, where it waits for its first sign-in. */
async function linkByName(
  tx: Transaction,
  { issuer, subject }: ProvidedIdentity,
  names: readonly string[],
  address: string,
  at: string,
): Promise<AccountWithPassword | undefined> {
  for (const name of names) {
    const found = await addressOfLogin(tx, name);
    if (!found) continue;
    // Two subjects that come at once for the same account wait for each other.
    await lockAccount(tx, found.county, found.accountId);
    const account = await accountForSignIn(tx, found.county, found.accountId);
    if (!account || !(await isMeantForProvider(tx, account))) continue;
    if (!(await linkSubject(tx, issuer, subject, account.county, account.id))) continue;
    await appendAudit(tx, account.county, {
      ...systemActor(),
      address,
      action: "account.subject",
      entity: { id: toGlobalId("Account", account.county, account.id), issuer, subject },
      at,
    });
    return account;
  }
  return undefined;
}

/**
 * The account of a provider's subject; at its first sign-in, the one whose login name the provider gives, provided that an
 * administrator made it without a password for this very purpose. Nobody gets an account, or one with a password, by
 * having a name at a provider.
 *
 * @throws UNAUTHENTICATED for an unknown subject or a disabled account; the refusal is in the audit log
 */
export async function accountOfSubject(
  database: Database,
  identity: ProvidedIdentity,
  address: string,
  nowMs: number,
): Promise<AccountWithPassword> {
  const at = new Date(nowMs).toISOString();
  const { issuer, subject } = identity;
  const linked = await database.transaction({ kind: "auth" }, async (tx) => {
    const found = await addressOfSubject(tx, issuer, subject);
    return found && accountForSignIn(tx, found.county, found.accountId);
  });
  // The provider is asked outside any transaction.
  const names = linked ? [] : await identity.loginNames();
  const account =
    linked ?? (await database.transaction({ kind: "auth" }, (tx) => linkByName(tx, identity, names, address, at)));
  if (account && account.disabledAt === null) return account;
  await database.transaction({ kind: "auth" }, (tx) =>
    appendAudit(tx, account?.county ?? ROOT_COUNTY, {
      ...systemActor("nobody"),
      address,
      action: "account.subject.refuse",
      entity: { issuer, subject, disabled: account !== undefined },
      at,
    }),
  );
  throw unknownSubject(subject);
}
