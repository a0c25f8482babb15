import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError, type ErrorCode, notFound, userError } from "../../data/model/errors.ts";
import { type ErrorLog, HTTP_STATUS, type PublicError, publicError } from "../errors.ts";
import { RefusedRequest } from "../hardening/request-guards.ts";

/** Title of each code; the details of a problem say the rest. */
const TITLE: Record<ErrorCode, string> = {
  BAD_USER_INPUT: "Wrong request",
  UNAUTHENTICATED: "Sign-in needed",
  FORBIDDEN: "Not allowed",
  NOT_FOUND: "Not found",
  CONFLICT: "Conflict",
  TOO_COMPLEX: "Too much at once",
  INTERNAL: "Error of the server",
};

/** Answers with a problem document (RFC 9457) that carries the same codes as GraphQL errors. */
export function sendProblem(reply: FastifyReply, error: PublicError, status = HTTP_STATUS[error.code]): FastifyReply {
  return reply
    .code(status)
    .header("cache-control", "no-store")
    .type("application/problem+json")
    .send(
      JSON.stringify({
        type: "about:blank",
        title: TITLE[error.code],
        status,
        detail: error.message,
        code: error.code,
        ...(error.at ? { path: error.at } : {}),
        ...(error.hint ? { hint: error.hint } : {}),
        ...(error.id ? { id: error.id } : {}),
      }),
    );
}

/** Fastify's own refusals (body too large, wrong content type, broken JSON) have a status and a speaking message. */
function fromFramework(error: unknown): { readonly error: AppError; readonly status: number } | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  const status = Number(error.statusCode);
  if (error instanceof RefusedRequest) return { error, status };
  if (status >= 400 && status < 500) return { error: userError(error.message), status };
  return undefined;
}

export const problemHandler =
  (log: ErrorLog) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const framework = fromFramework(error);
    // Map programs send no password before they are asked for one.
    if (request.routeOptions.config.channel === "ogc" && error instanceof AppError && error.code === "UNAUTHENTICATED")
      reply.header("www-authenticate", 'Basic realm="Jingwei", charset="UTF-8", Bearer realm="Jingwei"');
    if (error instanceof RefusedRequest && error.retryAfter !== undefined)
      reply.header("retry-after", error.retryAfter);
    return sendProblem(reply, publicError(framework?.error ?? error, log), framework?.status);
  };

export const notFoundHandler =
  (log: ErrorLog) =>
  (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendProblem(
      reply,
      publicError(notFound(`there is nothing at ${request.method} ${request.url.split("?")[0]}`), log),
    );
