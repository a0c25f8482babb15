import type { BoxIndex } from "../../data/columns/box-index.ts";
import type { CellGrid } from "../../data/columns/cell-counts.ts";
import type { ClassDays } from "../../data/columns/day-table.ts";
import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import type { ColumnFilter } from "../../data/columns/select.ts";
import type { TileCases } from "../../data/tiles/tile-cases.ts";

/** The cases of one county in memory, at one data version. A live view: read it before the next `await`. */
export interface HotCounty {
  readonly county: string;
  /** Data version that the columns are exact for, `content.live` (docs/data-plane.md). */
  readonly dataVersion: string;
  /** Epoch seconds: every case opened at or after it is in, none before; -Infinity where all are. */
  readonly from: number;
  /**
   * Every case from `from` on, whoever may see it: cut it by `incidentCut` before anything leaves. Classes and grids are
   * all codes of the county. Slots that are holes (`HOLE`) hold no case.
   */
  readonly columns: IncidentColumns;
  /** Row of a case by its number; -1 where there is none. */
  rowOf(ref: number): number;
  /** Adds the cases of a filter in each cell of a grid to counts, as `countCells` does. */
  addHeat(filter: ColumnFilter, asOf: number, grid: CellGrid, counts: Int32Array): void;
  /** Cases of a filter by class and day of a calendar. @param asOf instant to judge lateness at, epoch seconds */
  classDays(filter: ColumnFilter, asOf: number, timezone: string): ClassDays;
  /** Finds their rows in boxes. */
  readonly box: BoxIndex;
  /** Their cases by tile. */
  readonly tiles: TileCases;
  /**
   * When the cases were opened that changed after a live version (before and after the change), epoch seconds; undefined
   * where that is no longer known. What is derived from cases of other times is still exact.
   */
  touchedSince(liveVersion: number): readonly number[] | undefined;
  readonly liveVersion: number;
}

/** Cases held in memory beside the database. Whatever it does not have, SQL answers. */
export interface HotColumns {
  /** The county at exactly this data version; undefined where it is not loaded or at another one. */
  at(county: string, dataVersion: string): HotCounty | undefined;
  /**
   * The county at this data version or a later one of the same content, waiting for changes that are on their way; ask the
   * result for its own version. Asking is what has a county loaded.
   *
   * @param waitMs how long to wait at most
   * @returns undefined where it is not loaded, not of this process, or did not get there in time
   */
  settled(county: string, dataVersion: string, waitMs: number): Promise<HotCounty | undefined>;
}

/** Nothing in memory: SQL answers everything. */
export const NO_HOT: HotColumns = {
  at: () => undefined,
  settled: () => Promise.resolve(undefined),
};
