import type { Database } from "../../db/driver.ts";
import type { ErrorLog } from "../errors.ts";
import { purge } from "../services/report/purge.ts";

/** How often the server looks for what has served its time; that is counted in days. */
export const PURGE_EVERY_MS = 3_600_000;

/**
 * Deletes what has served its time while the server runs: at once and then every hour. A failure is logged and tried again
 * the next time.
 *
 * @param now the server's clock, epoch milliseconds
 * @returns stops it, and waits for a run in progress
 */
export function startPurging(
  database: Database,
  now: () => number,
  log: ErrorLog,
  everyMs = PURGE_EVERY_MS,
): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const run = (): void => {
    running = running
      .then(() => purge(database, now()))
      .catch((err: unknown) => log({ err }, "what has served its time was not deleted; it is tried again"));
  };
  run();
  const timer = setInterval(run, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
