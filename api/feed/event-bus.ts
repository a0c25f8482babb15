import type { ChangeEvent } from "../../data/feed/event.ts";

/** A place in a county's feed: after the event `seq` of the feed that began at `epoch`. */
export interface FeedPosition {
  readonly epoch: number;
  readonly seq: number;
}

/** Before the first event of a county whose feed has none yet. */
export const BEGINNING: FeedPosition = { epoch: 0, seq: 0 };

/** Where a consumer stands: at a place, or at a `live_version` whose cases it has read in SQL. */
export type Since = FeedPosition | { readonly liveVersion: number };

/** Events of one county in order of `seq`, without a gap; all events of one live version are in one batch. */
export interface FeedBatch {
  readonly county: string;
  readonly epoch: number;
  readonly events: readonly ChangeEvent[];
}

/** What came after a place. */
export type Replay =
  | {
      readonly kind: "events";
      readonly events: readonly ChangeEvent[] /** Behind the last. */;
      readonly position: FeedPosition;
    }
  /** The place is unknown here or no longer kept: read everything anew and go on from `position`. */
  | { readonly kind: "reset"; readonly position: FeedPosition; readonly liveVersion: number };

/**
 * What stands between relay and consumers. A batch may be missed while nobody listens and may come twice: `follow`
 * (follow.ts) makes of it every event once and in order.
 */
export interface EventBus {
  /** Hands a batch to the listeners of its county; the relay's business. */
  publish(batch: FeedBatch): void;
  /** Calls back with each batch of a county from now on. @returns ends it */
  subscribe(county: string, listener: (batch: FeedBatch) => void): () => void;
  /** Reads what came after a place. */
  replay(county: string, since: Since): Promise<Replay>;
}
