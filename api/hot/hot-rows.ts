import { latticeBox } from "../../data/columns/lattice-box.ts";
import { type ColumnFilter, RowFilter, selectRows } from "../../data/columns/select.ts";
import { isInside } from "../../data/model/codes.ts";
import { ENDED_STATES, INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import type { IncidentCut } from "../../data/policy/incident-cut.ts";
import type { IncidentListFilter } from "../../db/repositories/incident-filter.ts";
import type { HotCounty } from "./types.ts";

const seconds = (instant: string | null | undefined): number | undefined =>
  instant == null ? undefined : Date.parse(instant) / 1000;
const isWhole = (value: number | undefined): boolean => value === undefined || Number.isInteger(value);
const indexes = <Value>(all: readonly Value[], some: readonly Value[] | null | undefined): number[] | undefined =>
  some?.map((value) => all.indexOf(value));

/**
 * A filter of cases within a viewer's cut, as columns take it, without its box; undefined where columns cannot say it
 * exactly: they carry whole seconds, and not whose a case is.
 */
export function columnFilter(filter: IncidentListFilter, cut: IncidentCut): ColumnFilter | undefined {
  const from = seconds(filter.from);
  const to = seconds(filter.to);
  if (!isWhole(from) || !isWhole(to)) return undefined;
  // Columns do not carry whose a case is, how far it has risen, nor any text.
  if (
    filter.words?.length ||
    filter.mine ||
    filter.postId ||
    filter.organisationId ||
    filter.inbox ||
    filter.escalation ||
    filter.paused != null
  )
    return undefined;
  const inside = isInside(filter.inside, cut.area) ? filter.inside : cut.area;
  if (!isInside(inside, filter.inside)) return undefined;
  const ended: readonly string[] = ENDED_STATES;
  const states =
    filter.states || filter.open != null
      ? INCIDENT_STATES.filter(
          (state) =>
            (filter.states?.includes(state) ?? true) && (filter.open == null || ended.includes(state) !== filter.open),
        )
      : undefined;
  const lists = {
    classes: filter.classes ?? undefined,
    states: indexes(INCIDENT_STATES, states),
    severities: indexes(INCIDENT_SEVERITIES, filter.severities),
    sources: indexes(INCIDENT_SOURCES, filter.sources),
  };
  return {
    inside,
    withoutSensitive: !cut.sensitive,
    withoutSuspicious: filter.withoutSuspicious ?? false,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(lists.classes ? { classes: lists.classes } : {}),
    ...(lists.states ? { states: lists.states } : {}),
    ...(lists.severities ? { severities: lists.severities } : {}),
    ...(lists.sources ? { sources: lists.sources } : {}),
    ...(filter.late == null ? {} : { late: filter.late }),
  };
}

/**
 * Rows in memory that a filter holds within a viewer's cut, in order of opening; undefined where memory cannot say it
 * exactly: then SQL does. Places and times are the true ones: whoever has `pointDays` gets `cellsBefore` of them.
 *
 * @param asOf instant to judge lateness at, epoch seconds
 */
export function hotRows(
  hot: HotCounty,
  filter: IncidentListFilter,
  cut: IncidentCut,
  asOf: number,
): Uint32Array | undefined {
  const wanted = columnFilter(filter, cut);
  if (!wanted) return undefined;
  if (filter.refs && !filter.bbox) return refRows(hot, filter.refs, new RowFilter(hot.columns, wanted, asOf));
  if ((wanted.from ?? Number.NEGATIVE_INFINITY) < hot.from || filter.refs) return undefined;
  if (!filter.bbox) return selectRows(hot.columns, wanted, asOf);
  return hot.box.rows(latticeBox(filter.bbox), new RowFilter(hot.columns, wanted, asOf));
}

/** Rows of cases by their numbers, in order of opening; undefined where one is not in memory: it may be older than that. */
function refRows(hot: HotCounty, refs: readonly number[], test: RowFilter): Uint32Array | undefined {
  const rows = [...new Set(refs)].map((ref) => hot.rowOf(ref));
  if (hot.from !== Number.NEGATIVE_INFINITY && rows.includes(-1)) return undefined;
  const { opened } = hot.columns;
  return Uint32Array.from(rows.filter((row) => row >= 0 && test.holdsAnywhere(row))).sort(
    (a, b) => (opened[a] as number) - (opened[b] as number) || a - b,
  );
}
