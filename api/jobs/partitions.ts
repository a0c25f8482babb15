import type { Database } from "../../db/driver.ts";
import { makeComingPartitions } from "../../db/load/partitions.ts";
import type { ErrorLog } from "../errors.ts";

/** How often the server looks whether the coming months have their partitions: once a day would do. */
const PARTITIONS_EVERY_MS = 6 * 3_600_000;

/**
 * Makes the partitions of the coming months while the server runs, so that no case falls into the DEFAULT one when a month
 * begins: at once, and then several times a day. A failure is logged and tried again the next time.
 *
 * @param now the server's clock, epoch milliseconds
 * @returns stops it, and waits for a run in progress
 */
export function startMakingPartitions(
  database: Database,
  now: () => number,
  log: ErrorLog,
  everyMs = PARTITIONS_EVERY_MS,
): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const run = (): void => {
    running = running
      .then(() => makeComingPartitions(database, now()))
      .catch((err: unknown) => log({ err }, "partitions of the coming months were not made; it is tried again"));
  };
  run();
  const timer = setInterval(run, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
