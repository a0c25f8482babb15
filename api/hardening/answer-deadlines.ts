import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RefusedRequest } from "./request-guards.ts";

/** How often the requests under way are looked at, milliseconds. */
const LOOK_MS = 1_000;

interface Waiting {
  readonly reply: FastifyReply;
  /** By `performance.now()`. */
  readonly until: number;
}

/**
 * Gives up answers that take longer than their route allows (`config.answerMs`): 503, or the connection's end where the
 * answer had begun. Fastify's `handlerTimeout` does the same with an AbortController and a timer for every request, which
 * it aborts when the request ends well, too: a tenth of the processor time of a short answer, for a signal that nobody
 * here listens to.
 *
 * @param allowed how long a request's route may take, milliseconds
 */
export function answerDeadlines(
  app: FastifyInstance,
  allowed: (request: FastifyRequest) => number,
  lookMs = LOOK_MS,
): void {
  const waiting = new Map<FastifyRequest, Waiting>();
  const look = (): void => {
    const now = performance.now();
    for (const [request, { reply, until }] of waiting) {
      // Sent, in other hands (a socket's), or nobody waits for it any more.
      if (reply.sent || reply.raw.destroyed) waiting.delete(request);
      else if (until <= now) {
        waiting.delete(request);
        giveUp(reply);
      }
    }
  };
  const timer = setInterval(look, lookMs);
  timer.unref();
  app.addHook("onClose", async () => clearInterval(timer));
  app.addHook("onRequest", (request, reply, done) => {
    waiting.set(request, { reply, until: performance.now() + allowed(request) });
    done();
  });
  app.addHook("onResponse", (request, _reply, done) => {
    waiting.delete(request);
    done();
  });
}

function giveUp(reply: FastifyReply): void {
  const refusal = new RefusedRequest(503, "the answer took too long", "Ask for less, or try again later.");
  if (reply.raw.headersSent) reply.raw.destroy(refusal);
  else reply.send(refusal);
}
