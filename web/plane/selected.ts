import type { Homes } from "../../data/columns/heat-field.ts";
import { FLAG, type IncidentColumns } from "../../data/columns/incident-columns.ts";
import { type ColumnFilter, selectRows } from "../../data/columns/select.ts";
import type { Filters } from "../app/view-state.ts";
import type { FigureInput } from "../panels/figure-input.ts";
import { zoneOf } from "../panels/zone.ts";
import type { RowFacts } from "./facts.ts";
import { type Sweep, sweep } from "./sweep.ts";

/** Code of a county: all its cases are inside, also those outside every area. */
const COUNTY_DIGITS = 6;

/** The filters of the page as a filter over columns of one county. What lies on default points is in every count. */
export const columnFilter = (filters: Filters, area: string): ColumnFilter => ({
  inside: area.length > COUNTY_DIGITS ? area : undefined,
  from: filters.from,
  to: filters.to,
  classes: filters.classes,
  states: filters.states,
  severities: filters.severities,
  sources: filters.sources,
  late: filters.late,
});

/** Rows that an area and the filters hold, all in order of `opened`; each list is made when it is first asked for. */
export interface Selected {
  /** With cases on default points: what every count is made of, whatever the switch says. */
  readonly counted: Uint32Array;
  /** Without them unless switched on: what points and heat are drawn from. */
  readonly shown: Uint32Array;
  /** Whether `shown` is with them. */
  readonly withSuspicious: boolean;
  /** `counted` without the time window. */
  readonly anyTime: Uint32Array;
  /** `counted` without the condition on lateness. */
  readonly lateOrNot: Uint32Array;
}

const lazy = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Rows that do not lie on default points. A loop: `filter` of typed arrays takes ten times as long. */
export function withoutSuspicious({ flags }: IncidentColumns, rows: Uint32Array): Uint32Array {
  const kept = new Uint32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (((flags[row] as number) & FLAG.suspicious) === 0) kept[count++] = row;
  }
  return count === rows.length ? rows : kept.subarray(0, count);
}

/** @param asOf instant to judge lateness at, epoch seconds */
export function selectedRows(columns: IncidentColumns, filters: Filters, area: string, asOf: number): Selected {
  const select = (filter: ColumnFilter) => selectRows(columns, filter, asOf);
  const filter = columnFilter(filters, area);
  const counted = lazy(() => select(filter));
  const shown = lazy(() => (filters.withSuspicious ? counted() : withoutSuspicious(columns, counted())));
  const windowed = filters.from !== undefined || filters.to !== undefined;
  const anyTime = lazy(() => (windowed ? select({ ...filter, from: undefined, to: undefined }) : counted()));
  const lateOrNot = lazy(() => (filters.late === undefined ? counted() : select({ ...filter, late: undefined })));
  return {
    withSuspicious: filters.withSuspicious,
    get counted() {
      return counted();
    },
    get shown() {
      return shown();
    },
    get anyTime() {
      return anyTime();
    },
    get lateOrNot() {
      return lateOrNot();
    },
  };
}

/** All that an answer may be made of. */
export interface AskContext {
  readonly columns: IncidentColumns;
  readonly selected: Selected;
  /** The same as figures take it. */
  readonly input: FigureInput;
  /** One pass over the rows that the filters leave when lateness is no condition. */
  readonly lateSweep: () => Sweep;
  /** Epoch seconds. */
  readonly asOf: number;
  /** IANA name of the county's zone. */
  readonly timezone: string;
  /** Opening times of the oldest and the newest case, loaded or not; undefined without cases. */
  readonly span: readonly [from: number, to: number] | undefined;
  /** What rates per household are a share of; undefined before it is here. */
  readonly homes: Homes | undefined;
  /** Row of a case by its number; -1 where there is none. */
  readonly rowOf: (ref: number) => number;
}

export interface AskInput extends Pick<AskContext, "columns" | "timezone" | "span" | "homes" | "rowOf"> {
  readonly facts: RowFacts;
  readonly filters: Filters;
  readonly area: string;
}

export function askContext({ filters, area, facts, ...given }: AskInput): AskContext {
  const { columns, timezone } = given;
  const { asOf } = columns;
  const selected = selectedRows(columns, filters, area, asOf);
  const swept = lazy(() => sweep(columns, selected.counted, facts));
  return {
    ...given,
    selected,
    lateSweep: () => (filters.late === undefined ? swept() : sweep(columns, selected.lateOrNot, facts)),
    asOf,
    input: {
      columns,
      get rows() {
        return selected.counted;
      },
      get sweep() {
        return swept();
      },
      asOf,
      from: filters.from,
      to: filters.to,
      zone: zoneOf(timezone),
    },
  };
}
