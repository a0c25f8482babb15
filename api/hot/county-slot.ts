import type { CaseChanges } from "../../db/repositories/hot-changes-repository.ts";
import type { LoadedCounty } from "./loaded-county.ts";

/** What a slot needs of the world. */
export interface SlotWorld {
  /** Reads what changed after a live version; undefined when the county is gone. */
  readonly read: (liveVersion: number, seq: number) => Promise<CaseChanges | undefined>;
  /** Calls back when something may have changed. @returns ends it */
  readonly subscribe: (listener: () => void) => (() => void) | undefined;
  /** The cases must be loaded anew; the slot is empty by then. */
  readonly onStale: () => void;
  readonly onError: (error: unknown) => void;
}

/** The place of one county in memory: empty, or its cases and what keeps them current. */
export class CountySlot {
  readonly code: string;
  readonly #world: SlotWorld;
  #county: LoadedCounty | undefined;
  #unsubscribe: (() => void) | undefined;
  /** The reading of changes in progress, and the one that begins after it. */
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  /** Last use by somebody's question, `performance.now()`. */
  usedAt = 0;
  /** Before then it is not loaded again, `performance.now()`: a load failed, or there was no room. */
  retryAt = Number.NEGATIVE_INFINITY;

  constructor(code: string, world: SlotWorld) {
    this.code = code;
    this.#world = world;
  }

  get county(): LoadedCounty | undefined {
    return this.#county;
  }

  take(county: LoadedCounty): void {
    this.drop();
    this.#county = county;
    this.#unsubscribe = this.#world.subscribe(() => void this.catchUp());
    // What came between the end of the load and now.
    void this.catchUp();
  }

  drop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#county = undefined;
  }

  /** Drops the cases and waits for what is in progress. */
  async close(): Promise<void> {
    this.drop();
    await this.#next;
    await this.#running;
  }

  /** Reads and takes in what changed until now: a reading that began before the call does not count. */
  catchUp(): Promise<void> {
    if (!this.#running) return this.#begin();
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.#begin();
    });
    return this.#next;
  }

  #begin(): Promise<void> {
    const running = this.#read().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  async #read(): Promise<void> {
    const county = this.#county;
    if (!county) return;
    try {
      const changes = await this.#world.read(county.liveVersion, county.seq);
      // Dropped meanwhile: whoever did so knows why.
      if (this.#county !== county) return;
      if (changes && county.apply(changes)) return;
      this.drop();
      this.#world.onStale();
    } catch (error) {
      this.#world.onError(error);
    }
  }

  /**
   * The county at a data version or a later one of the same content.
   *
   * @param waitMs how long to wait at most for changes
   */
  async settled(dataVersion: string, waitMs: number): Promise<LoadedCounty | undefined> {
    const [content, live] = dataVersion.split(".");
    const arrived = (): LoadedCounty | undefined => {
      const county = this.#county;
      return county && county.contentVersion === content && county.liveVersion >= Number(live) ? county : undefined;
    };
    const there = arrived();
    if (there) return there;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, waitMs);
    });
    await Promise.race([this.catchUp(), timeout]);
    clearTimeout(timer);
    return arrived();
  }
}
