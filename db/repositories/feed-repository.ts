import type { ChangeEvent } from "../../data/feed/event.ts";
import type { Transaction } from "../driver.ts";
import { FEED_CHANNEL } from "./outbox-repository.ts";

/** End of a county's feed. */
export interface FeedHead {
  /** When the feed began, epoch ms: numbers of another beginning mean nothing here. */
  readonly epoch: number;
  /** Number of the last event; 0 before the first. */
  readonly seq: number;
  /** `live_version` of the last event. */
  readonly liveVersion: number;
}

const HEAD = `h.epoch, h.seq, h.live_version AS "liveVersion"`;
const EVENT = `f.id, f.county, f.seq, f.kind, f.op, f.entity, f.version, f.live_version AS "liveVersion",
  f.scope_before AS "scopeBefore", f.scope_after AS "scopeAfter", f.created_at AS at`;

/**
 * Locks the end of a county's feed: whoever holds it is the relay until the transaction ends.
 *
 * @param epoch of the feed if it begins now, epoch ms
 * @returns undefined while another transaction is the relay
 */
export async function lockFeedHead(tx: Transaction, county: string, epoch: number): Promise<FeedHead | undefined> {
  const sql = `SELECT ${HEAD} FROM feed_head h WHERE h.county = $1 FOR UPDATE SKIP LOCKED`;
  const [head] = await tx.rows<FeedHead>(sql, [county]);
  if (head) return head;
  const made = await tx.execute(
    `INSERT INTO feed_head (county, epoch, seq, live_version)
     SELECT $1, $2::bigint, 0, 0 FROM county_profile p WHERE p.county = $1
     ON CONFLICT (county) DO NOTHING`,
    [county, epoch],
  );
  return made === 1 ? { epoch, seq: 0, liveVersion: 0 } : undefined;
}

/**
 * Moves what is committed in a county's outbox to its feed, numbered after `seq` in order of live versions; all events of one
 * version go together. Only whoever holds the head may call it.
 *
 * @param limit most events, give or take the last version's
 * @returns what was moved, in order
 */
export async function moveToFeed(tx: Transaction, county: string, seq: number, limit: number): Promise<ChangeEvent[]> {
  const moved = await tx.rows<ChangeEvent>(
    `WITH last AS (SELECT max(n.live_version) AS version FROM (
         SELECT o.live_version FROM outbox o WHERE o.county = $1 ORDER BY o.live_version, o.id LIMIT $3::int) n),
       taken AS (DELETE FROM outbox o WHERE o.county = $1 AND o.live_version <= (SELECT version FROM last) RETURNING o.*)
     INSERT INTO change_feed (county, seq, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version)
     SELECT $1, $2::bigint + row_number() OVER (ORDER BY t.live_version, t.id), t.id, t.kind, t.op, t.entity, t.version,
            t.scope_before, t.scope_after, t.created_at, t.live_version FROM taken t
     RETURNING id, county, seq, kind, op, entity, version, live_version AS "liveVersion", scope_before AS "scopeBefore",
               scope_after AS "scopeAfter", created_at AS at`,
    [county, seq, limit],
  );
  return moved.sort((one, other) => one.seq - other.seq);
}

/** Writes the new end of a feed. Only whoever holds the head may call it. */
export const setFeedHead = (tx: Transaction, county: string, head: FeedHead): Promise<number> =>
  tx.execute("UPDATE feed_head SET seq = $2::bigint, live_version = $3::bigint WHERE county = $1", [
    county,
    head.seq,
    head.liveVersion,
  ]);

/** Tells other processes how far a feed is, when the transaction commits. */
export const tellFeedHead = (tx: Transaction, county: string, { epoch, seq }: FeedHead): Promise<number> =>
  tx.execute("SELECT pg_notify($1, $2)", [FEED_CHANNEL, `${county}:${epoch}:${seq}`]);

/** The end of a county's feed; undefined before its first event. */
export async function feedHead(tx: Transaction, county: string): Promise<FeedHead | undefined> {
  const [head] = await tx.rows<FeedHead>(`SELECT ${HEAD} FROM feed_head h WHERE h.county = $1`, [county]);
  return head;
}

/** Number of the oldest event that is kept; undefined when none is. */
export async function oldestSeq(tx: Transaction, county: string): Promise<number | undefined> {
  const [row] = await tx.rows<{ seq: number | null }>(
    "SELECT min(f.seq) AS seq FROM change_feed f WHERE f.county = $1",
    [county],
  );
  return row?.seq ?? undefined;
}

/** Events of a county after a number, in order. @param limit most events */
export const feedAfter = (tx: Transaction, county: string, seq: number, limit: number): Promise<ChangeEvent[]> =>
  tx.rows(
    `SELECT ${EVENT} FROM change_feed f WHERE f.county = $1 AND f.seq > $2::bigint ORDER BY f.seq LIMIT $3::int`,
    [county, seq, limit],
  );

/** Number of the last kept event whose live version is at most the given one; undefined when none is kept. */
export async function seqAtLiveVersion(
  tx: Transaction,
  county: string,
  liveVersion: number,
): Promise<number | undefined> {
  // Versions grow with numbers, so the newest events are looked at first and the first that fits ends the search.
  const [row] = await tx.rows<{ seq: number }>(
    `SELECT f.seq FROM change_feed f WHERE f.county = $1 AND f.live_version <= $2::bigint ORDER BY f.seq DESC LIMIT 1`,
    [county, liveVersion],
  );
  return row?.seq;
}

/** Feeds of all counties and whether something waits for the relay. Runs under the reviewed scope `feed-heads`. */
export interface FeedState {
  readonly county: string;
  readonly epoch: number | null;
  readonly seq: number | null;
  readonly liveVersion: number | null;
  readonly waiting: boolean;
}

export const feedStates = (tx: Transaction): Promise<FeedState[]> =>
  tx.rows(
    `SELECT p.county, ${HEAD}, EXISTS (SELECT 1 FROM outbox o WHERE o.county = p.county) AS waiting
     FROM county_profile p LEFT JOIN feed_head h ON h.county = p.county ORDER BY p.county`,
  );

/** Forgets events that are older than an instant. @returns how many */
export const forgetEvents = (tx: Transaction, county: string, before: string): Promise<number> =>
  tx.execute("DELETE FROM change_feed WHERE county = $1 AND created_at < $2::timestamptz", [county, before]);
