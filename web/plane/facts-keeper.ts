import type { IncidentStore } from "../../data/columns/store.ts";
import { zoneOf } from "../panels/zone.ts";
import { fillFacts, newFacts, type RowFacts } from "./facts.ts";
import type { ColumnsChange } from "./protocol.ts";

type Span = readonly [from: number, to: number];

/** Keeps the facts of a store's rows current: after a change only those of the rows that it wrote are made again. */
export class FactsKeeper {
  #facts: RowFacts | undefined;
  /** What the facts hold for: another of these makes all anew. */
  #key = "";
  #stale: Span[] = [];

  /** Makes a change through `apply` and notes which rows it wrote. */
  changing(
    store: IncidentStore | undefined,
    change: ColumnsChange,
    apply: () => IncidentStore | undefined,
  ): IncidentStore | undefined {
    const before = store && { first: store.first, sorted: store.sorted };
    const next = apply();
    if (!next || next !== store || !before) {
      this.#facts = undefined;
      this.#stale = [];
      return next;
    }
    if (change.kind === "patch") for (const ref of change.upserts.ref) this.#note(next.rowOf(ref), next.rowOf(ref) + 1);
    // In front of what was there, and from its tail on.
    else this.#stale.push([next.first, before.first], [before.sorted, next.rows]);
    return next;
  }

  #note(from: number, to: number): void {
    const last = this.#stale.at(-1);
    if (last && last[1] === from) this.#stale[this.#stale.length - 1] = [last[0], to];
    else if (from >= 0) this.#stale.push([from, to]);
  }

  /** Facts of all rows, by the calendar of a zone (IANA) and the store's as-of. */
  of(store: IncidentStore, timezone: string): RowFacts {
    const what = { zone: zoneOf(timezone), asOf: store.asOf };
    const key = [timezone, store.asOf, store.opened.length, store.layout].join(" ");
    const facts = this.#facts;
    if (facts && key === this.#key) {
      for (const [from, to] of this.#stale) fillFacts(facts, store, from, to, what);
      this.#stale = [];
      return facts;
    }
    const made = newFacts(store.opened.length);
    fillFacts(made, store, store.first, store.rows, what);
    this.#facts = made;
    this.#key = key;
    this.#stale = [];
    return made;
  }
}
