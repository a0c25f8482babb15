import type { Homes } from "../../data/columns/heat-field.ts";
import { FLAG, type IncidentColumns } from "../../data/columns/incident-columns.ts";
import { type ColumnFilter, selectRows } from "../../data/columns/select.ts";
import type { Filters } from "../app/view-state.ts";
import type { FigureInput } from "../panels/figure-input.ts";
import { zoneOf } from "../panels/zone.ts";

/** The filters of the page as a filter over columns. What lies on default points is in every count. */
export const columnFilter = (filters: Filters, area: string): ColumnFilter => ({
  inside: area || undefined,
  from: filters.from,
  to: filters.to,
  classes: filters.classes,
  states: filters.states,
  sources: filters.sources,
  late: filters.late,
});

/** Rows that an area and the filters hold, all in order of `opened`; each list is made when it is first asked for. */
export interface Selected {
  /** With cases on default points: what every count is made of, whatever the switch says. */
  readonly counted: Uint32Array;
  /** Without them unless switched on: what points and heat are drawn from. */
  readonly shown: Uint32Array;
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

/** @param asOf instant to judge lateness at, epoch seconds */
export function selectedRows(columns: IncidentColumns, filters: Filters, area: string, asOf: number): Selected {
  const select = (filter: ColumnFilter) => selectRows(columns, filter, asOf);
  const filter = columnFilter(filters, area);
  const counted = lazy(() => select(filter));
  const shown = lazy(() =>
    filters.withSuspicious
      ? counted()
      : counted().filter((row) => ((columns.flags[row] as number) & FLAG.suspicious) === 0),
  );
  const windowed = filters.from !== undefined || filters.to !== undefined;
  const anyTime = lazy(() => (windowed ? select({ ...filter, from: undefined, to: undefined }) : counted()));
  const lateOrNot = lazy(() => (filters.late === undefined ? counted() : select({ ...filter, late: undefined })));
  return {
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
  readonly filters: Filters;
  readonly area: string;
}

export function askContext({ filters, area, ...given }: AskInput): AskContext {
  const { columns, timezone } = given;
  const { asOf } = columns;
  const selected = selectedRows(columns, filters, area, asOf);
  return {
    ...given,
    selected,
    asOf,
    input: {
      columns,
      get rows() {
        return selected.counted;
      },
      asOf,
      from: filters.from,
      to: filters.to,
      zone: zoneOf(timezone),
    },
  };
}
