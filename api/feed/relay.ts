import type { ChangeEvent } from "../../data/feed/event.ts";
import type { Database } from "../../db/driver.ts";
import {
  type FeedHead,
  lockFeedHead,
  moveToFeed,
  setFeedHead,
  tellFeedHead,
} from "../../db/repositories/feed-repository.ts";

/** Most events that one transaction of the relay moves: others can read and write between two of them. */
export const RELAY_BATCH = 1_000;

export interface Relayed {
  /** End of the feed after it. */
  readonly head: FeedHead;
  /** What was moved, in order of `seq`. */
  readonly events: readonly ChangeEvent[];
}

/**
 * Moves what waits in a county's outbox to its feed (data rule 6): in one transaction under the lock of the feed's end, so
 * that a process that dies meanwhile has moved nothing, and two never number at the same time.
 *
 * @param nowMs the clock, for the epoch of a feed that begins
 * @returns undefined while another process is at it
 */
export const relay = (database: Database, county: string, nowMs: number): Promise<Relayed | undefined> =>
  database.transaction({ kind: "county", county }, async (tx) => {
    const before = await lockFeedHead(tx, county, nowMs);
    if (!before) return undefined;
    const events = await moveToFeed(tx, county, before.seq, RELAY_BATCH);
    const last = events.at(-1);
    if (!last) return { head: before, events };
    const head = { epoch: before.epoch, seq: last.seq, liveVersion: last.liveVersion };
    await setFeedHead(tx, county, head);
    // Processes that found it locked learn that there is something to read. The embedded form has no others.
    if (database.form === "native") await tellFeedHead(tx, county, head);
    return { head, events };
  });
