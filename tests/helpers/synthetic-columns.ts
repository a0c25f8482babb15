import { NULL_TIME } from "../../data/columns/format.ts";
import { type IncidentColumns, NO_GRID } from "../../data/columns/incident-columns.ts";
import { levelOfCode } from "../../data/model/codes.ts";
import {
  INCIDENT_SEVERITIES,
  INCIDENT_SOURCES,
  INCIDENT_STATES,
  type IncidentSeverity,
  type IncidentSource,
  type IncidentState,
} from "../../data/model/incident.ts";
import type { AreaFeature } from "../../web/data/county-data.ts";
import type { FigureInput } from "../../web/panels/figure-input.ts";
import type { PanelInput } from "../../web/panels/types.ts";
import { zoneOf } from "../../web/panels/zone.ts";
import { fillFacts, newFacts, type RowFacts } from "../../web/plane/facts.ts";
import { sweep } from "../../web/plane/sweep.ts";

/** One case for a test; everything has a plain default. Times are epoch seconds. */
export interface SyntheticCase {
  readonly opened: number;
  readonly closed?: number;
  readonly due?: number;
  readonly flags?: number;
  readonly classCode?: string;
  readonly state?: IncidentState;
  readonly severity?: IncidentSeverity;
  readonly source?: IncidentSource;
  readonly grid?: string;
}

/** Columns of a few cases, sorted by the time they were opened; `ref` is 1000 + position in the given list. */
export function syntheticColumns(
  cases: readonly SyntheticCase[],
  grids: readonly string[],
  asOf: number,
): IncidentColumns {
  const sorted = cases.map((entry, index) => ({ ...entry, ref: 1000 + index })).sort((a, b) => a.opened - b.opened);
  const classes = [...new Set(sorted.map((entry) => entry.classCode ?? "06010"))].sort();
  const dictionary = [...grids].sort();
  return {
    rows: sorted.length,
    lon: new Int32Array(sorted.length),
    lat: new Int32Array(sorted.length),
    opened: Int32Array.from(sorted, (entry) => entry.opened),
    closed: Int32Array.from(sorted, (entry) => entry.closed ?? NULL_TIME),
    due: Int32Array.from(sorted, (entry) => entry.due ?? NULL_TIME),
    flags: Uint8Array.from(sorted, (entry) => entry.flags ?? 0),
    classIndex: Uint16Array.from(sorted, (entry) => classes.indexOf(entry.classCode ?? "06010")),
    state: Uint8Array.from(sorted, (entry) => INCIDENT_STATES.indexOf(entry.state ?? "handling")),
    severity: Uint8Array.from(sorted, (entry) => INCIDENT_SEVERITIES.indexOf(entry.severity ?? "normal")),
    source: Uint8Array.from(sorted, (entry) => INCIDENT_SOURCES.indexOf(entry.source ?? "patrol")),
    grid: Uint32Array.from(sorted, (entry) => (entry.grid ? dictionary.indexOf(entry.grid) : NO_GRID)),
    ref: Uint32Array.from(sorted, (entry) => entry.ref),
    classes,
    grids: dictionary,
    county: "140226",
    version: "test",
    asOf,
  };
}

/** An area without a shape. */
export function syntheticArea(code: string, owner: AreaFeature["owner"] = null): AreaFeature {
  return {
    code,
    id: `Area:140226:${code}`,
    name: `N${code.slice(-3)}`,
    level: levelOfCode(code) ?? "county",
    kind: "basic",
    urban: true,
    households: 100,
    householdsExact: true,
    areaM2: 1,
    label: [112.7, 40],
    owner,
    geometry: { type: "MultiPolygon", coordinates: [] },
  };
}

/** Input of figures over some rows, which are in order of `opened`. */
export function figureInput(columns: IncidentColumns, rows: Uint32Array, timezone: string): FigureInput {
  const zone = zoneOf(timezone);
  const { asOf } = columns;
  return {
    columns,
    rows,
    sweep: sweep(columns, rows, factsOf(columns, timezone)),
    asOf,
    from: undefined,
    to: undefined,
    zone,
  };
}

/** Facts of all rows of columns, as the worker keeps them. */
export function factsOf(columns: IncidentColumns, timezone: string): RowFacts {
  const facts = newFacts(columns.opened.length);
  fillFacts(facts, columns, columns.first ?? 0, columns.rows, { zone: zoneOf(timezone), asOf: columns.asOf });
  return facts;
}

/** Input of a panel and of its figures over all rows; texts are their keys with their values. */
export function panelInput(
  columns: IncidentColumns,
  areas: readonly AreaFeature[] = [],
  more: Partial<PanelInput & FigureInput> = {},
): PanelInput & FigureInput {
  const rows = Uint32Array.from({ length: columns.rows }, (_, row) => row);
  return {
    ...figureInput(columns, rows, "Asia/Shanghai"),
    area: "140226",
    areas,
    t: (key, values) => (values ? `${key} ${JSON.stringify(values)}` : key),
    className: (code) => `class ${code}`,
    number: (value) => String(value),
    ...more,
  };
}
