import type { FastifyRequest } from "fastify";
import { toGlobalId } from "../../data/model/ids.ts";
import type { Role } from "../../data/policy/roles.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import type { Database } from "../../db/driver.ts";
import {
  type KioskCredential,
  kioskCredential,
  type TokenCredential,
  tokenCredential,
  touchKiosk,
  touchToken,
} from "../../db/repositories/credential-repository.ts";
import { type SessionCredential, sessionCredential, touchSession } from "../../db/repositories/session-repository.ts";
import { cachedAccess } from "./access-cache.ts";
import { signInRefusal } from "./connection.ts";
import { type CookieName, cookieCredential } from "./cookies.ts";
import { type GrantedPlace, placeOf } from "./granted-area.ts";
import { type Credential, cookieText, hashSecret, matchesHash, parseBearerText } from "./secret.ts";
import { sessionEnd } from "./session-life.ts";

/** Somebody with a session: may look after the account itself even where there is no viewer. */
export interface SignedIn {
  /** Home county of the account. */
  readonly county: string;
  readonly accountId: string;
  readonly sessionId: string;
  readonly login: string;
  readonly name: string;
  readonly demo: boolean;
  readonly hasPassword: boolean;
  readonly mustChangePassword: boolean;
  readonly visitor: boolean;
  readonly method: SessionCredential["method"];
  /** The grant that the session acts under; null without one that holds. */
  readonly grant: {
    readonly id: string;
    readonly role: Role;
    /** County of the area; 000000 for every county. */
    readonly county: string;
    readonly place: GrantedPlace;
  } | null;
}

/** What a request proved. */
export interface Identity {
  /** Null for nobody, and for somebody who must change the password first or has no grant. */
  readonly viewer: Viewer | null;
  /** Null for nobody, tokens and kiosks. */
  readonly signedIn: SignedIn | null;
  /** The cookie that it was proved with; null for tokens and nobody. */
  readonly cookie: { readonly name: CookieName; readonly credential: Credential } | null;
  /** Name of the granted area; null without a viewer. */
  readonly areaName: string | null;
}

export const NOBODY: Identity = { viewer: null, signedIn: null, cookie: null, areaName: null };

/** `seen_at` and `used_at` are written once a minute at most. */
const TOUCH_MS = 60_000;
const isStale = (seenAt: string | null, nowMs: number): boolean =>
  seenAt === null || nowMs - Date.parse(seenAt) >= TOUCH_MS;

/** A row with what its area is called now. */
interface Found<Row> {
  readonly row: Row;
  readonly place: GrantedPlace | undefined;
}

const keyOf = (kind: string, credential: Credential): string => `${kind}:${hashSecret(cookieText(credential))}`;

/** An end (an instant) that has not come yet. */
const holds = (end: string, nowMs: number): boolean => Date.parse(end) > nowMs;

async function findSession(
  database: Database,
  credential: Credential,
  nowMs: number,
): Promise<Found<SessionCredential> | undefined> {
  const { county, id, secret } = credential;
  return cachedAccess(database, keyOf("session", credential), nowMs, () =>
    database.transaction({ kind: "auth" }, async (tx) => {
      const row = await sessionCredential(tx, county, id);
      if (!row || !matchesHash(secret, row.secretHash) || row.disabledAt !== null || !holds(row.expiresAt, nowMs))
        return undefined;
      const at = new Date(nowMs).toISOString();
      const expiresAt = sessionEnd(row.createdAt, nowMs);
      const touched = !database.writesHeld && isStale(row.seenAt, nowMs);
      if (touched) await touchSession(tx, county, id, at, expiresAt);
      const place = row.areaCounty
        ? await placeOf(tx, { areaCounty: row.areaCounty, areaId: row.areaId }, at)
        : undefined;
      return { row: touched ? { ...row, seenAt: at, expiresAt } : row, place };
    }),
  );
}

function sessionIdentity({ row, place }: Found<SessionCredential>, credential: Credential): Identity {
  const { county, accountId, name, visitor } = row;
  const grant =
    row.grantId && row.role && row.areaCounty && place
      ? { id: row.grantId, role: row.role, county: row.areaCounty, place }
      : null;
  const signedIn: SignedIn = {
    county,
    accountId,
    sessionId: row.id,
    login: row.login,
    name,
    demo: row.demo,
    hasPassword: row.hasPassword,
    mustChangePassword: row.mustChangePassword,
    visitor,
    method: row.method,
    grant,
  };
  const viewer: Viewer | null =
    grant && !row.mustChangePassword
      ? {
          kind: "account",
          actor: toGlobalId("Account", county, accountId),
          accountId,
          name,
          role: grant.role,
          county: grant.county,
          area: grant.place.code,
          visitor,
          pointDays: null,
        }
      : null;
  const areaName = grant?.place.name ?? null;
  return { viewer, signedIn, cookie: { name: "jw_session", credential }, areaName };
}

async function findToken(
  database: Database,
  credential: Credential,
  nowMs: number,
): Promise<Found<TokenCredential> | undefined> {
  const { county, id, secret } = credential;
  return cachedAccess(database, keyOf("token", credential), nowMs, () =>
    database.transaction({ kind: "auth" }, async (tx) => {
      const row = await tokenCredential(tx, county, id);
      if (!row || !matchesHash(secret, row.secretHash) || row.revokedAt !== null || !holds(row.expiresAt, nowMs))
        return undefined;
      const at = new Date(nowMs).toISOString();
      if (!database.writesHeld && isStale(row.usedAt, nowMs)) await touchToken(tx, county, id, at);
      return { row, place: await placeOf(tx, { areaCounty: county, areaId: row.areaId }, at) };
    }),
  );
}

