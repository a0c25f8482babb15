import type { ServerParts } from "../context.ts";
import type { ErrorLog } from "../errors.ts";
import { escalate } from "../services/clock/escalate.ts";

/** How often the server looks for what is late: deadlines are counted in hours. */
export const ESCALATE_EVERY_MS = 30_000;

/**
 * Raises late and unclaimed cases while the server runs: first after a pause, then every 30 s. A failure is logged and tried
 * again the next time.
 *
 * @param now the server's clock, epoch milliseconds
 * @returns stops it, and waits for a run in progress
 */
export function startEscalating(
  parts: ServerParts,
  now: () => number,
  log: ErrorLog,
  everyMs = ESCALATE_EVERY_MS,
): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const run = (): void => {
    if (busy) return;
    busy = true;
    // A turn is a little shorter than the pause: timers are not exact, and this process may have it again.
    running = escalate(parts, now(), everyMs * 0.9)
      .catch((err: unknown) => log({ err }, "late cases were not raised; it is tried again"))
      .finally(() => {
        busy = false;
      });
  };
  const timer = setInterval(run, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
