import { AppError, notFound, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { ROOT_COUNTY } from "../../../data/policy/roles.ts";
import type { Database } from "../../../db/driver.ts";
import {
  type AccountRow,
  insertAccount,
  setDisabled,
  setPassword,
  takeLogin,
} from "../../../db/repositories/account-repository.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { countyFacts } from "../../../db/repositories/grant-repository.ts";
import { deleteLinksOfAccount } from "../../../db/repositories/one-time-link-repository.ts";
import { deleteSessionsOfAccount } from "../../../db/repositories/session-repository.ts";
import { forgetAccess } from "../../auth/access-cache.ts";
import { hashPassword, newFirstPassword } from "../../auth/password.ts";
import { newId } from "../new-id.ts";
import type { Administrator } from "./administrator.ts";
import { checkedName, checkedReason } from "./checked-input.ts";
import { requireOwnCounty } from "./credential-area.ts";
import {
  isOwn,
  isRootGrant,
  lockManaged,
  refuseAuditors,
  requireAnotherRootAdmin,
  requireVersion,
  reread,
} from "./managed-account.ts";

/** Whose account is made, and where. */
export interface NewAccount {
  readonly county: string;
  readonly login: string;
  readonly name: string;
  readonly reason?: string | null | undefined;
}

/** An account with its first password, which is told once. */
export interface AccountWithFirstPassword {
  readonly account: AccountRow;
  readonly firstPassword: string;
}

/** A change of one account. */
interface AccountChange {
  readonly county: string;
  readonly id: string;
  /** Version that the administrator saw; null at the command line, which sees the present one. */
  readonly version: number | null;
  readonly reason?: string | null | undefined;
}

/** A login name as it is kept. @throws USER */
export function checkedLogin(text: string): string {
  const login = text.trim().toLowerCase();
  if (/^[a-z0-9][a-z0-9._-]{1,63}$/.test(login)) return login;
  throw userError(`"${text.slice(0, 80)}" cannot be a login name`, {
    at: "login",
    hint: "2 to 64 characters: letters a–z, digits, dots, dashes and underscores; a letter or digit first.",
  });
}

/**
 * Makes an account without grants in a county that the administrator's grant reaches.
 *
 * @throws FORBIDDEN, NOT_FOUND for a county that is not here, CONFLICT when the login is taken
 */
export async function createAccount(
  database: Database,
  admin: Administrator,
  input: NewAccount,
  nowMs: number,
): Promise<AccountWithFirstPassword> {
  const firstPassword = newFirstPassword();
  const account = await addAccount(database, admin, input, firstPassword, nowMs);
  return { account, firstPassword };
}

/**
 * As `createAccount`, without a password: the identity provider's first sign-in under the login's name takes it over
 * (`api/auth/oidc-account.ts`).
 */
export const createProviderAccount = (
  database: Database,
  admin: Administrator,
  input: NewAccount,
  nowMs: number,
): Promise<AccountRow> => addAccount(database, admin, input, null, nowMs);

async function addAccount(
  database: Database,
  admin: Administrator,
  input: NewAccount,
  firstPassword: string | null,
  nowMs: number,
): Promise<AccountRow> {
  const county = requireOwnCounty(admin, input.county);
  const login = checkedLogin(input.login);
  const name = checkedName(input.name);
  const reason = checkedReason(input.reason);
  const passwordHash = firstPassword === null ? null : await hashPassword(firstPassword);
  const mustChangePassword = firstPassword !== null;
  const at = new Date(nowMs).toISOString();
  const id = newId(nowMs);
  return database.transaction({ kind: "accounts", county }, async (tx) => {
    if (county !== ROOT_COUNTY && !(await countyFacts(tx, county)))
      throw notFound(`there is no county ${county} on this server`, { at: "county" });
    if (!(await takeLogin(tx, login, county, id)))
      throw new AppError("USER", `登录名已被使用 the login ${login} is taken`, { code: "CONFLICT", at: "login" });
    await insertAccount(tx, { county, id, login, name, passwordHash, mustChangePassword, demo: false, createdAt: at });
    await appendAudit(tx, county, {
      ...admin.audit,
      action: "account.create",
      entity: { id: toGlobalId("Account", county, id), login, provider: firstPassword === null },
      reason,
      at,
    });
    return reread(tx, { county, id });
  });
}

/**
 * Disables an account and ends its sessions, or lets it sign in again.
 *
 * @throws NOT_FOUND, FORBIDDEN, CONFLICT for an outdated version, for oneself and for the last administrator of the server
 */
export async function disableAccount(
  database: Database,
  admin: Administrator,
  change: AccountChange & { readonly disabled: boolean },
  nowMs: number,
): Promise<AccountRow> {
  const { county, id, disabled } = change;
  const reason = checkedReason(change.reason);
  const at = new Date(nowMs).toISOString();
  const account = await database.transaction({ kind: "accounts", county }, async (tx) => {
    const managed = await lockManaged(tx, admin, change, at);
    if (change.version !== null) requireVersion(managed, change.version);
    refuseAuditors(admin, managed);
    if (disabled && isOwn(admin, managed.account))
      throw new AppError("USER", "nobody disables their own account", {
        code: "CONFLICT",
        at: "id",
        hint: "Another administrator can.",
      });
    if (disabled && managed.grants.some(isRootGrant)) await requireAnotherRootAdmin(tx, id);
    if (disabled === (managed.account.disabledAt !== null)) return managed.account;
    await setDisabled(tx, county, id, disabled ? at : null);
    if (disabled) {
      await deleteSessionsOfAccount(tx, county, id);
      await deleteLinksOfAccount(tx, county, id);
    }
    await appendAudit(tx, county, {
      ...admin.audit,
      action: disabled ? "account.disable" : "account.enable",
      entity: { id: toGlobalId("Account", county, id), login: managed.account.login },
      reason,
      at,
    });
    return reread(tx, managed.account);
  });
  forgetAccess(database);
  return account;
}

/**
 * Gives a new first password and ends the account's sessions.
 *
 * @throws NOT_FOUND, FORBIDDEN, CONFLICT for an outdated version, for oneself and for demo accounts
 */
export async function resetPassword(
  database: Database,
  admin: Administrator,
  change: AccountChange,
  nowMs: number,
): Promise<AccountWithFirstPassword> {
  const { county, id } = change;
  const reason = checkedReason(change.reason);
  const firstPassword = newFirstPassword();
  const passwordHash = await hashPassword(firstPassword);
  const at = new Date(nowMs).toISOString();
  const account = await database.transaction({ kind: "accounts", county }, async (tx) => {
    const managed = await lockManaged(tx, admin, change, at);
    if (change.version !== null) requireVersion(managed, change.version);
    refuseAuditors(admin, managed);
    const fault =
      (isOwn(admin, managed.account) && "nobody resets their own password: change it on the account page") ||
      (managed.account.demo && "demo accounts have no password");
    if (fault) throw new AppError("USER", fault, { code: "CONFLICT", at: "id" });
    await setPassword(tx, county, id, passwordHash, true);
    await deleteSessionsOfAccount(tx, county, id);
    await deleteLinksOfAccount(tx, county, id);
    await appendAudit(tx, county, {
      ...admin.audit,
      action: "account.reset",
      entity: { id: toGlobalId("Account", county, id), login: managed.account.login },
      reason,
      at,
    });
    return reread(tx, managed.account);
  });
  forgetAccess(database);
  return { account, firstPassword };
}
