import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { AppError, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import type { Database, Transaction } from "../../../db/driver.ts";
import { type AccountWithPassword, accountForSignIn } from "../../../db/repositories/account-repository.ts";
import { type AuditEntity, appendAudit } from "../../../db/repositories/audit-repository.ts";
import type { Identity, SignedIn } from "../../auth/authenticate.ts";
import { LockedOut } from "../../auth/check-sign-in.ts";
import { requireSafeConnection } from "../../auth/connection.ts";
import type { Config } from "../../config.ts";
import type { Sealer } from "../../seal/sealer.ts";

/** What every route of `/auth/*` works with. */
export interface AuthRoutes {
  readonly database: Database;
  readonly config: Config;
  /** Seals what a browser keeps for us on its way to an identity provider. */
  readonly sealer: Sealer;
  /** The server's clock, epoch ms. */
  readonly now: () => number;
  /** Who asks, found out once a request. */
  readonly identityOf: (request: FastifyRequest) => Promise<Identity>;
}

/** Options of a route of this folder. */
export const AUTH_ROUTE = { config: { channel: "auth" } } as const;

/** As `AUTH_ROUTE`, for GET routes that change something: no HEAD beside them, which link checkers send. */
export const AUTH_LINK_ROUTE = { ...AUTH_ROUTE, exposeHeadRoute: false } as const;

/** The body of a request. @throws USER naming the field at fault */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.code === "unrecognized_keys")
    throw userError(`unknown field ${issue.keys.join(", ")}`, { at: issue.keys[0] ?? "body" });
  const name = String(issue?.path[0] ?? "body");
  throw userError(`${name} ${issue?.message ?? "is wrong"}`, { at: name });
}

/** A POST route that answers 204; refused over connections that others can read. */
export function postRoute<Schema extends z.ZodType>(
  app: FastifyInstance,
  path: string,
  schema: Schema,
  work: (request: FastifyRequest, reply: FastifyReply, body: z.output<Schema>) => Promise<void>,
): void {
  app.post(`/auth/${path}`, AUTH_ROUTE, async (request, reply) => {
    requireSafeConnection(request);
    try {
      await work(request, reply, parseBody(schema, request.body));
    } catch (error) {
      if (error instanceof LockedOut) reply.header("retry-after", String(error.retryAfter));
      throw error;
    }
    return reply.code(204).header("cache-control", "no-store").send();
  });
}

/** A text of a body that is not longer than anybody would write. */
export const shortText = (most: number) =>
  z.string({ error: "is missing" }).min(1, "is empty").max(most, "is too long");

/** Who is signed in. @throws UNAUTHENTICATED for nobody, tokens and kiosks */
export async function requireSignedIn(routes: AuthRoutes, request: FastifyRequest): Promise<SignedIn> {
  const { signedIn } = await routes.identityOf(request);
  if (signedIn) return signedIn;
  throw new AppError("USER", "nobody is signed in here", {
    code: "UNAUTHENTICATED",
    at: "session",
    hint: "Sign in first.",
  });
}

/** The account of a session, with its password's hash. */
export async function accountOf(database: Database, { county, accountId }: SignedIn): Promise<AccountWithPassword> {
  const account = await database.transaction({ kind: "auth" }, (tx) => accountForSignIn(tx, county, accountId));
  if (account) return account;
  throw new AppError("USER", "the account is gone", { code: "UNAUTHENTICATED", at: "session" });
}

/** Writes what somebody did to their own session or account into the audit log of their home. */
export const auditOwn = (
  tx: Transaction,
  request: FastifyRequest,
  signedIn: SignedIn,
  action: string,
  entity: AuditEntity,
  nowMs: number,
): Promise<void> =>
  appendAudit(tx, signedIn.county, {
    actor: toGlobalId("Account", signedIn.county, signedIn.accountId),
    actorName: signedIn.name,
    role: signedIn.grant?.role ?? null,
    address: request.ip,
    action,
    entity,
    reason: null,
    at: new Date(nowMs).toISOString(),
  });
