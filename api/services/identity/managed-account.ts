import { isInside } from "../../../data/model/codes.ts";
import { AppError, notFound } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { ROOT_COUNTY } from "../../../data/policy/roles.ts";
import type { Transaction } from "../../../db/driver.ts";
import {
  type AccountRow,
  accountsById,
  enabledAdmins,
  lockAccount,
  lockAdmins,
} from "../../../db/repositories/account-repository.ts";
import { type GrantRow, grantsOfAccounts } from "../../../db/repositories/grant-repository.ts";
import { placesOf } from "../../auth/granted-area.ts";
import type { Administrator } from "./administrator.ts";

/** An account that an administrator is about to change, locked until the end of the transaction. */
export interface ManagedAccount {
  readonly account: AccountRow;
  /** Grants that hold. */
  readonly grants: readonly GrantRow[];
}

/** May act on the server itself, not only on a county? */
export const isRootAdmin = (admin: Administrator): boolean => admin.within(ROOT_COUNTY) !== undefined;

/** Is it the administrator's own account? */
export const isOwn = (admin: Administrator, { county, id }: Pick<AccountRow, "county" | "id">): boolean =>
  admin.audit.actor === toGlobalId("Account", county, id);

/**
 * Locks an account that the administrator manages: one of the own county whose grants all lie in the own area. Others are
 * as if they were not there.
 *
 * @param at instant, ISO 8601
 * @throws NOT_FOUND
 */
export async function lockManaged(
  tx: Transaction,
  admin: Administrator,
  { county, id }: { readonly county: string; readonly id: string },
  at: string,
): Promise<ManagedAccount> {
  const own = admin.within(county);
  // Before any single one, so that two changes of administrators wait for each other instead of crossing.
  if (own !== undefined && county === ROOT_COUNTY) await lockAdmins(tx, ROOT_COUNTY, ROOT_COUNTY);
  const account = own === undefined ? undefined : await lockAccount(tx, county, id);
  if (account && own !== undefined) {
    const grants = (await grantsOfAccounts(tx, county, [id])).get(id) ?? [];
    const places = await placesOf(tx, grants, at);
    const whole = own === county;
    if (whole || places.every((place) => place !== undefined && isInside(place.code, own))) return { account, grants };
  }
  throw notFound("there is no such account among those that you manage", {
    at: "id",
    hint: "Query.accounts lists them.",
  });
}

/**
 * Auditors watch administrators, so these do not lock them out or take over their accounts: an administrator of the server
 * does, who is watched by the server's own auditor.
 *
 * @throws FORBIDDEN
 */
export function refuseAuditors(admin: Administrator, { grants }: ManagedAccount): void {
  if (isRootAdmin(admin) || !grants.some(({ role }) => role === "auditor")) return;
  throw new AppError(
    "USER",
    "审计员账号由系统管理员管理 an auditor's account is managed by administrators of the server",
    {
      code: "FORBIDDEN",
      at: "id",
      hint: "Ask an administrator of the server.",
    },
  );
}

/** Refuses what an outdated page asks for. @throws CONFLICT */
export function requireVersion({ account }: ManagedAccount, version: number): void {
  if (account.version === version) return;
  throw new AppError("USER", `the account was changed meanwhile: it is at version ${account.version}`, {
    code: "CONFLICT",
    at: "version",
    hint: "Load it again and decide anew.",
  });
}

/**
 * Refuses to leave the server without an administrator who can sign in. Runs after `lockManaged`, which holds them all.
 *
 * @param without the account that is about to go
 * @throws CONFLICT
 */
export async function requireAnotherRootAdmin(tx: Transaction, without: string): Promise<void> {
  const admins = await enabledAdmins(tx, ROOT_COUNTY, ROOT_COUNTY);
  if (admins.some(({ id, canSignIn }) => id !== without && canSignIn)) return;
  throw new AppError("USER", "这是最后一名系统管理员 this is the last administrator of the server who can sign in", {
    code: "CONFLICT",
    at: "id",
    hint: "Give somebody else the role first; they must have signed in once.",
  });
}

/** Is a grant one of the administrators of the server itself? */
export const isRootGrant = ({ role, areaCounty }: Pick<GrantRow, "role" | "areaCounty">): boolean =>
  role === "admin" && areaCounty === ROOT_COUNTY;

/** An account after a change. */
export async function reread(tx: Transaction, { county, id }: Pick<AccountRow, "county" | "id">): Promise<AccountRow> {
  const account = (await accountsById(tx, county, [id])).get(id);
  if (account) return account;
  throw notFound("the account is gone", { at: "id" });
}
