import { notFound, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { ROOT_COUNTY } from "../../../data/policy/roles.ts";
import type { Database, Transaction } from "../../../db/driver.ts";
import { type AuditEntity, appendAudit } from "../../../db/repositories/audit-repository.ts";
import {
  insertKiosk,
  type KioskRow,
  kioskById,
  kiosksOfCounty,
  revokeKiosk,
  setKioskLink,
  setKioskVisitorUntil,
} from "../../../db/repositories/kiosk-repository.ts";
import { forgetAccess } from "../../auth/access-cache.ts";
import { isClientPath } from "../../auth/client-path.ts";
import type { GrantedPlace } from "../../auth/granted-area.ts";
import { type Credential, cookieText, hashSecret, newSecret } from "../../auth/secret.ts";
import { newId } from "../new-id.ts";
import type { Administrator } from "./administrator.ts";
import { checkedName, checkedNumber, checkedReason } from "./checked-input.ts";
import { credentialArea, inOwnArea, requireOwnArea } from "./credential-area.ts";

const HOUR_MS = 3_600_000;
/** How long a link waits for its wall. */
const LINK_MS = 24 * HOUR_MS;
/** Longest stay of visitors, and most days of points; beyond a month of a visit, make the kiosk a visitor's. */
const MAX_VISITOR_HOURS = 31 * 24;
const MAX_POINT_DAYS = 366;

/** What lists show of a kiosk. */
export interface KioskLinkModel extends Omit<KioskRow, "county" | "areaId"> {
  /** `KioskLink:<county>:<uuid>` */
  readonly id: string;
  readonly areaCode: string;
  readonly areaName: string;
}

const model = ({ county, areaId: _area, ...row }: KioskRow, place: GrantedPlace): KioskLinkModel => ({
  ...row,
  id: toGlobalId("KioskLink", county, row.id),
  areaCode: place.code,
  areaName: place.name,
});

/** A kiosk with a link that was just issued. */
export interface IssuedKiosk {
  readonly kiosk: KioskLinkModel;
  /** Path behind the server's address, shown once. */
  readonly path: string;
}

const pathOf = (link: Credential): string => `/auth/kiosk?link=${cookieText(link)}`;

export interface NewKiosk {
  readonly name: string;
  readonly areaCode: string;
  readonly startPath: string;
  readonly pointDays: number;
  readonly visitor: boolean;
  readonly reason?: string | null | undefined;
}

/** Makes a kiosk for one area and its first link. @throws FORBIDDEN outside the own area */
export async function createKiosk(
  database: Database,
  admin: Administrator,
  input: NewKiosk,
  nowMs: number,
): Promise<IssuedKiosk> {
  const name = checkedName(input.name);
  const reason = checkedReason(input.reason);
  const pointDays = checkedNumber(input.pointDays, 0, MAX_POINT_DAYS, "pointDays");
  if (!isClientPath(input.startPath))
    throw userError("a start path is a page of this client with its settings", {
      at: "startPath",
      hint: "For example /wall or /wall?county=140226.",
    });
  const county = requireOwnArea(admin, input.areaCode, "areaCode");
  if (county === ROOT_COUNTY)
    throw userError("a wall stands in one county", { at: "areaCode", hint: "Choose a county or an area of one." });
  const at = new Date(nowMs).toISOString();
  const link = { county, id: newId(nowMs), secret: newSecret() };
  const kiosk = await database.transaction({ kind: "accounts", county }, async (tx) => {
    const { areaId, place } = await credentialArea(tx, input.areaCode, at, "areaCode");
    const row = {
      county,
      id: link.id,
      name,
      areaId,
      startPath: input.startPath,
      pointDays,
      visitor: input.visitor,
      linkExpiresAt: new Date(nowMs + LINK_MS).toISOString(),
    };
    await insertKiosk(tx, {
      ...row,
      linkHash: hashSecret(link.secret),
      createdBy: admin.shownName,
      createdAt: at,
    });
    await appendAudit(tx, county, {
      ...admin.audit,
      action: "kiosk.create",
      entity: {
        id: toGlobalId("KioskLink", county, link.id),
        name,
        area: place.code,
        visitor: input.visitor,
        pointDays,
      },
      reason,
      at,
    });
    const unused = { visitorUntil: null, exchangedAt: null, exchangedFrom: null, seenAt: null, revokedAt: null };
    return model({ ...row, ...unused }, place);
  });
  return { kiosk, path: pathOf(link) };
}

/** Kiosks of a county inside the administrator's area, by name. */
export const listKiosks = (
  database: Database,
  admin: Administrator,
  county: string,
  nowMs: number,
): Promise<KioskLinkModel[]> =>
  database.transaction({ kind: "accounts", county }, async (tx) => {
    const own = await inOwnArea(tx, admin, await kiosksOfCounty(tx, county), new Date(nowMs).toISOString());
    return own.map(({ row, place }) => model(row, place));
  });

/** Which kiosk, and why. */
interface KioskChange {
  readonly county: string;
  readonly id: string;
  readonly reason?: string | null | undefined;
}

/** Changes a kiosk inside the administrator's area and says so in the audit log. @throws NOT_FOUND elsewhere */
async function change(
  database: Database,
  admin: Administrator,
  { county, id, reason: given }: KioskChange,
  nowMs: number,
  work: (tx: Transaction, row: KioskRow, at: string) => Promise<{ action: string; entity: AuditEntity } | undefined>,
): Promise<KioskLinkModel> {
  const reason = checkedReason(given);
  const at = new Date(nowMs).toISOString();
  const changed = await database.transaction({ kind: "accounts", county }, async (tx) => {
    const row = await kioskById(tx, county, id);
    const [found] = row ? await inOwnArea(tx, admin, [row], at) : [];
    if (!found) throw notFound("there is no such kiosk", { at: "id", hint: "Query.kioskLinks lists those there are." });
    const done = await work(tx, found.row, at);
    if (done)
      await appendAudit(tx, county, {
        ...admin.audit,
        action: done.action,
        entity: { id: toGlobalId("KioskLink", county, id), name: found.row.name, ...done.entity },
        reason,
        at,
      });
    return model((await kioskById(tx, county, id)) ?? found.row, found.place);
  });
  forgetAccess(database);
  return changed;
}

const requireLive = ({ revokedAt }: KioskRow): void => {
  if (revokedAt !== null)
    throw userError("this kiosk was revoked", { at: "id", code: "CONFLICT", hint: "Make a new one for the wall." });
};

/** Issues a new link; the wall goes on until it is exchanged. */
export async function reissueKiosk(
  database: Database,
  admin: Administrator,
  input: KioskChange,
  nowMs: number,
): Promise<IssuedKiosk> {
  const secret = newSecret();
  const kiosk = await change(database, admin, input, nowMs, async (tx, row) => {
    requireLive(row);
    await setKioskLink(tx, row.county, row.id, hashSecret(secret), new Date(nowMs + LINK_MS).toISOString());
    return { action: "kiosk.reissue", entity: {} };
  });
  return { kiosk, path: pathOf({ county: input.county, id: input.id, secret }) };
}

/** Aggregates only for some hours (参观模式), or back to normal (0). */
export const setKioskVisitor = (
  database: Database,
  admin: Administrator,
  input: KioskChange & { readonly hours: number },
  nowMs: number,
): Promise<KioskLinkModel> => {
  const hours = checkedNumber(input.hours, 0, MAX_VISITOR_HOURS, "hours");
  return change(database, admin, input, nowMs, async (tx, row) => {
    requireLive(row);
    const until = hours === 0 ? null : new Date(nowMs + hours * HOUR_MS).toISOString();
    await setKioskVisitorUntil(tx, row.county, row.id, until);
    return { action: "kiosk.visitor", entity: { until } };
  });
};

/** Revokes a kiosk at once: its device is nobody. Doing it again changes nothing. */
export const revokeKioskLink = (
  database: Database,
  admin: Administrator,
  input: KioskChange,
  nowMs: number,
): Promise<KioskLinkModel> =>
  change(database, admin, input, nowMs, async (tx, row, at) =>
    (await revokeKiosk(tx, row.county, row.id, admin.audit.actor, at))
      ? { action: "kiosk.revoke", entity: {} }
      : undefined,
  );
