import type { IncidentStore } from "../../data/columns/store.ts";
import { dataVersion } from "../../data/model/data-version.ts";
import type { CaseChanges } from "../../db/repositories/hot-changes-repository.ts";
import type { HotCounty } from "./types.ts";

/** More rows out of order than this are sorted in: the tail is looked through row by row. */
const MAX_TAIL = 1024;

/** The cases of a county in memory, with the version that they are exact for. */
export class LoadedCounty implements HotCounty {
  readonly columns: IncidentStore;
  readonly contentVersion: string;
  readonly from: number;
  #liveVersion: number;
  #seq: number;

  constructor(columns: IncidentStore, contentVersion: string, liveVersion: number, seq: number, from: number) {
    this.columns = columns;
    this.contentVersion = contentVersion;
    this.from = from;
    this.#liveVersion = liveVersion;
    this.#seq = seq;
  }

  get county(): string {
    return this.columns.county;
  }

  get dataVersion(): string {
    return dataVersion({ contentVersion: this.contentVersion, liveVersion: String(this.#liveVersion) });
  }

  get liveVersion(): number {
    return this.#liveVersion;
  }

  /** End of the feed at that version. */
  get seq(): number {
    return this.#seq;
  }

  /**
   * Takes in what changed since its version.
   *
   * @returns false where only loading everything anew helps: throw it away then, it may hold half of the changes
   */
  apply(changes: CaseChanges): boolean {
    const passed = changes.liveVersion - this.#liveVersion;
    if (changes.contentVersion !== this.contentVersion || changes.bulk || passed < 0 || changes.versions !== passed)
      return false;
    for (const row of changes.rows) if (row.opened >= this.from && this.columns.upsert(row) === undefined) return false;
    for (const ref of changes.gone) this.columns.remove(ref);
    this.#liveVersion = changes.liveVersion;
    this.#seq = changes.seq;
    this.columns.version = this.dataVersion;
    if (this.columns.rows - this.columns.sorted > MAX_TAIL) this.columns.settle();
    return true;
  }
}
