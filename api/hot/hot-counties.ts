import type { Database } from "../../db/driver.ts";
import { listCounties } from "../../db/repositories/county-repository.ts";
import { caseChanges } from "../../db/repositories/hot-changes-repository.ts";
import type { ErrorLog } from "../errors.ts";
import { CountySlot } from "./county-slot.ts";
import { loadHotCounty } from "./load-county.ts";
import { MemoryBudget } from "./memory-budget.ts";
import type { HotColumns, HotCounty } from "./types.ts";

/** The part of the event bus that is used: it says that something changed, what it was is read from the database. */
export interface Wakes {
  subscribe(county: string, listener: () => void): () => void;
}

export interface HotOptions {
  /** Bytes for the cases of all counties together. */
  readonly bytes: number;
  /** Counties that this process holds; absent = every one of the database. Others are answered by SQL here. */
  readonly counties?: readonly string[] | undefined;
  /** Tells of changes; without one, changes are found when somebody asks. */
  readonly bus?: Wakes | undefined;
  readonly log: ErrorLog;
  readonly chunkRows?: number | undefined;
}

/** How many times something happened since the start, for `/metrics`. */
export interface HotCounts {
  loads: number;
  checks: number;
  mismatches: number;
}

/** After a load that failed, or that found no room, the next is not tried before. */
const RETRY_FAILED_MS = 5_000;
const RETRY_ROOM_MS = 60_000;

/** The cases of counties in memory, loaded in the background one county after the other, kept current by the feed. */
export class HotCounties implements HotColumns {
  readonly counts: HotCounts = { loads: 0, checks: 0, mismatches: 0 };
  /** When cases in memory were held against SQL last, epoch ms, and how it went; undefined before the first time. */
  lastChecked: { readonly at: number; readonly result: "equal" | "different" } | undefined;
  readonly #database: Database;
  readonly #options: HotOptions;
  readonly #budget: MemoryBudget;
  readonly #slots = new Map<string, CountySlot>();
  /** Counties to be loaded, first first. */
  #wanted: string[] = [];
  #loading: Promise<void> | undefined;
  #abort = new AbortController();
  #running = false;

  constructor(database: Database, options: HotOptions) {
    this.#database = database;
    this.#options = options;
    this.#budget = new MemoryBudget(options.bytes);
  }

  /** Loads every county in the background, and from then on whichever is asked for. @returns stops it and frees all */
  start(): () => Promise<void> {
    this.#running = true;
    this.#abort = new AbortController();
    const listed = this.#database
      .transaction({ kind: "reviewed", name: "county-list" }, listCounties)
      .then((rows) => {
        for (const { county } of rows) if (!this.#slots.has(county)) this.#want(county, false);
      })
      .catch((err: unknown) => this.#options.log({ err }, "the counties to hold in memory could not be listed"));
    return async () => {
      this.#running = false;
      this.#wanted = [];
      this.#abort.abort();
      await listed;
      await this.#loading;
      await Promise.all([...this.#slots.values()].map((slot) => slot.close()));
      this.#slots.clear();
    };
  }

  /** Resolves when nothing is being loaded any more; for tests and benchmarks. */
  async idle(): Promise<void> {
    while (this.#loading) await this.#loading;
  }

  /** Counties that are loaded now. */
  *loaded(): Iterable<CountySlot> {
    for (const slot of this.#slots.values()) if (slot.county) yield slot;
  }

  at(county: string, dataVersion: string): HotCounty | undefined {
    const held = this.#slotFor(county)?.county;
    return held?.dataVersion === dataVersion ? held : undefined;
  }

  async settled(county: string, dataVersion: string, waitMs: number): Promise<HotCounty | undefined> {
    const slot = this.#slotFor(county);
    if (slot?.county) return slot.settled(dataVersion, waitMs);
    if (slot && slot.retryAt < performance.now()) this.#want(county, true);
    return undefined;
  }

  /** Throws a county's cases away and loads them anew; SQL answers meanwhile. */
  reload(county: string): void {
    this.#slots.get(county)?.drop();
    if (this.#running) this.#want(county, true);
  }

  #owns(county: string): boolean {
    return this.#options.counties?.includes(county) ?? true;
  }

  /** The slot of a county that is asked for; undefined where this process does not hold it. */
  #slotFor(county: string): CountySlot | undefined {
    if (!this.#running || !this.#owns(county)) return undefined;
    const slot = this.#slots.get(county);
    if (slot) slot.usedAt = performance.now();
    else this.#want(county, true);
    return slot;
  }

  #want(county: string, first: boolean): void {
    if (!this.#running || !this.#owns(county)) return;
    if (!this.#slots.has(county)) this.#slots.set(county, this.#newSlot(county));
    const others = this.#wanted.filter((one) => one !== county);
    this.#wanted = first ? [county, ...others] : [...others, county];
    this.#loadOn();
  }

  #loadOn(): void {
    if (this.#wanted.length === 0) return;
    this.#loading ??= this.#loadWanted().finally(() => {
      this.#loading = undefined;
      this.#loadOn();
    });
  }

  #newSlot(county: string): CountySlot {
    return new CountySlot(county, {
      read: (liveVersion, seq) =>
        this.#database.transaction({ kind: "county", county }, (tx) => caseChanges(tx, county, liveVersion, seq)),
      subscribe: (listener) => this.#options.bus?.subscribe(county, listener),
      onStale: () => this.reload(county),
      onError: (err) => this.#options.log({ err, county }, "changes of the cases in memory could not be read"),
    });
  }

  async #loadWanted(): Promise<void> {
    for (let county = this.#wanted.shift(); county !== undefined; county = this.#wanted.shift()) {
      const slot = this.#slots.get(county);
      if (!slot || slot.county) continue;
      try {
        const loaded = await loadHotCounty(this.#database, county, {
          roomFor: (cases) => this.#budget.roomFor(cases, slot, this.loaded()),
          roomAhead: (cases, bytes) => this.#budget.roomAhead(cases, bytes, slot, this.loaded()),
          signal: this.#abort.signal,
          ...(this.#options.chunkRows === undefined ? {} : { chunkRows: this.#options.chunkRows }),
        });
        if (this.#abort.signal.aborted) return;
        if (loaded) {
          this.counts.loads++;
          slot.take(loaded);
        } else slot.retryAt = performance.now() + RETRY_ROOM_MS;
      } catch (err) {
        slot.retryAt = performance.now() + RETRY_FAILED_MS;
        if (!this.#abort.signal.aborted)
          this.#options.log({ err, county }, "cases could not be loaded into memory; SQL answers");
      }
    }
  }
}
