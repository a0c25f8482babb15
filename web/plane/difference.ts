import { HOLE, type IncidentColumns, NO_GRID } from "../../data/columns/incident-columns.ts";
import type { IncidentStore } from "../../data/columns/store.ts";

/** What makes a store equal to a newer answer of the server. */
export interface Difference {
  readonly upserts: IncidentColumns;
  /** Numbers of cases that are gone. */
  readonly removes: readonly number[];
}

/** The given rows of columns, as columns of their own. */
export function pickRows(columns: IncidentColumns, rows: ArrayLike<number>): IncidentColumns {
  const pick = <T extends Int32Array | Uint32Array | Uint16Array | Uint8Array>(column: T): T => {
    const picked = new (column.constructor as new (length: number) => T)(rows.length);
    for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i] as number] as number;
    return picked;
  };
  return {
    rows: rows.length,
    lon: pick(columns.lon),
    lat: pick(columns.lat),
    opened: pick(columns.opened),
    closed: pick(columns.closed),
    due: pick(columns.due),
    flags: pick(columns.flags),
    classIndex: pick(columns.classIndex),
    state: pick(columns.state),
    severity: pick(columns.severity),
    source: pick(columns.source),
    grid: pick(columns.grid),
    ref: pick(columns.ref),
    classes: columns.classes,
    grids: columns.grids,
    county: columns.county,
    version: columns.version,
    asOf: columns.asOf,
  };
}

function isSame(store: IncidentStore, at: number, slab: IncidentColumns, row: number): boolean {
  const grid = slab.grid[row] as number;
  const held = store.grid[at] as number;
  return (
    store.state[at] === slab.state[row] &&
    store.flags[at] === slab.flags[row] &&
    store.closed[at] === slab.closed[row] &&
    store.due[at] === slab.due[row] &&
    store.opened[at] === slab.opened[row] &&
    store.severity[at] === slab.severity[row] &&
    store.source[at] === slab.source[row] &&
    store.lon[at] === slab.lon[row] &&
    store.lat[at] === slab.lat[row] &&
    store.classes[store.classIndex[at] as number] === slab.classes[slab.classIndex[row] as number] &&
    (grid === NO_GRID ? held === NO_GRID : held !== NO_GRID && store.grids[held] === slab.grids[grid])
  );
}

/**
 * Compares what a store holds of a window with a newer answer for it.
 *
 * @param from, to the window `[from, to)` by opening time, epoch seconds; null = open on that side
 * @returns undefined where rows have no number to be known by (a kiosk's cells): the window must be loaded anew
 */
export function differenceOf(
  store: IncidentStore,
  slab: IncidentColumns,
  from: number | null,
  to: number | null,
): Difference | undefined {
  const changed: number[] = [];
  const stays = new Set<number>();
  for (let row = slab.first ?? 0; row < slab.rows; row++) {
    if (slab.state[row] === HOLE) continue;
    const ref = slab.ref[row] as number;
    if (ref === 0) return undefined;
    const at = store.rowOf(ref);
    stays.add(ref);
    if (at < 0 || !isSame(store, at, slab, row)) changed.push(row);
  }
  const removes: number[] = [];
  for (let at = store.first; at < store.rows; at++) {
    if (store.state[at] === HOLE) continue;
    const opened = store.opened[at] as number;
    if ((from !== null && opened < from) || (to !== null && opened >= to)) continue;
    const ref = store.ref[at] as number;
    if (ref === 0) return undefined;
    if (!stays.has(ref)) removes.push(ref);
  }
  return { upserts: pickRows(slab, changed), removes };
}
