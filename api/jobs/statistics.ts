import type { Database } from "../../db/driver.ts";
import { listCounties } from "../../db/import/county-admin.ts";
import { settleDueEditions } from "../../db/import/settle-editions.ts";
import { refreshStatistics } from "../../db/statistics/refresh-statistics.ts";
import type { ErrorLog } from "../errors.ts";

/** How often counties are looked at; one whose day and content are the same costs three small reads. */
export const STATISTICS_EVERY_MS = 5 * 60_000;

/**
 * Keeps the published statistics of all counties current, and settles editions of their areas whose date has come: at once, and then every few minutes, since each county's day ends
 * in its own zone. A refresh that failed is logged and tried again the next time.
 *
 * @param now the server's clock, epoch milliseconds
 * @returns stops it, and waits for a refresh that is running
 */
export function startStatisticsJob(
  database: Database,
  now: () => number,
  log: ErrorLog,
  everyMs = STATISTICS_EVERY_MS,
): () => Promise<void> {
  let stopped = false;
  const look = async (): Promise<void> => {
    try {
      for (const { code } of await listCounties(database)) {
        if (stopped) return;
        try {
          await settleDueEditions(database, code, now());
          await refreshStatistics(database, code, now());
        } catch (error) {
          log({ err: error, county: code }, "statistics were not refreshed");
        }
      }
    } catch (error) {
      log({ err: error }, "statistics were not refreshed");
    }
  };
  let running: Promise<void> | undefined = look().finally(() => {
    running = undefined;
  });
  const timer = setInterval(() => {
    running ??= look().finally(() => {
      running = undefined;
    });
  }, everyMs);
  timer.unref();
  return async () => {
    stopped = true;
    clearInterval(timer);
    await running;
  };
}
