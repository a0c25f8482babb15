import type { FastifyInstance } from "fastify";
import { AppError } from "../../data/model/errors.ts";

/** A refusal with a status of its own that still reads like any other problem. */
export class RefusedRequest extends AppError {
  readonly statusCode: number;
  /** Seconds until it is worth trying again. */
  readonly retryAfter: number | undefined;

  constructor(
    statusCode: number,
    message: string,
    hint: string,
    more: { at?: string; retryAfter?: number; cause?: unknown } = {},
  ) {
    super("USER", message, { hint, ...(more.at === undefined ? {} : { at: more.at }), cause: more.cause });
    this.name = "RefusedRequest";
    this.statusCode = statusCode;
    this.retryAfter = more.retryAfter;
  }
}

/**
 * Refuses compressed request bodies before a byte of them is read: a few kilobytes can unpack to gigabytes, and nothing
 * that is sent to this server is large enough to need it.
 */
export function requestGuards(app: FastifyInstance): void {
  app.addHook("onRequest", async (request) => {
    const encoding = request.headers["content-encoding"];
    if (encoding === undefined || encoding.toLowerCase() === "identity") return;
    throw new RefusedRequest(
      415,
      `a body with content-encoding ${encoding.slice(0, 40)} is not read`,
      "Send it uncompressed.",
      { at: "content-encoding" },
    );
  });
}
