import { AppError } from "../../data/model/errors.ts";
import { toGlobalId } from "../../data/model/ids.ts";
import type { Database } from "../../db/driver.ts";
import { appendAudit } from "../../db/repositories/audit-repository.ts";
import { exchangeKioskLink } from "../../db/repositories/kiosk-repository.ts";
import { forgetAccess } from "./access-cache.ts";
import { type Credential, hashSecret, newSecret, parseCookieText } from "./secret.ts";

/**
 * Exchanges a kiosk's link for a secret of the device that opened it, once; the device before it is nobody from then on.
 *
 * @throws UNAUTHENTICATED when the link is wrong, used or over, or the kiosk revoked: which of them is not told
 */
export async function exchangeKiosk(
  database: Database,
  text: string,
  address: string,
  nowMs: number,
): Promise<{ readonly credential: Credential; readonly startPath: string }> {
  const link = parseCookieText(text);
  const secret = newSecret();
  const at = new Date(nowMs).toISOString();
  const kiosk =
    link &&
    (await database.transaction({ kind: "auth" }, async (tx) => {
      const { county, id } = link;
      const linkHash = hashSecret(link.secret);
      const found = await exchangeKioskLink(tx, { county, id, linkHash }, { hash: hashSecret(secret), address }, at);
      if (found)
        await appendAudit(tx, county, {
          actor: toGlobalId("KioskLink", county, id),
          actorName: found.name,
          role: "wall",
          address,
          action: "kiosk.exchange",
          entity: { id: toGlobalId("KioskLink", county, id), name: found.name },
          reason: null,
          at,
        });
      return found;
    }));
  if (!link || !kiosk)
    throw new AppError("USER", "链接无效、已使用或已过期 this link is wrong, used or over", {
      code: "UNAUTHENTICATED",
      at: "link",
      hint: "It works once, within 24 hours. An administrator issues a new one; a wall that runs goes on until then.",
    });
  forgetAccess(database);
  return { credential: { county: link.county, id: link.id, secret }, startPath: kiosk.startPath };
}
