import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import { IncidentStore } from "../../data/columns/store.ts";
import type { ColumnsChange } from "./protocol.ts";

/** Rows out of order that may wait in the tail before they are sorted in: few, since every selection sorts them. */
const MAX_TAIL = 512;

/**
 * Makes a change. Worker and main thread call it with the same changes in the same order, so that row numbers agree.
 *
 * @returns the store after it (another one after `store`), or undefined where a code is unknown: all must be loaded anew
 */
export function applyChange(store: IncidentStore | undefined, change: ColumnsChange): IncidentStore | undefined {
  if (change.kind === "store") return new IncidentStore(change.options);
  if (!store) return undefined;
  if (change.kind === "slab") return store.appendSlab(change.slab) ? store : undefined;
  for (const ref of change.removes) store.remove(ref);
  for (let row = 0; row < change.upserts.rows; row++)
    if (store.upsertFrom(change.upserts, row) === undefined) return undefined;
  if (store.rows - store.sorted > MAX_TAIL) store.settle();
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
