import type { Database } from "../../db/driver.ts";
import { feedStates } from "../../db/repositories/feed-repository.ts";
import { FEED_CHANNEL } from "../../db/repositories/outbox-repository.ts";
import type { ErrorLog } from "../errors.ts";
import { BEGINNING, type EventBus, type FeedPosition } from "./event-bus.ts";
import { LocalBus } from "./local-bus.ts";
import { RELAY_BATCH, relay } from "./relay.ts";

/** How often counties are looked at, whoever wakes the feed or not. */
export const POLL_MS = 500;

interface CountyState {
  /** Up to where this process has published. */
  position: FeedPosition | undefined;
  /** The run in progress, and whether another is wanted after it. */
  running: Promise<void> | undefined;
  again: boolean;
}

/**
 * The live feed of one process: relays outboxes, and publishes on its bus whatever is appended to the feeds, by itself or
 * by another process. Woken by writes of this process, by NOTIFY and every `POLL_MS`.
 */
export class Feed {
  readonly bus: EventBus;
  readonly #bus: LocalBus;
  readonly #database: Database;
  readonly #now: () => number;
  readonly #log: ErrorLog;
  readonly #counties = new Map<string, CountyState>();
  #fresh: { readonly at: number; readonly steady: number } | undefined;
  #startedAt = 0;
  #running = false;
  #stopped: Promise<void> = Promise.resolve();
  #failed = false;

  /** @param now the server's clock, epoch ms */
  constructor(database: Database, now: () => number, log: ErrorLog) {
    this.#database = database;
    this.#now = now;
    this.#log = log;
    this.#bus = new LocalBus(database, log);
    this.bus = this.#bus;
  }

  /**
   * When the last look at all counties that went well began, epoch ms by the server's clock: what was committed before is
   * told or about to be. null while stopped and before the first. This, and no event, says that the feed is fresh.
   */
  get freshAt(): number | null {
    return this.#fresh?.at ?? null;
  }

  /** How long ago that was, ms by a clock that nobody sets; undefined while stopped; before the first since the start. */
  get age(): number | undefined {
    return this.#running ? performance.now() - (this.#fresh?.steady ?? this.#startedAt) : undefined;
  }

  /** The server's clock, epoch ms: what follows the feed outlives the instant of its request. */
  now(): number {
    return this.#now();
  }

  /** Says that a county's outbox has something, after the commit. Does nothing while the feed is stopped. */
  wake(county: string): void {
    if (this.#running) void this.#run(county);
  }

  /** Starts relaying. @returns stops it, and waits for what is in progress */
  start(): () => Promise<void> {
    this.#running = true;
    this.#startedAt = performance.now();
    const stop = new AbortController();
    const listening = this.#database
      .listen(FEED_CHANNEL, (payload) => this.#notified(payload))
      .catch((err: unknown) => {
        this.#log({ err }, "the feed cannot listen; it looks every half second");
        return async (): Promise<void> => undefined;
      });
    const polling = this.#poll(stop.signal);
    this.#stopped = (async () => {
      await polling;
      await (await listening)();
      await Promise.all([...this.#counties.values()].map(({ running }) => running));
      this.#fresh = undefined;
    })();
    return () => {
      this.#running = false;
      stop.abort();
      return this.#stopped;
    };
  }

  async #poll(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const look = { at: this.#now(), steady: performance.now() };
      try {
        const states = await this.#database.transaction({ kind: "reviewed", name: "feed-heads" }, feedStates);
        for (const { county, epoch, seq, waiting } of states) {
          const state = this.#state(county);
          const head = epoch === null || seq === null ? BEGINNING : { epoch, seq };
          // What was there before this process began is not news: consumers replay.
          state.position ??= head;
          if (waiting || !isSame(state.position, head)) void this.#run(county);
        }
        this.#fresh = look;
        this.#failed = false;
      } catch (err) {
        if (!this.#failed) this.#log({ err }, "the feed could not be read; it is tried again");
        this.#failed = true;
      }
      await pause(POLL_MS, stop);
    }
  }

  /** A write says its county; a relay says how far it came, too. */
  #notified(payload: string): void {
    const [county = "", epoch, seq] = payload.split(":");
    const position = this.#counties.get(county)?.position;
    if (epoch !== undefined && position?.epoch === Number(epoch) && position.seq >= Number(seq)) return;
    this.wake(county);
  }

  #state(county: string): CountyState {
    const state = this.#counties.get(county) ?? { position: undefined, running: undefined, again: false };
    this.#counties.set(county, state);
    return state;
  }

  #run(county: string): Promise<void> {
    const state = this.#state(county);
    if (state.running) {
      state.again = true;
      return state.running;
    }
    state.running = (async () => {
      do {
        state.again = false;
        try {
          while (await this.#advance(county, state));
        } catch (err) {
          this.#log({ err, county }, "the feed was not relayed; it is tried again");
        }
      } while (state.again && this.#running);
    })().finally(() => {
      state.running = undefined;
    });
    return state.running;
  }

  /** Relays and publishes once. @returns true when more waits */
  async #advance(county: string, state: CountyState): Promise<boolean> {
    const relayed = await relay(this.#database, county, this.#now());
    if (!relayed) {
      // Another process is at it and tells when it is done; what it did before may be news here.
      await this.#readOn(county, state);
      return false;
    }
    const { epoch, seq } = relayed.head;
    const { events } = relayed;
    const before = { epoch, seq: seq - events.length };
    state.position ??= before;
    if (!this.#bus.hears(county)) state.position = { epoch, seq };
    else if (!isSame(state.position, before)) await this.#readOn(county, state);
    else if (events.length > 0) {
      state.position = { epoch, seq };
      this.#bus.publish({ county, epoch, events });
    }
    return events.length >= RELAY_BATCH;
  }

  /** Publishes what others relayed. */
  async #readOn(county: string, state: CountyState): Promise<void> {
    if (!state.position) return;
    const replay = await this.#bus.replay(county, state.position);
    if (replay.kind === "reset") {
      state.position = replay.position;
      // Nothing to tell, but a reason to ask: whoever follows the county finds out that it begins anew.
      this.#bus.publish({ county, epoch: replay.position.epoch, events: [] });
      return;
    }
    const { events, position } = replay;
    state.position = position;
    if (events.length > 0) this.#bus.publish({ county, epoch: position.epoch, events });
  }
}

const isSame = (one: FeedPosition, other: FeedPosition): boolean => one.epoch === other.epoch && one.seq === other.seq;

/** Resolves after so many milliseconds, or at once when told to stop. */
const pause = (ms: number, stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    timer.unref();
    stop.addEventListener("abort", done);
  });
