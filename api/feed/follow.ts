import type { ChangeEvent } from "../../data/feed/event.ts";
import type { EventBus, FeedBatch, FeedPosition, Since } from "./event-bus.ts";

/** What a follower is told; calls never overlap, and the next waits for the promise of the one before. */
export interface Follower {
  /** Events in order, each once; `position` is behind the last of them. */
  readonly onEvents: (events: readonly ChangeEvent[], position: FeedPosition) => void | Promise<void>;
  /** What was followed is unknown or no longer kept: read everything anew. Events after `position` follow. */
  readonly onReset: (position: FeedPosition, liveVersion: number) => void | Promise<void>;
  /** The database could not be read; it is tried again until the follower ends. */
  readonly onError?: (error: unknown) => void;
}

const RETRY_MS = 1_000;

/**
 * Follows a county's feed from a place on: first what was missed, then what comes, every event once and in order of `seq`.
 *
 * @returns ends it; a call in progress still ends by itself
 */
export function follow(bus: EventBus, county: string, since: Since, follower: Follower): () => void {
  let position: FeedPosition | undefined;
  /** What the follower has read in SQL already. */
  let seen = "liveVersion" in since ? since.liveVersion : 0;
  let ended = false;
  let working = false;
  let retry: NodeJS.Timeout | undefined;
  /** Batches that came while the follower was busy; undefined = some were missed, read them. */
  let waiting: FeedBatch[] | undefined;

  const replay = async (): Promise<void> => {
    const missed = await bus.replay(county, position ?? since);
    if (ended) return;
    if (missed.kind === "events") return tell(missed.events, missed.position);
    await follower.onReset(missed.position, missed.liveVersion);
    position = missed.position;
    seen = 0;
  };
  const tell = async (events: readonly ChangeEvent[], next: FeedPosition): Promise<void> => {
    const from = position?.epoch === next.epoch ? position.seq : 0;
    const fresh = events.filter(({ seq, liveVersion }) => seq > from && liveVersion > seen);
    if (fresh.length > 0) await follower.onEvents(fresh, next);
    position = next;
  };
  const work = async (): Promise<void> => {
    if (working || ended) return;
    working = true;
    try {
      while (!ended) {
        const batches = waiting;
        waiting = [];
        if (batches === undefined) await replay();
        else if (batches.length === 0) break;
        else for (const batch of batches) await take(batch);
      }
    } catch (error) {
      waiting = undefined;
      follower.onError?.(error);
      retry = setTimeout(() => void work(), RETRY_MS);
      retry.unref();
    } finally {
      working = false;
    }
  };
  const take = async ({ epoch, events }: FeedBatch): Promise<void> => {
    if (ended) return;
    const first = events[0];
    const last = events.at(-1);
    const follows = first !== undefined && position?.epoch === epoch && first.seq <= position.seq + 1;
    if (follows && last) await tell(events, { epoch, seq: Math.max(last.seq, position?.seq ?? 0) });
    else await replay();
  };
  const stop = bus.subscribe(county, (batch) => {
    waiting?.push(batch);
    void work();
  });
  void work();
  return () => {
    ended = true;
    clearTimeout(retry);
    stop();
  };
}
