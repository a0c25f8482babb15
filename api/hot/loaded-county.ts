import { binByDay } from "../../data/columns/bin-by-day.ts";
import { BoxIndex } from "../../data/columns/box-index.ts";
import { type CellGrid, countCells } from "../../data/columns/cell-counts.ts";
import { type ClassDays, DayTable } from "../../data/columns/day-table.ts";
import { HeatCube } from "../../data/columns/heat-cube.ts";
import type { ColumnFilter } from "../../data/columns/select.ts";
import type { IncidentRow, IncidentStore } from "../../data/columns/store.ts";
import { dataVersion } from "../../data/model/data-version.ts";
import { TileCases } from "../../data/tiles/tile-cases.ts";
import type { CaseChanges } from "../../db/repositories/hot-changes-repository.ts";
import type { HotCounty } from "./types.ts";

/** More rows out of order than this are sorted in: the tail is looked through row by row. */
const MAX_TAIL = 1024;

/** Share of the cases' memory that copies of them by tile may take, and how much at least and at most, bytes. */
const TILES_SHARE = 1 / 2;
const TILES_BYTES = [2 * 1024 * 1024, 64 * 1024 * 1024] as const;

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
  readonly tiles: TileCases;
  /** Counts made ahead; undefined where there is no memory for them, or where they cannot hold what came. */
  #cube: HeatCube | undefined;
  #days: DayTable | undefined;
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
    const [least, most] = TILES_BYTES;
    const share = Math.min(most, Math.max(least, columns.bytes * TILES_SHARE));
    this.tiles = new TileCases(columns, this.box, share);
  }

  /** Bytes of the cases, of their copies by tile and of the counts made ahead. */
  get bytes(): number {
    return this.columns.bytes + this.spareBytes;
  }

  /** Bytes of what answers would only take longer without: what `forgetSpare` frees. */
  get spareBytes(): number {
    return this.aheadBytes + this.tiles.bytes;
  }

  /** Bytes of the counts made ahead. */
  get aheadBytes(): number {
    return (this.#cube?.bytes ?? 0) + (this.#days?.bytes ?? 0);
  }

  /** Zone of the table of days; undefined where there is none. */
  get timezone(): string | undefined {
    return this.#days?.timezone;
  }

  /** Counts ahead for heats, a slice a step: nothing may change meanwhile. Parameters are those of `HeatCube.build`. */
  *countAhead(maxBytes: number, minInterval?: number): Generator<void, void> {
    this.#cube = yield* HeatCube.build(this.columns, maxBytes, minInterval);
  }

  /** Gives the memory of counts and copies back: rows are counted and fetched from then on. */
  forgetSpare(): void {
    this.#cube = undefined;
    this.#days = undefined;
    this.tiles.clear();
  }

  addHeat(filter: ColumnFilter, asOf: number, grid: CellGrid, counts: Int32Array): void {
    if (!this.#cube?.addTo(counts, filter, asOf, grid)) countCells(this.columns, filter, asOf, grid, counts, 1);
  }

  classDays(filter: ColumnFilter, asOf: number, timezone: string): ClassDays {
    if (this.#days?.timezone !== timezone) this.#days = new DayTable(this.columns, timezone);
    return this.#days.count(filter, asOf) ?? countClassDays(this.columns, filter, asOf, timezone);
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
      this.tiles.changed(row.ref, this.columns.lon[before] as number, this.columns.lat[before] as number);
      this.#cube?.take(before);
      this.#days?.take(before);
    }
    this.#touches.push({ liveVersion, opened: row.opened });
    const at = this.columns.upsert(row);
    if (at === undefined) return false;
    this.box.changed(at);
    this.tiles.changed(row.ref, row.lon, row.lat);
    if (this.#cube?.put(at) === false) this.#cube = undefined;
    if (this.#days?.put(at) === false) this.#days = undefined;
    return true;
  }

  #take(ref: number, liveVersion: number): void {
    const at = this.columns.rowOf(ref);
    if (at < 0) return;
    this.#cube?.take(at);
    this.#days?.take(at);
    this.tiles.changed(ref, this.columns.lon[at] as number, this.columns.lat[at] as number);
    this.columns.remove(ref);
    this.#touches.push({ liveVersion, opened: this.columns.opened[at] as number });
    this.box.changed(at);
  }

  touchedSince(liveVersion: number): readonly number[] | undefined {
    if (liveVersion < this.#touchedFrom) return undefined;
    return this.#touches.filter((touch) => touch.liveVersion > liveVersion).map(({ opened }) => opened);
  }
}

/** Cases of a filter by class and day, counted row by row. */
export function countClassDays(
  columns: IncidentStore,
  filter: ColumnFilter,
  asOf: number,
  timezone: string,
): ClassDays {
  const kinds = columns.classes.length;
  const { days, counts } = binByDay(columns, filter, asOf, timezone, "class", kinds);
  const starts = days.subarray(0, Math.max(0, days.length - 1));
  const turned = new Int32Array(counts.length);
  for (let day = 0; day < starts.length; day++)
    for (let kind = 0; kind < kinds; kind++) turned[kind * starts.length + day] = counts[day * kinds + kind] as number;
  return { starts, counts: turned };
}
