import type { ColumnTable } from "./format.ts";
import { type IncidentColumns, NO_GRID } from "./incident-columns.ts";

const UNUSED = 0xffff_ffff;

/** Index in the list of used values by index in the whole list, and the used values in the same order. */
function compact(
  values: readonly string[],
  used: Uint8Array,
): { readonly values: string[]; readonly index: Uint32Array } {
  const kept: string[] = [];
  const index = new Uint32Array(values.length).fill(UNUSED);
  values.forEach((value, i) => {
    if (used[i]) index[i] = kept.push(value) - 1;
  });
  return { values: kept, index };
}

const picked = <A extends Int32Array | Uint32Array | Uint16Array | Uint8Array>(
  array: A,
  rows: Uint32Array,
  out: A,
): A => {
  for (let i = 0; i < rows.length; i++) out[i] = array[rows[i] as number] as number;
  return out;
};

/**
 * A table of some rows, in the order given. Its dictionaries hold what these rows use and nothing else: what others use is
 * not told.
 */
export function gatherTable(
  columns: IncidentColumns,
  rows: Uint32Array,
  { version, asOf }: { readonly version: string; readonly asOf: number },
): ColumnTable {
  const n = rows.length;
  const classIndex = picked(columns.classIndex, rows, new Uint16Array(n));
  const grid = picked(columns.grid, rows, new Uint32Array(n));
  const usedClasses = new Uint8Array(columns.classes.length);
  const usedGrids = new Uint8Array(columns.grids.length);
  for (let i = 0; i < n; i++) {
    usedClasses[classIndex[i] as number] = 1;
    if (grid[i] !== NO_GRID) usedGrids[grid[i] as number] = 1;
  }
  const classes = compact(columns.classes, usedClasses);
  const grids = compact(columns.grids, usedGrids);
  for (let i = 0; i < n; i++) {
    classIndex[i] = classes.index[classIndex[i] as number] as number;
    if (grid[i] !== NO_GRID) grid[i] = grids.index[grid[i] as number] as number;
  }
  return {
    layer: "incidents",
    county: columns.county,
    rows: n,
    version,
    asOf,
    columns: {
      lon: picked(columns.lon, rows, new Int32Array(n)),
      lat: picked(columns.lat, rows, new Int32Array(n)),
      opened: picked(columns.opened, rows, new Int32Array(n)),
      closed: picked(columns.closed, rows, new Int32Array(n)),
      due: picked(columns.due, rows, new Int32Array(n)),
      flags: picked(columns.flags, rows, new Uint8Array(n)),
      class: classIndex,
      state: picked(columns.state, rows, new Uint8Array(n)),
      severity: picked(columns.severity, rows, new Uint8Array(n)),
      source: picked(columns.source, rows, new Uint8Array(n)),
      grid,
      ref: picked(columns.ref, rows, new Uint32Array(n)),
    },
    dictionaries: { classes: classes.values, grids: grids.values },
  };
}
