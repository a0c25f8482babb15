import { AppError, notFound, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { ROOT_COUNTY, type Role } from "../../../data/policy/roles.ts";
import type { Database, Scope, Transaction } from "../../../db/driver.ts";
import type { AccountRow } from "../../../db/repositories/account-repository.ts";
import { type AuditEntry, appendAudit } from "../../../db/repositories/audit-repository.ts";
import { type GrantRow, grantById, insertGrant, revokeGrant } from "../../../db/repositories/grant-repository.ts";
import { deleteSessionsUnderGrant } from "../../../db/repositories/session-repository.ts";
import { forgetAccess } from "../../auth/access-cache.ts";
import { placeOf } from "../../auth/granted-area.ts";
import { newId } from "../new-id.ts";
import type { Administrator } from "./administrator.ts";
import { checkedReason } from "./checked-input.ts";
import { credentialArea, requireOwnArea } from "./credential-area.ts";
import {
  isOwn,
  isRootGrant,
  lockManaged,
  type ManagedAccount,
  refuseAuditors,
  requireAnotherRootAdmin,
  reread,
} from "./managed-account.ts";

/**
 * Who watches is not who is watched: nobody makes themselves auditor, and nobody is administrator and auditor at once.
 *
 * @throws FORBIDDEN
 */
function requireSeparateDuties(admin: Administrator, { account, grants }: ManagedAccount, role: Role): void {
  const holds = (other: Role): boolean => grants.some((grant) => grant.role === other);
  const fault =
    (role === "auditor" && isOwn(admin, account) && "不能给自己审计员角色 nobody makes themselves auditor") ||
    (((role === "auditor" && holds("admin")) || (role === "admin" && holds("auditor"))) &&
      "管理员与审计员不能是同一账号 an account is not administrator and auditor at once");
  if (fault)
    throw new AppError("USER", fault, {
      code: "FORBIDDEN",
      at: "role",
      hint: "Auditors watch what administrators do; give the role to somebody else.",
    });
}

/** An account of a county works there; one of the server (000000) anywhere. @throws USER */
function requireHome(account: string, area: string): void {
  if (account === ROOT_COUNTY || account === area) return;
  throw userError(`this account belongs to county ${account} and works only there`, {
    at: "areaCode",
    hint: `Choose an area of ${account}, or make an account of the server (${ROOT_COUNTY}).`,
  });
}

/**
 * A grant of the server's accounts on a county concerns that county too. Only then the transaction reaches beyond the
 * account's home.
 */
const scopeOf = (county: string, areaCounty: string): Scope =>
  areaCounty === county ? { kind: "accounts", county } : { kind: "auth" };

/** Tells the account's home, and the county whose data the grant opens. */
async function auditGrant(tx: Transaction, county: string, areaCounty: string, entry: AuditEntry): Promise<void> {
  await appendAudit(tx, county, entry);
  if (areaCounty !== county) await appendAudit(tx, areaCounty, entry);
}

export interface NewGrant {
  /** Home county and id of the account. */
  readonly county: string;
  readonly id: string;
  readonly role: Role;
  readonly areaCode: string;
  readonly reason?: string | null | undefined;
}

/**
 * Gives an account a role on an area.
 *
 * @throws FORBIDDEN beyond the own area or against the separation of duties, NOT_FOUND, CONFLICT when it holds already
 */
export async function grantRole(
  database: Database,
  admin: Administrator,
  input: NewGrant,
  nowMs: number,
): Promise<AccountRow> {
  const { county, id, role, areaCode } = input;
  const reason = checkedReason(input.reason);
  const areaCounty = requireOwnArea(admin, areaCode, "areaCode");
  const at = new Date(nowMs).toISOString();
  // What an area is called stands in its own county, whose rows the account's home does not see.
  const area = await database.transaction({ kind: "accounts", county: areaCounty }, (tx) =>
    credentialArea(tx, areaCode, at, "areaCode"),
  );
  const account = await database.transaction(scopeOf(county, areaCounty), async (tx) => {
    const managed = await lockManaged(tx, admin, { county, id }, at);
    requireHome(county, areaCounty);
    requireSeparateDuties(admin, managed, role);
    const same = (grant: GrantRow): boolean =>
      grant.role === role && grant.areaCounty === areaCounty && grant.areaId === area.areaId;
    if (managed.grants.some(same))
      throw new AppError("USER", "the account has this grant already", { code: "CONFLICT", at: "role" });
    const grant = { county, id: newId(nowMs), accountId: id, role, areaCounty, areaId: area.areaId };
    await insertGrant(tx, { ...grant, grantedBy: admin.shownName, grantedAt: at });
    await auditGrant(tx, county, areaCounty, {
      ...admin.audit,
      action: "grant.create",
      entity: {
        id: toGlobalId("Grant", county, grant.id),
        account: toGlobalId("Account", county, id),
        login: managed.account.login,
        role,
        area: area.place.code,
      },
      reason,
      at,
    });
    return reread(tx, managed.account);
  });
  forgetAccess(database);
  return account;
}

/**
 * Takes a grant back and ends the sessions that act under it.
 *
 * @throws NOT_FOUND, FORBIDDEN for an auditor's, CONFLICT for the last administrator of the server
 */
export async function takeGrantBack(
  database: Database,
  admin: Administrator,
  input: { readonly county: string; readonly id: string; readonly reason?: string | null | undefined },
  nowMs: number,
): Promise<AccountRow> {
  const { county, id } = input;
  const reason = checkedReason(input.reason);
  const at = new Date(nowMs).toISOString();
  const gone = () => notFound("there is no such grant among those that you manage", { at: "id" });
  if (admin.within(county) === undefined) throw gone();
  const grant = await database.transaction({ kind: "accounts", county }, (tx) => grantById(tx, county, id));
  if (!grant) throw gone();
  const account = await database.transaction(scopeOf(county, grant.areaCounty), async (tx) => {
    const managed = await lockManaged(tx, admin, { county, id: grant.accountId }, at);
    refuseAuditors(admin, managed);
    if (isRootGrant(grant)) await requireAnotherRootAdmin(tx, grant.accountId);
    if (!(await revokeGrant(tx, county, id, admin.audit.actor, at))) throw gone();
    await deleteSessionsUnderGrant(tx, county, id);
    const place = await placeOf(tx, grant, at);
    await auditGrant(tx, county, grant.areaCounty, {
      ...admin.audit,
      action: "grant.revoke",
      entity: {
        id: toGlobalId("Grant", county, id),
        account: toGlobalId("Account", county, grant.accountId),
        login: managed.account.login,
        role: grant.role,
        area: place?.code ?? grant.areaCounty,
      },
      reason,
      at,
    });
    return reread(tx, managed.account);
  });
  forgetAccess(database);
  return account;
}
