import type { ChangeEvent } from "../../data/feed/event.ts";
import type { Database, Transaction } from "../../db/driver.ts";
import { feedAfter, feedHead, oldestSeq, seqAtLiveVersion } from "../../db/repositories/feed-repository.ts";
import type { ErrorLog } from "../errors.ts";
import { BEGINNING, type EventBus, type FeedBatch, type FeedPosition, type Replay, type Since } from "./event-bus.ts";

/** Most events that one replay reads: beyond, reading everything anew is cheaper. */
export const REPLAY_LIMIT = 20_000;

/** The bus of one process: batches go straight to its listeners, what was missed is read from the database. */
export class LocalBus implements EventBus {
  readonly #database: Database;
  readonly #log: ErrorLog;
  readonly #listeners = new Map<string, Set<(batch: FeedBatch) => void>>();

  constructor(database: Database, log: ErrorLog) {
    this.#database = database;
    this.#log = log;
  }

  /** Does anybody listen to a county? */
  hears(county: string): boolean {
    return this.#listeners.has(county);
  }

  publish(batch: FeedBatch): void {
    for (const listener of [...(this.#listeners.get(batch.county) ?? [])]) {
      try {
        listener(batch);
      } catch (err) {
        // One consumer's fault is not the others'.
        this.#log({ err, county: batch.county }, "a consumer of the feed failed");
      }
    }
  }

  subscribe(county: string, listener: (batch: FeedBatch) => void): () => void {
    const listeners = this.#listeners.get(county) ?? new Set();
    this.#listeners.set(county, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(county) === listeners) this.#listeners.delete(county);
    };
  }

  replay(county: string, since: Since): Promise<Replay> {
    return this.#database.transaction({ kind: "county", county }, (tx) => replayIn(tx, county, since));
  }
}

const isBeginning = ({ epoch, seq }: FeedPosition): boolean => epoch === 0 && seq === 0;

async function replayIn(tx: Transaction, county: string, since: Since): Promise<Replay> {
  const head = await feedHead(tx, county);
  if (!head) {
    // Nothing has been told yet: whoever has read the cases before has missed nothing.
    const known = "liveVersion" in since || isBeginning(since);
    if (known) return { kind: "events", events: [], position: BEGINNING };
    return { kind: "reset", position: BEGINNING, liveVersion: 0 };
  }
  const { epoch, seq, liveVersion } = head;
  const reset: Replay = { kind: "reset", position: { epoch, seq }, liveVersion };
  const from = await startOf(tx, county, since, head);
  if (from === undefined || from > seq || seq - from > REPLAY_LIMIT) return reset;
  const events: ChangeEvent[] = from === seq ? [] : await feedAfter(tx, county, from, REPLAY_LIMIT);
  // What retention took away is told from what never was by the first number.
  if (from < seq && events[0]?.seq !== from + 1) return reset;
  return { kind: "events", events, position: { epoch, seq: events.at(-1)?.seq ?? from } };
}

/** The number after which to read; undefined when the place is unknown. */
async function startOf(
  tx: Transaction,
  county: string,
  since: Since,
  head: { readonly epoch: number; readonly seq: number; readonly liveVersion: number },
): Promise<number | undefined> {
  if ("epoch" in since) {
    if (isBeginning(since)) return 0;
    return since.epoch === head.epoch ? since.seq : undefined;
  }
  if (since.liveVersion >= head.liveVersion) return head.seq;
  const seq = await seqAtLiveVersion(tx, county, since.liveVersion);
  if (seq !== undefined) return seq;
  // Older than all that is kept: known only when the first event of all is still there.
  return (await oldestSeq(tx, county)) === 1 ? 0 : undefined;
}
