import type { Channel, ChannelMember } from "./channel.ts";
import type { EventBus, FeedPosition, Since } from "./event-bus.ts";
import type { ToldChange } from "./told-change.ts";

/** What sends changes to one client. */
export interface ChangeSink {
  /** Hands changes over. @returns false when too much waits for the client already: then nothing was taken */
  send(changes: readonly ToldChange[]): boolean;
  /** Resolves when the client has read what was handed over, or is gone. */
  drained(): Promise<void>;
}

/** Changes that a client may have missed, or that may wait while it reads what it missed; beyond, it reads all anew. */
const MOST_MISSED = 2_000;
const RETRY_MS = 1_000;

/** Told changes up to a place. */
interface Missed {
  readonly changes: readonly ToldChange[];
  readonly position: FeedPosition;
}

/**
 * One client of a channel: first what it missed since its place, then what the channel tells, each change once and in order.
 * A client that does not read has nothing kept for it: it gets one reset when it reads again.
 */
export class Subscriber implements ChannelMember {
  readonly #bus: EventBus;
  readonly #channel: Channel;
  readonly #sink: ChangeSink;
  #ended = false;
  #live = false;
  /** What the channel told while the client was not live yet. */
  #pending: ToldChange[] = [];
  /** What was told meanwhile is unknown: the client must read anew. */
  #missedSome = false;
  /** What the client has read in SQL already, and up to where it was told: the first changes of the channel may be older. */
  #seen = 0;
  #after: FeedPosition | undefined;
  #wakeRetry: (() => void) | undefined;

  /** @param since undefined = with a reset */
  constructor(bus: EventBus, channel: Channel, sink: ChangeSink, since: Since | undefined) {
    this.#bus = bus;
    this.#channel = channel;
    this.#sink = sink;
    if (since && "liveVersion" in since) this.#seen = since.liveVersion;
    channel.join(this);
    void this.#catchUp(since);
  }

  end(): void {
    this.#ended = true;
    this.#pending = [];
    this.#channel.leave(this);
    this.#wakeRetry?.();
  }

  take(changes: readonly ToldChange[]): void {
    if (this.#live) {
      const fresh = this.#after ? this.#fresh(changes) : changes;
      if (fresh.length > 0 && !this.#sink.send(fresh)) this.#startAnew();
    } else if (this.#pending.length + changes.length > MOST_MISSED) this.lost();
    else this.#pending.push(...changes);
  }

  lost(): void {
    if (this.#live) this.#startAnew();
    else {
      this.#pending = [];
      this.#missedSome = true;
    }
  }

  #startAnew(): void {
    this.#live = false;
    void this.#catchUp(undefined);
  }

  /** What of the changes the client does not have yet; once all of them are new, all that follow are. */
  #fresh(changes: readonly ToldChange[]): readonly ToldChange[] {
    const after = this.#after;
    const fresh = changes.filter(
      ({ position, liveVersion }) =>
        liveVersion > this.#seen && (position.epoch !== after?.epoch || position.seq > after.seq),
    );
    if (fresh.length === changes.length) this.#after = undefined;
    return fresh;
  }

  async #catchUp(from: Since | undefined): Promise<void> {
    let since = from;
    while (!this.#ended) {
      try {
        await this.#sink.drained();
        await this.#channel.ready;
        this.#pending = [];
        this.#missedSome = false;
        const missed = since ? await this.#missed(since) : await this.#anew();
        since = undefined;
        if (this.#ended) return;
        if (!missed || this.#missedSome) continue;
        this.#after = missed.position;
        const changes = [...missed.changes, ...this.#fresh(this.#pending)];
        this.#after = missed.position;
        this.#pending = [];
        if (changes.length > 0 && !this.#sink.send(changes)) continue;
        this.#live = true;
        return;
      } catch (error) {
        // The database is away; the beats tell the client that the feed is old.
        this.#channel.failed(error);
        await this.#pause();
      }
    }
  }

  async #anew(): Promise<Missed> {
    const reset = await this.#channel.reset();
    this.#seen = 0;
    return { changes: [reset], position: reset.position };
  }

  /** What came after a place; undefined when that is unknown, or too much to be told one by one. */
  async #missed(since: Since): Promise<Missed | undefined> {
    const replay = await this.#bus.replay(this.#channel.audience.county, since);
    if (replay.kind === "reset") return undefined;
    const changes = this.#channel
      .cut(replay.events, replay.position.epoch)
      .filter(({ liveVersion }) => liveVersion > this.#seen);
    return changes.length > MOST_MISSED ? undefined : { changes, position: replay.position };
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wakeRetry = undefined;
        resolve();
      };
      const timer = setTimeout(done, RETRY_MS);
      timer.unref();
      this.#wakeRetry = done;
    });
  }
}
