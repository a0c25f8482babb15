import { AppError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import type { Database } from "../../../db/driver.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { newOneTimeLink } from "../../auth/one-time-link.ts";
import type { Administrator } from "./administrator.ts";
import { checkedReason } from "./checked-input.ts";
import { lockManaged, refuseAuditors } from "./managed-account.ts";

/**
 * Issues a link that signs an account in once within 24 hours, to set a new password: for somebody who is locked out.
 *
 * @returns path behind the server's address
 * @throws NOT_FOUND, CONFLICT for an account that may not sign in so
 */
export async function issueSignInLink(
  database: Database,
  admin: Administrator,
  account: { readonly county: string; readonly id: string; readonly reason?: string | null | undefined },
  nowMs: number,
): Promise<string> {
  const { county, id } = account;
  const reason = checkedReason(account.reason);
  const at = new Date(nowMs).toISOString();
  return database.transaction({ kind: "accounts", county }, async (tx) => {
    const managed = await lockManaged(tx, admin, { county, id }, at);
    refuseAuditors(admin, managed);
    const { disabledAt, demo, login } = managed.account;
    const fault = (disabledAt !== null && "the account is disabled") || (demo && "demo accounts have no password");
    if (fault) throw new AppError("USER", fault, { code: "CONFLICT", at: "login" });
    await appendAudit(tx, county, {
      ...admin.audit,
      action: "account.link",
      entity: { id: toGlobalId("Account", county, id), login },
      reason,
      at,
    });
    return newOneTimeLink(tx, { county, id }, "reset", nowMs);
  });
}
