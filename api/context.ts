import type { Database } from "../db/driver.ts";

/** What every resolver gets: one per request. */
export interface RequestContext {
  readonly database: Database;
  /** The server's clock, epoch milliseconds; tests fix it. */
  readonly now: () => number;
}
