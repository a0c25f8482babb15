import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import type { IncidentStore } from "../../data/columns/store.ts";
import { differenceOf } from "./difference.ts";
import type { ColumnsChange, Progress } from "./protocol.ts";
import { type Fetch, type FetchedSlab, fetchSlab, listSlabs, type Slab, type SlabList } from "./source.ts";

/** Cases that a page loads one by one: 34 bytes each here and in the page, and as much again for the GPU. */
export const ROW_BUDGET = 2_000_000;

/** Slabs that are asked for at a time. */
const AHEAD = 3;

/** What a loader works on and tells. */
export interface LoaderHost {
  readonly fetch: Fetch;
  /** The store as the changes so far have made it. */
  readonly store: () => IncidentStore | undefined;
  /** Makes changes, here and in the page. @returns false where a code was unknown: all must be loaded anew */
  readonly change: (changes: readonly ColumnsChange[], asOf: number) => boolean;
  readonly progress: (progress: Progress) => void;
}

/** The newest slabs that fit the budget; always the newest one. */
export function withinBudget(slabs: readonly Slab[], budget: number): readonly Slab[] {
  let rows = 0;
  const end = slabs.findIndex((slab, i) => {
    rows += slab.rows;
    return i > 0 && rows > budget;
  });
  return end < 0 ? slabs : slabs.slice(0, end);
}

const keyOf = ({ path, from, to }: Slab): string => `${path} ${from} ${to}`;

/** Keeps the store equal to what the server has: newest slabs first, later only what changed. */
export class Loader {
  readonly #county: string;
  readonly #host: LoaderHost;
  readonly #budget: number;
  /** ETag by slab of what the store holds. */
  readonly #held = new Map<string, string | undefined>();
  #broken = false;

  constructor(county: string, host: LoaderHost, budget = ROW_BUDGET) {
    this.#county = county;
    this.#host = host;
    this.#budget = budget;
  }

  /**
   * One round: asks what there is and fetches what is not here. What is on screen stays until the next is whole.
   *
   * @throws SourceError or a DATA error; what was loaded until then stays
   */
  async sync(signal: AbortSignal): Promise<void> {
    const list = await listSlabs(this.#host.fetch, this.#county, signal);
    // A county without cases is known to have none.
    if (list.slabs.length === 0 && !this.#host.store()?.count) this.#host.change([this.#storeFor(list)], list.asOf);
    const wanted = withinBudget(list.slabs, this.#budget);
    if (this.#broken) await this.#anew(wanted, list, undefined, signal);
    const missing = wanted.filter((slab) => slab.etag === null || slab.etag !== this.#held.get(keyOf(slab)));
    const answers = this.#fetchAhead(missing, signal);
    for (const slab of this.#broken ? [] : missing) {
      const fetched = await answers(slab);
      if (signal.aborted) return;
      if (fetched && !this.#take(slab, fetched.columns, list)) {
        await this.#anew(wanted, list, { slab, ...fetched }, signal);
        break;
      }
      if (fetched) this.#held.set(keyOf(slab), fetched.etag);
      // Looking again at what is here takes nothing away: only slabs that never came are missing.
      const gap = wanted.findIndex((one) => !this.#held.has(keyOf(one)));
      this.#tell(list, wanted, gap < 0 ? wanted.length : gap);
    }
    if (signal.aborted) return;
    // Windows that the server cut differently meanwhile.
    const current = new Set(wanted.map(keyOf));
    for (const key of this.#held.keys()) if (!current.has(key)) this.#held.delete(key);
    this.#tell(list, wanted, wanted.length);
  }

  /** Asks for slabs a few ahead of the one that is waited for, so that the line is never idle. */
  #fetchAhead(slabs: readonly Slab[], signal: AbortSignal): (slab: Slab) => Promise<FetchedSlab | undefined> {
    const flights = new Map<Slab, Promise<FetchedSlab | undefined>>();
    return (slab) => {
      const at = slabs.indexOf(slab);
      for (const next of slabs.slice(at, at + AHEAD)) {
        if (flights.has(next)) continue;
        const flight = fetchSlab(this.#host.fetch, next, this.#held.get(keyOf(next)), signal);
        // Whoever waits for it hears of its failure; nobody may.
        flight.catch(() => undefined);
        flights.set(next, flight);
      }
      const flight = flights.get(slab) as Promise<FetchedSlab | undefined>;
      flights.delete(slab);
      return flight;
    };
  }

  /** Puts an answer in. @returns false where everything must be loaded anew */
  #take(slab: Slab, columns: IncidentColumns, list: SlabList): boolean {
    const { change, store } = this.#host;
    const held = store();
    if (!held) return change([this.#storeFor(list), { kind: "slab", slab: columns }], list.asOf);
    if (!this.#held.has(keyOf(slab)) && isOlder(held, columns))
      return change([{ kind: "slab", slab: columns }], list.asOf);
    const difference = differenceOf(held, columns, slab.from, slab.to);
    if (!difference) return false;
    // More than a fifth of it: a load. A new store is cheaper than so many single rows, and has no holes.
    if (difference.upserts.rows + difference.removes.length > Math.max(1000, held.count / 5)) return false;
    return change([{ kind: "patch", ...difference }], list.asOf);
  }

  /** What is here cannot be mended: the next round puts everything in its place anew. */
  distrust(): void {
    this.#broken = true;
  }

  /**
   * Fetches all slabs and puts them in the place of what is here, at once.
   *
   * @param got one that was fetched already
   */
  async #anew(
    wanted: readonly Slab[],
    list: SlabList,
    got: (FetchedSlab & { readonly slab: Slab }) | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    this.#broken = true;
    const slabs: IncidentColumns[] = [];
    const held = new Map<string, string | undefined>();
    for (const slab of wanted) {
      const fetched = got?.slab === slab ? got : await fetchSlab(this.#host.fetch, slab, undefined, signal);
      if (signal.aborted || !fetched) return;
      slabs.push(fetched.columns);
      held.set(keyOf(slab), fetched.etag);
    }
    const changes = slabs.map((slab): ColumnsChange => ({ kind: "slab", slab }));
    if (!this.#host.change([this.#storeFor(list), ...changes], list.asOf)) return;
    this.#broken = false;
    this.#held.clear();
    for (const [key, etag] of held) this.#held.set(key, etag);
  }

  #storeFor(list: SlabList): ColumnsChange {
    const { version, asOf, dictionaries } = list;
    const expect = withinBudget(list.slabs, this.#budget).reduce((sum, slab) => sum + slab.rows, 0);
    return { kind: "store", options: { county: this.#county, version, asOf, ...dictionaries, expect } };
  }

  #tell(list: SlabList, wanted: readonly Slab[], done: number): void {
    const loaded = this.#host.store()?.count ?? 0;
    const more = done < wanted.length;
    const oldest = wanted[done - 1];
    this.#host.progress({
      status: "ready",
      total: Math.max(
        loaded,
        list.slabs.reduce((sum, slab) => sum + slab.rows, 0),
      ),
      loaded,
      loadedFrom: done < list.slabs.length ? (oldest?.from ?? undefined) : undefined,
      more,
      dataVersion: list.version,
    });
  }
}

/** Whether a slab lies wholly before what is here. */
const isOlder = (store: IncidentStore, slab: IncidentColumns): boolean =>
  slab.rows === 0 ||
  store.count === 0 ||
  (slab.opened[slab.rows - 1] as number) <= (store.opened[store.first] as number);
