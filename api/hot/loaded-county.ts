import { BoxIndex } from "../../data/columns/box-index.ts";
import type { IncidentRow, IncidentStore } from "../../data/columns/store.ts";
import { dataVersion } from "../../data/model/data-version.ts";
import type { CaseChanges } from "../../db/repositories/hot-changes-repository.ts";
import type { HotCounty } from "./types.ts";

/** More rows out of order than this are sorted in: the tail is looked through row by row. */
const MAX_TAIL = 1024;

/** Changes whose times are remembered. */
const MAX_TOUCHED = 20_000;

interface Touch {
  readonly liveVersion: number;
  readonly opened: number;
}

/** The cases of a county in memory, with the version that they are exact for. */
export class LoadedCounty implements HotCounty {
  readonly columns: IncidentStore;
  readonly contentVersion: string;
  readonly from: number;
  #liveVersion: number;
  #seq: number;
  readonly box: BoxIndex;
  #touches: Touch[] = [];
  /** Every change after this version is among the touches. */
  #touchedFrom: number;
  /** Versions that the last reading of changes brought. */
  lastLag = 0;

  constructor(columns: IncidentStore, contentVersion: string, liveVersion: number, seq: number, from: number) {
    this.columns = columns;
    this.contentVersion = contentVersion;
    this.from = from;
    this.#liveVersion = liveVersion;
    this.#seq = seq;
    this.#touchedFrom = liveVersion;
    this.box = new BoxIndex(columns);
  }

  rowOf(ref: number): number {
    return this.columns.rowOf(ref);
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
    for (const row of changes.rows) if (row.opened >= this.from && !this.#put(row, changes.liveVersion)) return false;
    for (const ref of changes.gone) this.#take(ref, changes.liveVersion);
    this.lastLag = passed;
    this.#liveVersion = changes.liveVersion;
    this.#seq = changes.seq;
    this.columns.version = this.dataVersion;
    if (this.columns.rows - this.columns.sorted > MAX_TAIL) this.box.movedFrom(this.columns.settle());
    const most = this.#touches.length - MAX_TOUCHED;
    if (most > 0) this.#touchedFrom = this.#touches.splice(0, most).at(-1)?.liveVersion ?? this.#touchedFrom;
    return true;
  }

  #put(row: IncidentRow, liveVersion: number): boolean {
    const before = this.columns.rowOf(row.ref);
    if (before >= 0) {
      this.#touches.push({ liveVersion, opened: this.columns.opened[before] as number });
      this.box.changed(before);
    }
    this.#touches.push({ liveVersion, opened: row.opened });
    const at = this.columns.upsert(row);
    if (at !== undefined) this.box.changed(at);
    return at !== undefined;
  }

  #take(ref: number, liveVersion: number): void {
    const at = this.columns.remove(ref);
    if (at < 0) return;
    this.#touches.push({ liveVersion, opened: this.columns.opened[at] as number });
    this.box.changed(at);
  }

  touchedSince(liveVersion: number): readonly number[] | undefined {
    if (liveVersion < this.#touchedFrom) return undefined;
    return this.#touches.filter((touch) => touch.liveVersion > liveVersion).map(({ opened }) => opened);
  }
}
