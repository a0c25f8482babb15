import { randomUUID } from "node:crypto";
import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { AppError, type ErrorCode } from "../data/model/errors.ts";
import { isDatabaseAway } from "../db/database-errors.ts";

/** Where errors that nobody expected are written, with the id that the caller was told. */
export type ErrorLog = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** What a caller is told: never more than we meant to say. */
export interface PublicError {
  readonly message: string;
  readonly code: ErrorCode;
  readonly at?: string | undefined;
  readonly hint?: string | undefined;
  readonly facts?: AppError["facts"];
  /** Finds the entry in the server's log; on INTERNAL only. */
  readonly id?: string;
}

/** Said to everybody alike: where the database is concerns those who look after the server, and stands in its log. */
const DATABASE_AWAY: PublicError = {
  message: "数据库没有回答 the database does not answer",
  code: "INTERNAL",
  hint:
    "已确认的数据不会丢，恢复后会自己接上。管理员请看数据库服务是否在运行，或运行 jingwei doctor。 Nothing confirmed is lost, and it " +
    "goes on by itself. Whoever looks after the server: see that the database runs, or run jingwei doctor.",
};

/** Makes any thrown value fit to be shown; what we did not raise on purpose is logged and hidden. */
export function publicError(error: unknown, log: ErrorLog): PublicError {
  if (isDatabaseAway(error)) {
    const id = randomUUID();
    log({ err: error, id }, "the database does not answer");
    return { ...DATABASE_AWAY, id };
  }
  if (error instanceof AppError && error.kind !== "BUG")
    return { message: error.message, code: error.code, at: error.at, hint: error.hint, facts: error.facts };
  const id = randomUUID();
  log({ err: error, id }, "internal error");
  return {
    message: "An error of the server itself",
    code: "INTERNAL",
    hint: `Look for ${id} in the server's log.`,
    id,
  };
}

export const HTTP_STATUS: Record<ErrorCode, number> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_COMPLEX: 400,
  INTERNAL: 500,
};

/** Codes of Apollo and graphql-js for documents that are wrong before anything is executed. */
const REQUEST_FAULTS = [
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "BAD_USER_INPUT",
  "BAD_REQUEST",
  "OPERATION_RESOLUTION_FAILURE",
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
];

/** Apollo's `formatError`: errors carry `extensions.code`, and `path` and `hint` where there are any. */
export const graphqlErrorFormatter =
  (log: ErrorLog) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = error instanceof GraphQLError && error.originalError ? error.originalError : error;
    const { message, locations, path } = formatted;
    const where = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
    const code = String(formatted.extensions?.["code"] ?? "");
    if (!(cause instanceof AppError)) {
      if (code === "TOO_COMPLEX" || REQUEST_FAULTS.includes(code))
        return { message, ...where, extensions: { code: code === "TOO_COMPLEX" ? code : "BAD_USER_INPUT" } };
    }
    const told = publicError(cause, log);
    return {
      message: told.message,
      ...where,
      extensions: {
        code: told.code,
        ...(told.at ? { path: told.at } : {}),
        ...(told.hint ? { hint: told.hint } : {}),
        ...(told.facts ? { facts: told.facts } : {}),
        ...(told.id ? { id: told.id } : {}),
      },
    };
  };
