import type { Database, Transaction } from "../../db/driver.ts";
import { type AccountWithPassword, accountForSignIn } from "../../db/repositories/account-repository.ts";
import {
  deleteLinksOfAccount,
  insertLink,
  type LinkPurpose,
  spendLink,
} from "../../db/repositories/one-time-link-repository.ts";
import { newId } from "../services/new-id.ts";
import { cookieText, hashSecret, newSecret, parseCookieText } from "./secret.ts";

const LINK_MS = 24 * 3_600_000;

/**
 * A link that signs an account in once within 24 hours; older ones of the account end. Runs under scope `auth` or
 * `accounts`.
 *
 * @returns the path to open behind the server's address; shown once, only its hash is kept
 */
export async function newOneTimeLink(
  tx: Transaction,
  account: { readonly county: string; readonly id: string },
  purpose: LinkPurpose,
  nowMs: number,
): Promise<string> {
  const { county } = account;
  const credential = { county, id: newId(nowMs), secret: newSecret() };
  await deleteLinksOfAccount(tx, county, account.id);
  await insertLink(tx, {
    county,
    id: credential.id,
    accountId: account.id,
    purpose,
    secretHash: hashSecret(credential.secret),
    expiresAt: new Date(nowMs + LINK_MS).toISOString(),
  });
  return `/auth/first?link=${cookieText(credential)}`;
}

/** Uses a link. @returns whom it signs in; undefined when it is wrong, used, over, or the account is disabled */
export function spendOneTimeLink(
  database: Database,
  text: string,
  nowMs: number,
): Promise<AccountWithPassword | undefined> {
  const link = parseCookieText(text);
  if (!link) return Promise.resolve(undefined);
  const { county, id, secret } = link;
  return database.transaction({ kind: "auth" }, async (tx) => {
    const used = await spendLink(tx, county, id, hashSecret(secret), new Date(nowMs).toISOString());
    const account = used && (await accountForSignIn(tx, county, used.accountId));
    return account?.disabledAt === null ? account : undefined;
  });
}
