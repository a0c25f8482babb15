import { AppError, notFound } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import type { Role } from "../../../data/policy/roles.ts";
import type { Database } from "../../../db/driver.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import {
  insertToken,
  revokeToken,
  type TokenRow,
  tokenById,
  tokensOfCounty,
} from "../../../db/repositories/token-repository.ts";
import { forgetAccess } from "../../auth/access-cache.ts";
import type { GrantedPlace } from "../../auth/granted-area.ts";
import { bearerText, hashSecret, newSecret } from "../../auth/secret.ts";
import { newId } from "../new-id.ts";
import type { Administrator } from "./administrator.ts";
import { checkedName, checkedNumber, checkedReason } from "./checked-input.ts";
import { credentialArea, inOwnArea, requireOwnArea } from "./credential-area.ts";

const DAY_MS = 86_400_000;
/** Longest life of a token, days: somebody must say once a year that it is still wanted. */
export const MAX_TOKEN_DAYS = 366;

/** What lists show of a token. */
export interface ApiTokenModel {
  /** `ApiToken:<county>:<uuid>` */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly areaCode: string;
  readonly areaName: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly usedAt: string | null;
}

/** As the command line prints it, whatever the database's text form. */
const instant = (text: string): string => new Date(text).toISOString();
const instantOrNull = (text: string | null): string | null => (text === null ? null : instant(text));

const model = (row: TokenRow, place: GrantedPlace): ApiTokenModel => ({
  id: toGlobalId("ApiToken", row.county, row.id),
  name: row.name,
  role: row.role,
  areaCode: place.code,
  areaName: place.name,
  createdBy: row.createdBy,
  createdAt: instant(row.createdAt),
  expiresAt: instant(row.expiresAt),
  revokedAt: instantOrNull(row.revokedAt),
  usedAt: instantOrNull(row.usedAt),
});

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  readonly areaCode: string;
  readonly days: number;
  readonly reason?: string | null | undefined;
}

/**
 * Makes a token of one role on one area.
 *
 * @returns the token and its text, which is shown once and never kept
 * @throws FORBIDDEN outside the own area or for a role that this administrator may not hand out
 */
export async function createToken(
  database: Database,
  admin: Administrator,
  input: NewToken,
  nowMs: number,
): Promise<{ readonly token: ApiTokenModel; readonly secret: string }> {
  const name = checkedName(input.name);
  const reason = checkedReason(input.reason);
  const days = checkedNumber(input.days, 1, MAX_TOKEN_DAYS, "days");
  const county = requireOwnArea(admin, input.areaCode, "areaCode");
  if (!admin.mayHandOut(input.role))
    throw new AppError("USER", `a token with the role ${input.role} is not for you to hand out`, {
      code: "FORBIDDEN",
      at: "role",
      hint: "Tokens of administrators come from an administrator of the server, those of auditors from the command line.",
    });
  const at = new Date(nowMs).toISOString();
  const credential = { county, id: newId(nowMs), secret: newSecret() };
  const token = await database.transaction({ kind: "accounts", county }, async (tx) => {
    const { areaId, place } = await credentialArea(tx, input.areaCode, at, "areaCode");
    const row = {
      county,
      id: credential.id,
      name,
      role: input.role,
      areaId,
      createdBy: admin.shownName,
      createdAt: at,
      expiresAt: new Date(nowMs + days * DAY_MS).toISOString(),
    };
    await insertToken(tx, { ...row, secretHash: hashSecret(credential.secret) });
    const made = model({ ...row, revokedAt: null, usedAt: null }, place);
    await appendAudit(tx, county, {
      ...admin.audit,
      action: "token.create",
      entity: { id: made.id, name, role: input.role, area: place.code, expires: made.expiresAt },
      reason,
      at,
    });
    return made;
  });
  return { token, secret: bearerText(credential) };
}

/** Tokens of a county inside the administrator's area, newest first. */
export const listTokens = (
  database: Database,
  admin: Administrator,
  county: string,
  nowMs: number,
): Promise<ApiTokenModel[]> =>
  database.transaction({ kind: "accounts", county }, async (tx) => {
    const rows = await tokensOfCounty(tx, county);
    const own = await inOwnArea(tx, admin, rows, new Date(nowMs).toISOString());
    return own.map(({ row, place }) => model(row, place));
  });

/** Revokes a token at once; doing it again changes nothing. @throws NOT_FOUND outside the own area */
export async function revokeApiToken(
  database: Database,
  admin: Administrator,
  token: { readonly county: string; readonly id: string; readonly reason?: string | null | undefined },
  nowMs: number,
): Promise<ApiTokenModel> {
  const { county, id } = token;
  const reason = checkedReason(token.reason);
  const at = new Date(nowMs).toISOString();
  const revoked = await database.transaction({ kind: "accounts", county }, async (tx) => {
    const row = await tokenById(tx, county, id);
    const [found] = row ? await inOwnArea(tx, admin, [row], at) : [];
    if (!found) throw notFound("there is no such token", { at: "id", hint: "Query.apiTokens lists those there are." });
    if (await revokeToken(tx, county, id, admin.audit.actor, at))
      await appendAudit(tx, county, {
        ...admin.audit,
        action: "token.revoke",
        entity: { id: toGlobalId("ApiToken", county, id), name: found.row.name },
        reason,
        at,
      });
    return model({ ...found.row, revokedAt: found.row.revokedAt ?? at }, found.place);
  });
  forgetAccess(database);
  return revoked;
}
