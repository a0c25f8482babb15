import type { IncidentChange, PlanFeedChange } from "../../data/feed/event.ts";
import type { Transaction } from "../driver.ts";

/** A change of one case or plan, for the feed (data rule 6): it gets its place there from the relay. */
export type Change = Omit<IncidentChange, "seq"> | Omit<PlanFeedChange, "seq">;

/** Adds a change in the transaction of its write. */
export const appendChange = (tx: Transaction, change: Change): Promise<number> =>
  tx.execute(
    `INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz, $10)`,
    [
      change.county,
      change.id,
      change.kind,
      change.op,
      JSON.stringify(change.entity),
      change.version,
      change.scopeBefore,
      change.scopeAfter,
      change.at,
      change.liveVersion,
    ],
  );

/** NOTIFY channel of feeds; its payload is the county's code. */
export const FEED_CHANNEL = "jingwei_feed";

/** Tells every process that the county's outbox has something, when the transaction commits. NOTIFY only wakes. */
export const wakeFeed = (tx: Transaction, county: string): Promise<number> =>
  tx.execute("SELECT pg_notify($1, $2)", [FEED_CHANNEL, county]);
