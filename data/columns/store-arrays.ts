import { NULL_TIME } from "./format.ts";
import { HOLE, NO_GRID } from "./incident-columns.ts";

/** The arrays of a store, all of one length. Names are those of `IncidentColumns`. */
export interface StoreArrays {
  readonly lon: Int32Array;
  readonly lat: Int32Array;
  readonly opened: Int32Array;
  readonly closed: Int32Array;
  readonly due: Int32Array;
  readonly flags: Uint8Array;
  readonly classIndex: Uint16Array;
  readonly state: Uint8Array;
  readonly severity: Uint8Array;
  readonly source: Uint8Array;
  readonly grid: Uint32Array;
  readonly ref: Uint32Array;
}

export const STORE_COLUMNS = [
  "lon",
  "lat",
  "opened",
  "closed",
  "due",
  "flags",
  "classIndex",
  "state",
  "severity",
  "source",
  "grid",
  "ref",
] as const satisfies readonly (keyof StoreArrays)[];

/** Bytes that one row takes in the arrays of a store. */
export const ROW_BYTES = 34;

/** Arrays of holes that lie before every time. */
export const newArrays = (length: number): StoreArrays => ({
  lon: new Int32Array(length),
  lat: new Int32Array(length),
  opened: new Int32Array(length).fill(NULL_TIME),
  closed: new Int32Array(length),
  due: new Int32Array(length),
  flags: new Uint8Array(length),
  classIndex: new Uint16Array(length),
  state: new Uint8Array(length).fill(HOLE),
  severity: new Uint8Array(length),
  source: new Uint8Array(length),
  grid: new Uint32Array(length).fill(NO_GRID),
  ref: new Uint32Array(length),
});

/** Copies rows `[from, to)` of `source` to `target` at row `at`; both may be the same arrays. */
export function copyRows(source: StoreArrays, from: number, to: number, target: StoreArrays, at: number): void {
  for (const name of STORE_COLUMNS) {
    if (source === target) source[name].copyWithin(at, from, to);
    else target[name].set(source[name].subarray(from, to), at);
  }
}

/** Copies one row. */
export function copyRow(source: StoreArrays, from: number, target: StoreArrays, to: number): void {
  target.lon[to] = source.lon[from] as number;
  target.lat[to] = source.lat[from] as number;
  target.opened[to] = source.opened[from] as number;
  target.closed[to] = source.closed[from] as number;
  target.due[to] = source.due[from] as number;
  target.flags[to] = source.flags[from] as number;
  target.classIndex[to] = source.classIndex[from] as number;
  target.state[to] = source.state[from] as number;
  target.severity[to] = source.severity[from] as number;
  target.source[to] = source.source[from] as number;
  target.grid[to] = source.grid[from] as number;
  target.ref[to] = source.ref[from] as number;
}

/** Makes rows `[from, to)` holes that lie before every time: room in front. */
export function clearRows(arrays: StoreArrays, from: number, to: number): void {
  arrays.state.fill(HOLE, from, to);
  arrays.opened.fill(NULL_TIME, from, to);
  arrays.ref.fill(0, from, to);
  arrays.grid.fill(NO_GRID, from, to);
}