function tokenIdentity({ row, place }: Found<TokenCredential>): Identity {
  if (!place) return NOBODY;
  const viewer: Viewer = {
    kind: "token",
    actor: toGlobalId("ApiToken", row.county, row.id),
    accountId: null,
    name: row.name,
    role: row.role,
    county: row.county,
    area: place.code,
    visitor: false,
    pointDays: null,
  };
  return { ...NOBODY, viewer, areaName: place.name };
}

async function findKiosk(
  database: Database,
  credential: Credential,
  nowMs: number,
): Promise<Found<KioskCredential> | undefined> {
  const { county, id, secret } = credential;
  return cachedAccess(database, keyOf("kiosk", credential), nowMs, () =>
    database.transaction({ kind: "auth" }, async (tx) => {
      const row = await kioskCredential(tx, county, id);
      if (!row || !matchesHash(secret, row.deviceHash) || row.revokedAt !== null) return undefined;
      const at = new Date(nowMs).toISOString();
      if (!database.writesHeld && isStale(row.seenAt, nowMs)) await touchKiosk(tx, county, id, at);
      return { row, place: await placeOf(tx, { areaCounty: county, areaId: row.areaId }, at) };
    }),
  );
}

function kioskIdentity({ row, place }: Found<KioskCredential>, credential: Credential, nowMs: number): Identity {
  if (!place) return NOBODY;
  const viewer: Viewer = {
    kind: "kiosk",
    actor: toGlobalId("KioskLink", row.county, row.id),
    accountId: null,
    name: row.name,
    role: "wall",
    county: row.county,
    area: place.code,
    visitor: row.visitor || (row.visitorUntil !== null && holds(row.visitorUntil, nowMs)),
    pointDays: row.pointDays,
  };
  return { viewer, signedIn: null, cookie: { name: "jw_kiosk", credential }, areaName: place.name };
}

/**
 * True when the request brings a bearer token, which no browser sends by itself, as it does with cookies and with a user
 * name and password that it was once asked for.
 */
export const bringsToken = (request: FastifyRequest): boolean => /^Bearer /i.test(request.headers.authorization ?? "");

/** Channels that desktop programs read, which know user names and passwords only. */
const BASIC_CHANNELS: readonly (string | undefined)[] = ["ogc", "tiles"];
const READING = ["GET", "HEAD"];

/**
 * The token in an `Authorization: Basic` header (RFC 7617): the whole token as the password behind any user name, or split
 * as user name `jw_<county>_<id>` and password. Taken for reading what map programs read, and nothing else: a browser sends
 * such a header by itself once it knows it, so it must never prove anything to a route that changes something.
 */
function basicToken(request: FastifyRequest, header: string): string | undefined {
  if (!READING.includes(request.method) || !BASIC_CHANNELS.includes(request.routeOptions.config.channel))
    return undefined;
  const text = Buffer.from(/^Basic +([A-Za-z0-9+/_=-]+)$/i.exec(header)?.[1] ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  const password = text.slice(colon + 1);
  return password.startsWith("jw_") ? password : `${text.slice(0, colon)}_${password}`;
}

/**
 * Finds out who asks: a bearer token, else the session's cookie, else the wall's. An Authorization header that proves
 * nothing is nobody, whatever cookies say.
 *
 * @param nowMs the server's clock, epoch ms
 */
async function identify(database: Database, request: FastifyRequest, nowMs: number): Promise<Identity> {
  // What came in the clear over a network may be anybody's by now.
  if (signInRefusal(request) !== null) return NOBODY;
  const header = request.headers.authorization;
  if (header !== undefined) {
    const credential = parseBearerText(/^Bearer +(\S+)$/i.exec(header)?.[1] ?? basicToken(request, header));
    const found = credential && (await findToken(database, credential, nowMs));
    return found && holds(found.row.expiresAt, nowMs) ? tokenIdentity(found) : NOBODY;
  }
  const session = cookieCredential(request, "jw_session");
  const opened = session && (await findSession(database, session, nowMs));
  if (session && opened && holds(opened.row.expiresAt, nowMs)) return sessionIdentity(opened, session);
  const kiosk = cookieCredential(request, "jw_kiosk");
  const wall = kiosk && (await findKiosk(database, kiosk, nowMs));
  return kiosk && wall ? kioskIdentity(wall, kiosk, nowMs) : NOBODY;
}

const identities = new WeakMap<FastifyRequest, Promise<Identity>>();

/** `identify`, once a request: whoever asks again is told the same. */
export function identityOfRequest(database: Database, request: FastifyRequest, nowMs: number): Promise<Identity> {
  const known = identities.get(request) ?? identify(database, request, nowMs);
  identities.set(request, known);
  return known;
}

/** What `createServer` takes: the viewer of a request. @param now the server's clock, epoch ms */
export const authenticator =
  (database: Database, now: () => number) =>
  async (request: FastifyRequest): Promise<Viewer | null> =>
    (await identityOfRequest(database, request, now())).viewer;
