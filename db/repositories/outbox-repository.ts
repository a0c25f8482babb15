import type { DutyChange, IncidentChange, PlanFeedChange } from "../../data/feed/event.ts";
import type { Transaction } from "../driver.ts";

/** A change of one case, entry or plan, for the feed (data rule 6): it gets its place there from the relay. */
export type Change = Omit<IncidentChange, "seq"> | Omit<DutyChange, "seq"> | Omit<PlanFeedChange, "seq">;

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

/** What of a county's transaction is told to whom: a change, less what all of them share. */
export type ToldChange = Pick<Change, "id" | "kind" | "scopeBefore" | "scopeAfter">;

/**
 * Counts a transaction that changed something, tells its changes under that version, and wakes the feed when it commits: one
 * statement, since every writer sends it. From it to the commit the county's row is locked.
 *
 * @param changed what all of them are about
 * @returns the live version; undefined when there is no such county
 */
export async function publishChanges(
  tx: Transaction,
  county: string,
  changed: Pick<Change, "op" | "entity" | "version" | "at">,
  told: readonly ToldChange[],
): Promise<number | undefined> {
  const rows = await tx.rows<{ liveVersion: number }>(
    `WITH live AS (
       UPDATE county_profile SET live_version = live_version + 1, updated_at = $2::timestamptz WHERE county = $1
       RETURNING live_version),
     told AS (
       INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version)
       SELECT $1, c.id, c.kind, $3, $4::jsonb, $5::bigint, c.scope_before, c.scope_after, $2::timestamptz, l.live_version
       FROM live l, unnest($6::uuid[], $7::text[], $8::text[], $9::text[]) AS c(id, kind, scope_before, scope_after)
       RETURNING id)
     SELECT l.live_version AS "liveVersion", (SELECT count(*)::int FROM told) AS told, pg_notify($10, $1)::text AS woken
     FROM live l`,
    [
      county,
      changed.at,
      changed.op,
      JSON.stringify(changed.entity),
      changed.version,
      told.map(({ id }) => id),
      told.map(({ kind }) => kind),
      told.map(({ scopeBefore }) => scopeBefore),
      told.map(({ scopeAfter }) => scopeAfter),
      FEED_CHANNEL,
    ],
  );
  return rows[0]?.liveVersion;
}

/** NOTIFY channel of feeds; its payload is the county's code. */
export const FEED_CHANNEL = "jingwei_feed";

/** Tells every process that the county's outbox has something, when the transaction commits. NOTIFY only wakes. */
export const wakeFeed = (tx: Transaction, county: string): Promise<number> =>
  tx.execute("SELECT pg_notify($1, $2)", [FEED_CHANNEL, county]);
