import type { FastifyReply, FastifyRequest } from "fastify";
import { toGlobalId } from "../../data/model/ids.ts";
import type { Database, Transaction } from "../../db/driver.ts";
import { appendAudit } from "../../db/repositories/audit-repository.ts";
import { grantsOfAccounts } from "../../db/repositories/grant-repository.ts";
import {
  deleteExpiredSessions,
  deleteSession,
  insertSession,
  type SignInMethod,
  sessionCredential,
} from "../../db/repositories/session-repository.ts";
import { newId } from "../services/new-id.ts";
import { forgetAccess } from "./access-cache.ts";
import { cookieCredential, setCredentialCookie } from "./cookies.ts";
import { placesOf } from "./granted-area.ts";
import { type Credential, hashSecret, matchesHash, newSecret } from "./secret.ts";
import { SESSION_COOKIE_S, sessionEnd } from "./session-life.ts";
import { shortAgent } from "./short-agent.ts";

/** Whose session, and how it was earned. */
export interface SessionOwner {
  readonly county: string;
  readonly id: string;
  readonly name: string;
}

/** The grant that a new session acts under: the wanted one while it holds, else the oldest whose area is there. */
async function chooseGrant(
  tx: Transaction,
  { county, id }: SessionOwner,
  wanted: string | null,
  at: string,
): Promise<string | null> {
  const grants = (await grantsOfAccounts(tx, county, [id])).get(id) ?? [];
  const places = await placesOf(tx, grants, at);
  const usable = grants.filter((_, i) => places[i] !== undefined);
  return (usable.find((grant) => grant.id === wanted) ?? usable[0])?.id ?? null;
}

/**
 * Opens a session in the caller's transaction (scope `auth`): always with a new id and secret, never one that the browser
 * brought along (session fixation).
 */
export async function insertNewSession(
  tx: Transaction,
  owner: SessionOwner,
  from: {
    readonly method: SignInMethod;
    readonly address: string;
    readonly agent: string;
    readonly grantId?: string | null;
  },
  nowMs: number,
): Promise<Credential> {
  const at = new Date(nowMs).toISOString();
  const credential: Credential = { county: owner.county, id: newId(nowMs), secret: newSecret() };
  await insertSession(tx, {
    county: owner.county,
    id: credential.id,
    accountId: owner.id,
    secretHash: hashSecret(credential.secret),
    grantId: await chooseGrant(tx, owner, from.grantId ?? null, at),
    method: from.method,
    address: from.address,
    agent: from.agent,
    createdAt: at,
    seenAt: at,
    expiresAt: sessionEnd(at, nowMs),
  });
  return credential;
}

/**
 * Signs somebody in: ends the session that the browser had, opens a new one, writes the audit log and hands the cookie
 * over.
 *
 * @param before further work of the same transaction, done first
 */
export async function openSession(
  database: Database,
  request: FastifyRequest,
  reply: FastifyReply,
  owner: SessionOwner,
  method: SignInMethod,
  nowMs: number,
  options: { readonly grantId?: string | null; readonly before?: (tx: Transaction) => Promise<unknown> } = {},
): Promise<void> {
  const at = new Date(nowMs).toISOString();
  const old = cookieCredential(request, "jw_session");
  const credential = await database.transaction({ kind: "auth" }, async (tx) => {
    await options.before?.(tx);
    if (old) await endOldSession(tx, old);
    await deleteExpiredSessions(tx, owner.county, at);
    const from = { method, address: request.ip, agent: shortAgent(request.headers["user-agent"]) };
    const made = await insertNewSession(tx, owner, { ...from, grantId: options.grantId ?? null }, nowMs);
    await appendAudit(tx, owner.county, {
      actor: toGlobalId("Account", owner.county, owner.id),
      actorName: owner.name,
      role: null,
      address: request.ip,
      action: "session.open",
      entity: { id: toGlobalId("Session", owner.county, made.id), method },
      reason: null,
      at,
    });
    return made;
  });
  forgetAccess(database);
  setCredentialCookie(request, reply, "jw_session", credential, SESSION_COOKIE_S);
}

/** Ends the session that a browser had before, where the cookie proves that it is its own. */
async function endOldSession(tx: Transaction, { county, id, secret }: Credential): Promise<void> {
  const row = await sessionCredential(tx, county, id);
  if (row && matchesHash(secret, row.secretHash)) await deleteSession(tx, county, id);
}
