/**
 * Whose fault an error is.
 * - `USER`: the caller asked for something wrong (unknown code, page too large, wrong flag).
 * - `DATA`: the input data is at fault (broken line, non-polygon area, wrong encoding).
 * - `BUG`: an invariant of ours does not hold.
 */
export type ErrorKind = "USER" | "DATA" | "BUG";

/** Codes carried by GraphQL errors in `extensions.code` (DESIGN section 3). */
export type ErrorCode =
  | "BAD_USER_INPUT"
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "TOO_COMPLEX"
  | "INTERNAL";

export interface ErrorDetails {
  readonly code?: ErrorCode;
  /** The file, line or field at fault, e.g. `311.csv:42 latitude` or `filter.bbox`. */
  readonly at?: string;
  /** What was expected and what to do, one sentence. */
  readonly hint?: string;
  /** What a client may show beside the message, for example how a case stands that somebody else has changed. */
  readonly facts?: Readonly<Record<string, string | number | null>>;
  readonly cause?: unknown;
}

/** Every error that Jingwei raises on purpose; anything else is a bug. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly at: string | undefined;
  readonly hint: string | undefined;
  readonly facts: ErrorDetails["facts"];

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = "AppError";
    this.kind = kind;
    this.code = details.code ?? (kind === "BUG" ? "INTERNAL" : "BAD_USER_INPUT");
    this.at = details.at;
    this.hint = details.hint;
    this.facts = details.facts;
  }
}

/** The caller's mistake: exit code 1 or 2, HTTP 4xx. */
export const userError = (message: string, details?: ErrorDetails): AppError => new AppError("USER", message, details);

/** A fault in the data that was handed in: exit code 1. */
export const dataError = (message: string, details?: ErrorDetails): AppError => new AppError("DATA", message, details);

/** A broken invariant of ours: exit code 3, HTTP 500. */
export const bugError = (message: string, details?: ErrorDetails): AppError => new AppError("BUG", message, details);

/** Nothing with that code or id: HTTP 404. */
export const notFound = (message: string, details?: ErrorDetails): AppError =>
  new AppError("USER", message, { code: "NOT_FOUND", ...details });
