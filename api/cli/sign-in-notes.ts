import type { Database } from "../../db/driver.ts";
import { firstAdminLink } from "../auth/first-admin.ts";

/**
 * Says how the administrator signs in, as long as none ever has: a link that works once within 24 hours. It goes to
 * standard error: standard output is the address alone, and what collects it should hold no way in.
 *
 * @param address where the server answers, e.g. http://127.0.0.1:8080
 */
export async function noteFirstSignIn(
  database: Database,
  address: string,
  nowMs: number,
  write: (text: string) => void,
): Promise<void> {
  const path = await firstAdminLink(database, nowMs);
  if (path === undefined) return;
  write(
    `管理员首次登录链接（一次有效，24 小时内） the administrator's first sign-in, once, within 24 hours:\n      ${address}${path}\n`,
  );
}
