import type { Bbox } from "../model/geometry.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../model/incident.ts";
import { NULL_TIME } from "./format.ts";
import { type IncidentColumns, NO_GRID } from "./incident-columns.ts";

/** Columns that can be written as JSON. */
export const JSON_COLUMNS = [
  "ref",
  "lon",
  "lat",
  "opened",
  "closed",
  "due",
  "flags",
  "class",
  "state",
  "severity",
  "source",
  "grid",
] as const;
export type JsonColumn = (typeof JSON_COLUMNS)[number];

const TIMES: readonly JsonColumn[] = ["closed", "due"];
const ARRAY_OF: Readonly<Record<JsonColumn, (columns: IncidentColumns) => ArrayLike<number>>> = {
  ref: ({ ref }) => ref,
  lon: ({ lon }) => lon,
  lat: ({ lat }) => lat,
  opened: ({ opened }) => opened,
  closed: ({ closed }) => closed,
  due: ({ due }) => due,
  flags: ({ flags }) => flags,
  class: ({ classIndex }) => classIndex,
  state: ({ state }) => state,
  severity: ({ severity }) => severity,
  source: ({ source }) => source,
  grid: ({ grid }) => grid,
};
/** Names of values that are the same for every county. */
const FIXED: Partial<Readonly<Record<JsonColumn, readonly string[]>>> = {
  state: INCIDENT_STATES,
  severity: INCIDENT_SEVERITIES,
  source: INCIDENT_SOURCES,
};

/** Rows of `rows` inside a box in degrees WGS 84, its border included. */
export function rowsInBox(columns: IncidentColumns, rows: Uint32Array, [west, south, east, north]: Bbox): Uint32Array {
  const { lon, lat } = columns;
  const found = new Uint32Array(rows.length);
  let count = 0;
  for (const row of rows) {
    // Divided as the database does: then a point on the border is the same number on both sides.
    const x = (lon[row] as number) / 1e7;
    const y = (lat[row] as number) / 1e7;
    if (x >= west && x <= east && y >= south && y <= north) found[count++] = row;
  }
  return found.subarray(0, count);
}

/** Values of a dictionary column as indexes of a dictionary of its own, which names what occurs and nothing else. */
function ownDictionary(
  values: ArrayLike<number>,
  rows: Uint32Array,
  names: readonly string[],
): { readonly text: string; readonly used: readonly string[] } {
  const indexOf = new Int32Array(names.length).fill(-1);
  for (const row of rows) {
    const value = values[row] as number;
    if (value !== NO_GRID) indexOf[value] = 0;
  }
  const used: string[] = [];
  for (let i = 0; i < names.length; i++) if (indexOf[i] === 0) indexOf[i] = used.push(names[i] as string) - 1;
  const parts = new Array<number | string>(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i] as number] as number;
    parts[i] = value === NO_GRID ? "null" : (indexOf[value] as number);
  }
  return { text: `[${parts.join(",")}]`, used };
}

function numbers(values: ArrayLike<number>, rows: Uint32Array, nullable: boolean): string {
  const parts = new Array<number | string>(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i] as number] as number;
    parts[i] = nullable && value === NULL_TIME ? "null" : value;
  }
  return `[${parts.join(",")}]`;
}

/**
 * Cases as JSON text, a list per column: `{"version", "asOf", "rows", "columns": {…}, "dictionaries": {…}}`. Units are those
 * of `IncidentColumns` (1e-7 degree, epoch seconds), absent times and places are null; `class` and `grid` index
 * dictionaries of the codes that occur, `state`, `severity` and `source` lists of the model's names.
 *
 * @param rows which rows, in the order in which they are written
 */
export function incidentColumnsJson(
  columns: IncidentColumns,
  rows: Uint32Array,
  wanted: readonly JsonColumn[],
  { version, asOf }: { readonly version: string; readonly asOf: number } = columns,
): string {
  const texts: string[] = [];
  const dictionaries: Record<string, readonly string[]> = {};
  for (const name of new Set(wanted)) {
    const values = ARRAY_OF[name](columns);
    if (name === "class" || name === "grid") {
      const { text, used } = ownDictionary(values, rows, name === "class" ? columns.classes : columns.grids);
      texts.push(`"${name}":${text}`);
      dictionaries[name] = used;
      continue;
    }
    const fixed = FIXED[name];
    if (fixed) dictionaries[name] = fixed;
    texts.push(`"${name}":${numbers(values, rows, TIMES.includes(name))}`);
  }
  const head = `{"version":${JSON.stringify(version)},"asOf":${asOf},"rows":${rows.length}`;
  return `${head},"columns":{${texts.join(",")}},"dictionaries":${JSON.stringify(dictionaries)}}`;
}
