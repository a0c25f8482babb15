import { toGlobalId } from "../../data/model/ids.ts";
import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import type { Database, Transaction } from "../../db/driver.ts";
import { enabledAdmins, insertAccount, takeLogin } from "../../db/repositories/account-repository.ts";
import { appendAudit, systemActor } from "../../db/repositories/audit-repository.ts";
import { insertGrant } from "../../db/repositories/grant-repository.ts";
import { newId } from "../services/new-id.ts";
import { newOneTimeLink } from "./one-time-link.ts";

/** Login of the account that the first start makes; the next one is tried where it is taken. */
const LOGINS = ["admin", "root-admin", "server-admin"] as const;

/**
 * Makes the first administrator where the server has none, and a one-time link as long as none of them has a password or
 * an identity provider's subject to sign in with.
 *
 * @returns the link's path behind the server's address; undefined when an administrator can sign in
 */
export const firstAdminLink = (database: Database, nowMs: number): Promise<string | undefined> =>
  database.transaction({ kind: "accounts", county: ROOT_COUNTY }, async (tx) => {
    const admins = await enabledAdmins(tx, ROOT_COUNTY, ROOT_COUNTY);
    if (admins.some(({ canSignIn }) => canSignIn)) return undefined;
    const id = admins[0]?.id ?? (await makeFirstAdmin(tx, nowMs));
    return id === undefined ? undefined : newOneTimeLink(tx, { county: ROOT_COUNTY, id }, "first", nowMs);
  });

/** @returns the account's id; undefined when every login is somebody else's */
async function makeFirstAdmin(tx: Transaction, nowMs: number): Promise<string | undefined> {
  const at = new Date(nowMs).toISOString();
  const id = newId(nowMs);
  for (const login of LOGINS) {
    if (!(await takeLogin(tx, login, ROOT_COUNTY, id))) {
      // Another process may have made the administrator while we waited for the name.
      const [made] = await enabledAdmins(tx, ROOT_COUNTY, ROOT_COUNTY);
      if (made) return made.id;
      continue;
    }
    await insertAccount(tx, {
      county: ROOT_COUNTY,
      id,
      login,
      name: "系统管理员",
      passwordHash: null,
      mustChangePassword: true,
      demo: false,
      createdAt: at,
    });
    await insertGrant(tx, {
      county: ROOT_COUNTY,
      id: newId(nowMs),
      accountId: id,
      role: "admin",
      areaCounty: ROOT_COUNTY,
      areaId: null,
      grantedBy: "jingwei",
      grantedAt: at,
    });
    await appendAudit(tx, ROOT_COUNTY, {
      ...systemActor(),
      action: "account.create",
      entity: { id: toGlobalId("Account", ROOT_COUNTY, id), login, role: "admin", area: ROOT_COUNTY },
      at,
    });
    return id;
  }
  return undefined;
}
