import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import { IncidentStore } from "../../data/columns/store.ts";
import type { ColumnsChange } from "./protocol.ts";

/** Rows out of order that may wait in the tail before they are sorted in: few, since every selection sorts them. */
const MAX_TAIL = 512;

/**
 * Makes a change. Worker and main thread call it with the same changes in the same order, so that row numbers agree.
 *
 * @param touched told of the rows `[from, to)` that may hold something else afterwards; not where the arrays are others
 * @returns the store after it (another one after `store`), or undefined where a code is unknown: all must be loaded anew
 */
export function applyChange(
  store: IncidentStore | undefined,
  change: ColumnsChange,
  touched: (from: number, to: number) => void = () => undefined,
): IncidentStore | undefined {
  if (change.kind === "store") return new IncidentStore(change.options);
  if (!store) return undefined;
  const { first, rows, layout } = store;
  if (change.kind === "slab") {
    if (!store.appendSlab(change.slab)) return undefined;
    // Put in front of what was there, or behind it; or in between, which moves rows.
    if (store.first < first) touched(store.first, first);
    if (store.rows > rows) touched(rows, store.rows);
    if (store.layout !== layout || (store.first === first && store.rows === rows)) touched(0, store.rows);
    return store;
  }
  const touch = (row: number): void => {
    if (row >= 0) touched(row, row + 1);
  };
  for (const ref of change.removes) {
    touch(store.rowOf(ref));
    store.remove(ref);
  }
  for (let i = 0; i < change.upserts.rows; i++) {
    // It may have left this row for another.
    touch(store.rowOf(change.upserts.ref[i] as number));
    const row = store.upsertFrom(change.upserts, i);
    if (row === undefined) return undefined;
    touch(row);
  }
  if (store.rows - store.sorted > MAX_TAIL) {
    const end = store.rows;
    touched(store.settle(), end);
  }
  return store;
}

/** A store as plain columns that are another object with every revision, over the same arrays. */
export const columnsOf = (store: IncidentStore): IncidentColumns => ({
  rows: store.rows,
  first: store.first,
  sorted: store.sorted,
  lon: store.lon,
  lat: store.lat,
  opened: store.opened,
  closed: store.closed,
  due: store.due,
  flags: store.flags,
  classIndex: store.classIndex,
  state: store.state,
  severity: store.severity,
  source: store.source,
  grid: store.grid,
  ref: store.ref,
  classes: store.classes,
  grids: store.grids,
  county: store.county,
  version: store.version,
  asOf: store.asOf,
});
