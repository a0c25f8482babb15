import { AppError, type ErrorCode, type ErrorKind } from "../data/model/errors.ts";

/** What a database says of an error; the same fields from `pg` and from PGlite. */
export interface DatabaseErrorFields {
  readonly message: string;
  /** SQLSTATE, five characters; absent when the error did not come from PostgreSQL. */
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
  readonly where?: string | undefined;
}

const FIELDS = ["message", "code", "detail", "hint", "table", "column", "constraint", "where"] as const;

/** The fields of an error as plain data that can cross to another thread. */
export function errorFields(error: unknown): DatabaseErrorFields {
  if (typeof error !== "object" || error === null) return { message: String(error) };
  const source = error as Record<string, unknown>;
  const fields: Record<string, string> = { message: "" };
  for (const key of FIELDS) if (typeof source[key] === "string") fields[key] = source[key];
  return fields as unknown as DatabaseErrorFields;
}

interface Meaning {
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly hint?: string;
}

/** SQLSTATE (PostgreSQL documentation, appendix A) to whose fault it is; the longest prefix that matches wins. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  "22": { kind: "DATA", code: "BAD_USER_INPUT" },
  "23": { kind: "DATA", code: "BAD_USER_INPUT" },
  "23505": { kind: "DATA", code: "CONFLICT", hint: "A row with this key exists already." },
  "23P01": { kind: "DATA", code: "CONFLICT", hint: "It overlaps in time with a row that exists already." },
  "23503": { kind: "DATA", code: "BAD_USER_INPUT", hint: "What it refers to does not exist, or is still in use." },
  "40": { kind: "USER", code: "CONFLICT", hint: "Another change came between; try again." },
  "25006": {
    kind: "USER",
    code: "CONFLICT",
    hint: "This database takes no writes now: its data is being moved to another one, or was. See /admin/move; nothing of this change was kept.",
  },
  "42501": { kind: "USER", code: "FORBIDDEN", hint: "The current scope may not read or write this." },
  "53100": {
    kind: "USER",
    code: "INTERNAL",
    hint: "The disk of the database is full; nothing of this change was kept.",
  },
  "08": {
    kind: "BUG",
    code: "INTERNAL",
    hint: "The connection to the database was lost; what was not confirmed was not kept.",
  },
  "57P": {
    kind: "BUG",
    code: "INTERNAL",
    hint: "The database server is stopping; what was not confirmed was not kept.",
  },
};

/** What the network, the driver and a server that stops say when nobody answers. */
const AWAY = /^(08|57P|ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|EPIPE)/;
const AWAY_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** What an error is about where no connection could be made (`driver-native.ts`). */
const CONNECTION = ["DATABASE_URL", "DATABASE_OWNER_URL"];

/**
 * True when the database did not answer at all: nothing is wrong with what was asked. An error of ours that nobody calls a
 * bug and that is about something else names another cause (an OpenID provider that does not answer, say), whatever lies
 * under it.
 */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof AppError && at.kind !== "BUG")
      return CONNECTION.includes(at.at ?? "") && isDatabaseAway(at.cause);
    const { code } = at as NodeJS.ErrnoException;
    if ((code !== undefined && AWAY.test(code)) || AWAY_WORDS.test(at.message)) return true;
  }
  return false;
}

/** Turns an error of the database into ours. An `AppError` passes unchanged. */
export function toAppError(error: unknown, sql?: string): AppError {
  if (error instanceof AppError) return error;
  const fields = errorFields(error);
  const state = fields.code ?? "";
  const meaning = MEANINGS[state] ?? MEANINGS[state.slice(0, 3)] ?? MEANINGS[state.slice(0, 2)];
  const place = [fields.table, fields.column ?? fields.constraint].filter(Boolean).join(".");
  const near = fields.where?.split("\n")[0];
  const message = fields.detail ? `${fields.message} (${fields.detail})` : fields.message;
  return new AppError(meaning?.kind ?? "BUG", message || "The database failed without a message", {
    code: meaning?.code ?? "INTERNAL",
    at: place || near || (meaning ? undefined : sql?.replace(/\s+/g, " ").trim().slice(0, 300)),
    hint: fields.hint ?? meaning?.hint,
    cause: error,
  });
}
