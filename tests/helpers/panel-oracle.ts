import type { Transaction } from "../../db/driver.ts";
import {
  type IncidentListFilter,
  type IncidentReading,
  incidentParts,
  OPEN_SQL,
  VALID_SQL,
} from "../../db/repositories/incident-filter.ts";
import { Params } from "../../db/repositories/params.ts";

/** Two numbers of a group: cases, and those of them that are late. */
export interface CountedGroup {
  readonly count: number;
  readonly late: number;
}

/** What SQL says that panels and lists of leaders show, from single cases. */
export interface PanelTruth {
  readonly figures: Readonly<Record<string, number>>;
  readonly clocks: Readonly<Record<string, number>>;
  readonly classes: Readonly<Record<string, CountedGroup>>;
  readonly states: Readonly<Record<string, number>>;
  readonly sources: Readonly<Record<string, number>>;
  /** Weekday (0 Monday) × 24 + hour. */
  readonly rhythm: Readonly<Record<string, number>>;
  /** By local day, `yyyy-mm-dd`. */
  readonly reported: Readonly<Record<string, number>>;
  readonly solved: Readonly<Record<string, number>>;
  /** By local day, whatever the time window. */
  readonly days: Readonly<Record<string, number>>;
  /** By code of an area, cases of its parts included: as the filters say, and late ones whatever they say of lateness. */
  readonly areas: Readonly<Record<string, number>>;
  readonly areasLate: Readonly<Record<string, number>>;
  /** Valid cases by code. */
  readonly ranking: Readonly<Record<string, CountedGroup>>;
  readonly leaders: Readonly<
    Record<string, { open: number; late: number; dueSoon: number; oldest: number; next: number }>
  >;
  /** Opening times of the newest ones, epoch seconds. */
  readonly newest: readonly number[];
}

const CLOCK_SQL = `CASE WHEN NOT open THEN NULL WHEN late THEN 'overdueOpen' WHEN state = 'on_hold' THEN 'paused'
  WHEN due_at IS NULL OR source_verdict IS NOT NULL THEN 'noClock'
  WHEN due_at < $AS_OF::timestamptz + interval '86401 seconds' THEN 'dueSoon' ELSE 'onTime' END`;

const grouped = (key: string, value: string, from: string): string =>
  `(SELECT coalesce(json_object_agg(key, value), '{}') FROM (SELECT ${key} AS key, ${value} AS value FROM ${from} GROUP BY 1) q)`;

/**
 * Counts cases of a viewer by plain SQL, under row-level security: what panels compute from columns must be equal to it.
 *
 * @param tx in the scope of the viewer
 * @param codes areas to count by
 */
export async function panelTruth(
  tx: Transaction,
  reading: IncidentReading,
  filter: IncidentListFilter,
  timezone: string,
  codes: readonly string[],
): Promise<PanelTruth> {
  const params = new Params();
  const zone = params.add(timezone);
  const areas = params.add(codes);
  const cases = (some: IncidentListFilter): string => {
    const { where, late } = incidentParts(reading, some, params);
    return `SELECT i.class_code, i.scope_code, i.state, i.source, i.suspicious, i.opened_at, i.closed_at, i.due_at,
      i.source_verdict, (${late}) AS late, ${OPEN_SQL} AS open, ${VALID_SQL} AS valid,
      (i.opened_at AT TIME ZONE ${zone}::text) AS opened_local, (i.closed_at AT TIME ZONE ${zone}::text) AS closed_local,
      i.state IN ('closed', 'evaluated') AS solved FROM incident i WHERE ${where}`;
  };
  const asOf = params.add(reading.asOf);
  const today = `(${asOf}::timestamptz AT TIME ZONE ${zone}::text)::date`;
  const within = (from: string, key: string) =>
    `unnest(${areas}::text[]) AS a(code) JOIN ${from} ON ${from}.scope_code >= a.code
       AND ${from}.scope_code < (a.code || '~') COLLATE "C"${key}`;
  const pair = "json_build_object('count', count(*), 'late', count(*) FILTER (WHERE late))";
  const due = "floor(extract(epoch FROM coalesce(due_at, opened_at)))";
  const rows = await tx.rows<{ truth: PanelTruth }>(
    `WITH f AS MATERIALIZED (SELECT *, ${CLOCK_SQL.replace("$AS_OF", asOf)} AS clock FROM (${cases(filter)}) c),
       anytime AS MATERIALIZED (${cases({ ...filter, from: undefined, to: undefined })}),
       lateornot AS MATERIALIZED (${cases({ ...filter, late: undefined })})
     SELECT json_build_object(
       'figures', (SELECT json_build_object('reported', count(*), 'valid', count(*) FILTER (WHERE valid),
          'solved', count(*) FILTER (WHERE solved), 'open', count(*) FILTER (WHERE open),
          'late', count(*) FILTER (WHERE late), 'suspicious', count(*) FILTER (WHERE suspicious),
          'clocked', count(*) FILTER (WHERE valid AND (late OR due_at IS NOT NULL)),
          'todayReported', count(*) FILTER (WHERE opened_local::date = ${today}),
          'todaySolved', count(*) FILTER (WHERE solved AND closed_local::date = ${today})) FROM f),
       'clocks', ${grouped("clock", "count(*)", "f WHERE open")},
       'classes', ${grouped("class_code", pair, "f")},
       'states', ${grouped("state", "count(*)", "f")},
       'sources', ${grouped("source", "count(*)", "f")},
       'rhythm', ${grouped("(extract(isodow FROM opened_local) - 1) * 24 + extract(hour FROM opened_local)", "count(*)", "f")},
       'reported', ${grouped("opened_local::date", "count(*)", "f")},
       'solved', ${grouped("closed_local::date", "count(*)", "f WHERE solved AND closed_at IS NOT NULL")},
       'days', ${grouped("opened_local::date", "count(*)", "anytime")},
       'areas', ${grouped("a.code", "count(*)", within("f", ""))},
       'areasLate', ${grouped("a.code", "count(*)", within("lateornot", " AND lateornot.late"))},
       'ranking', ${grouped("a.code", pair, within("f", " AND f.valid"))},
       'leaders', ${grouped(
         "a.code",
         `json_build_object('open', count(*), 'late', count(*) FILTER (WHERE late),
            'dueSoon', count(*) FILTER (WHERE clock = 'dueSoon'), 'oldest', min(${due}) FILTER (WHERE late),
            'next', min(${due}) FILTER (WHERE clock = 'dueSoon'))`,
         within("f", " AND f.open"),
       )},
       'newest', (SELECT coalesce(json_agg(opened), '[]') FROM (SELECT floor(extract(epoch FROM opened_at))::bigint AS opened
          FROM f ORDER BY opened_at DESC LIMIT 10) q)
     ) AS truth`,
    params.values,
  );
  if (!rows[0]) throw new Error("no answer");
  return rows[0].truth;
}
