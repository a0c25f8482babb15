import { useMemo } from "react";
import { FLAG, type IncidentColumns } from "../../data/columns/incident-columns.ts";
import { type ColumnFilter, selectRows } from "../../data/columns/select.ts";
import { type Filters, useView } from "../app/view-state.ts";
import { useCountyData } from "./county-store.ts";

/** Rows of the county's incident columns that the area and the filters hold. */
export interface Selection {
  /** Row numbers in order of `opened`, of cases that have a place: what points and heat are drawn from. */
  readonly rows: Uint32Array;
  /** The same with cases on default points: what every count is made of, whatever the switch says. */
  readonly counted: Uint32Array;
  /** Instant that lateness is judged at, epoch seconds: the county's as-of. */
  readonly asOf: number;
}

const NO_ROWS = new Uint32Array(0);
const NONE: Selection = { rows: NO_ROWS, counted: NO_ROWS, asOf: 0 };

/** The filters of the page as a filter over columns. */
export const columnFilter = (filters: Filters, area: string): ColumnFilter => ({
  inside: area || undefined,
  from: filters.from,
  to: filters.to,
  classes: filters.classes,
  states: filters.states,
  sources: filters.sources,
  late: filters.late,
  withoutSuspicious: !filters.withSuspicious,
});

/** Selection over given columns, for tests and for code outside React. */
export function selectionOf(columns: IncidentColumns | undefined, filters: Filters, area: string): Selection {
  if (!columns) return NONE;
  const counted = selectRows(columns, { ...columnFilter(filters, area), withoutSuspicious: false }, columns.asOf);
  const rows = filters.withSuspicious
    ? counted
    : counted.filter((row) => !((columns.flags[row] as number) & FLAG.suspicious));
  return { rows, counted, asOf: columns.asOf };
}

/**
 * The page's selection. Memoised: the same array until the columns, the area or a filter change. Filters run over the
 * columns already here; nothing is fetched.
 */
export function useSelection(): Selection {
  const columns = useCountyData((county) => county.incidents);
  const filters = useView((view) => view.filters);
  const area = useView((view) => view.area);
  return useMemo(() => selectionOf(columns, filters, area), [columns, filters, area]);
}

/** The selection without its time window: what the time slider draws its bars from. */
export function useSelectionOfAllTimes(): Selection {
  const columns = useCountyData((county) => county.incidents);
  const area = useView((view) => view.area);
  const filters = useView((view) => view.filters);
  const { classes, states, sources, late, withSuspicious } = filters;
  return useMemo(
    () => selectionOf(columns, { classes, states, sources, late, withSuspicious }, area),
    [columns, classes, states, sources, late, withSuspicious, area],
  );
}
