import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../model/incident.ts";
import { NULL_TIME } from "./format.ts";
import { INCIDENT_FIELDS, type IncidentColumns, type IncidentField, NO_GRID } from "./incident-columns.ts";

/** Columns that can be written as JSON: the number of a case first. */
export const JSON_COLUMNS: readonly IncidentField[] = ["ref", ...INCIDENT_FIELDS.filter((field) => field !== "ref")];
export type JsonColumn = IncidentField;

const TIMES: readonly JsonColumn[] = ["closed", "due"];
type Values = Int32Array | Uint8Array | Uint32Array;
/** Names of values that are the same for every county. */
const FIXED: Partial<Readonly<Record<JsonColumn, readonly string[]>>> = {
  state: INCIDENT_STATES,
  severity: INCIDENT_SEVERITIES,
  source: INCIDENT_SOURCES,
};

/** Values of a dictionary column as indexes of a dictionary of its own, which names what occurs and nothing else. */
function ownDictionary(
  values: Uint16Array | Uint32Array,
  rows: number,
  names: readonly string[],
): { readonly text: string; readonly used: readonly string[] } {
  const indexOf = new Int32Array(names.length).fill(-1);
  for (let i = 0; i < rows; i++) {
    const value = values[i] as number;
    if (value !== NO_GRID) indexOf[value] = 0;
  }
  const used: string[] = [];
  for (let i = 0; i < names.length; i++) if (indexOf[i] === 0) indexOf[i] = used.push(names[i] as string) - 1;
  const parts = new Array<number | string>(rows);
  for (let i = 0; i < rows; i++) {
    const value = values[i] as number;
    parts[i] = value === NO_GRID ? "null" : (indexOf[value] as number);
  }
  return { text: `[${parts.join(",")}]`, used };
}

function numbers(values: Values, rows: number, nullable: boolean): string {
  if (!nullable) return `[${values.subarray(0, rows).join(",")}]`;
  const parts = new Array<number | string>(rows);
  for (let i = 0; i < rows; i++) {
    const value = values[i] as number;
    parts[i] = value === NULL_TIME ? "null" : value;
  }
  return `[${parts.join(",")}]`;
}

/**
 * Cases as JSON text, a list per column: `{"asOf", "rows", "columns": {…}, "dictionaries": {…}}`. Units are those of
 * `IncidentColumns` (1e-7 degree, epoch seconds), absent times and places are null; `class` and `grid` index dictionaries
 * of the codes that occur, `state`, `severity` and `source` lists of the model's names.
 *
 * @param columns a table without holes: what a store holds is gathered first (`gather.ts`)
 */
export function incidentColumnsJson(columns: IncidentColumns, wanted: readonly JsonColumn[]): string {
  const { rows } = columns;
  const texts: string[] = [];
  const dictionaries: Record<string, readonly string[]> = {};
  for (const name of new Set(wanted)) {
    if (name === "class" || name === "grid") {
      const { text, used } =
        name === "class"
          ? ownDictionary(columns.classIndex, rows, columns.classes)
          : ownDictionary(columns.grid, rows, columns.grids);
      texts.push(`"${name}":${text}`);
      dictionaries[name] = used;
      continue;
    }
    const fixed = FIXED[name];
    if (fixed) dictionaries[name] = fixed;
    texts.push(`"${name}":${numbers(columns[name], rows, TIMES.includes(name))}`);
  }
  const head = `{"asOf":${columns.asOf},"rows":${rows}`;
  return `${head},"columns":{${texts.join(",")}},"dictionaries":${JSON.stringify(dictionaries)}}`;
}
