import type { ColumnArray, ColumnTable } from "./format.ts";
import { INCIDENT_FIELDS, type IncidentColumns, type IncidentField, NO_GRID } from "./incident-columns.ts";

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

/** Indexes of rows into a dictionary, written over with those into a dictionary of the values in use alone. */
function compactIndexes(indexes: Uint16Array | Uint32Array, values: readonly string[], none?: number): string[] {
  const used = new Uint8Array(values.length);
  for (const index of indexes) if (index !== none) used[index] = 1;
  const dictionary = compact(values, used);
  for (let i = 0; i < indexes.length; i++)
    if (indexes[i] !== none) indexes[i] = dictionary.index[indexes[i] as number] as number;
  return [...dictionary.values];
}

const pickedLike = (array: ColumnArray, rows: Uint32Array): ColumnArray => {
  if (array instanceof Uint8Array) return picked(array, rows, new Uint8Array(rows.length));
  if (array instanceof Uint16Array) return picked(array, rows, new Uint16Array(rows.length));
  if (array instanceof Uint32Array) return picked(array, rows, new Uint32Array(rows.length));
  return picked(array, rows, new Int32Array(rows.length));
};

/**
 * A table of some rows, in the order given. Its dictionaries hold what these rows use and nothing else: what others use is
 * not told.
 *
 * @param fields the columns that are wanted; absent = all
 */
export function gatherTable(
  columns: IncidentColumns,
  rows: Uint32Array,
  { version, asOf }: { readonly version: string; readonly asOf: number },
  fields: readonly IncidentField[] = INCIDENT_FIELDS,
): ColumnTable {
  const n = rows.length;
  const dictionaries: { classes?: readonly string[]; grids?: readonly string[] } = {};
  const gathered: Record<string, ColumnArray> = {};
  for (const field of fields)
    if (field === "class") {
      const indexes = picked(columns.classIndex, rows, new Uint16Array(n));
      dictionaries.classes = compactIndexes(indexes, columns.classes);
      gathered[field] = indexes;
    } else if (field === "grid") {
      const indexes = picked(columns.grid, rows, new Uint32Array(n));
      dictionaries.grids = compactIndexes(indexes, columns.grids, NO_GRID);
      gathered[field] = indexes;
    } else gathered[field] = pickedLike(columns[field], rows);
  return { layer: "incidents", county: columns.county, rows: n, version, asOf, columns: gathered, dictionaries };
}

/** The same table with some of its columns, and the dictionaries that these need. */
export function withFields(table: ColumnTable, fields: readonly IncidentField[]): ColumnTable {
  const { classes, grids } = table.dictionaries;
  return {
    ...table,
    columns: Object.fromEntries(Object.entries(table.columns).filter(([name]) => fields.some((one) => one === name))),
    dictionaries: {
      ...(classes && fields.includes("class") ? { classes } : {}),
      ...(grids && fields.includes("grid") ? { grids } : {}),
    },
  };
}
