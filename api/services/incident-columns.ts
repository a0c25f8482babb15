import { incidentColumnsJson, type JsonColumn, rowsInBox } from "../../data/columns/columns-json.ts";
import { FLAG, incidentColumns } from "../../data/columns/incident-columns.ts";
import { type ColumnFilter, selectRows } from "../../data/columns/select.ts";
import { isInside } from "../../data/model/codes.ts";
import { dataVersion } from "../../data/model/data-version.ts";
import { AppError } from "../../data/model/errors.ts";
import {
  ENDED_STATES,
  INCIDENT_SEVERITIES,
  INCIDENT_SOURCES,
  INCIDENT_STATES,
  type IncidentState,
} from "../../data/model/incident.ts";
import { incidentCut } from "../../data/policy/incident-cut.ts";
import { incidentColumnTable } from "../../db/repositories/columns-repository.ts";
import { inCounty, type RequestContext } from "../context.ts";
import type { HotCounty } from "../hot/types.ts";
import type { CheckedIncidentFilter } from "./incident-filter.ts";

/** Most cases in one answer: 20 MB of JSON. Whoever needs more takes the binary columns. */
const MAX_ROWS = 500_000;
/** How long changes on their way into memory are waited for before SQL answers, ms. */
const WAIT_MS = 50;

const isWholeSecond = (instant: string | null | undefined): boolean =>
  instant == null || Date.parse(instant) % 1000 === 0;
const seconds = (instant: string | null | undefined): number | undefined =>
  instant == null ? undefined : Math.floor(Date.parse(instant) / 1000);
const indexes = <Value>(all: readonly Value[], some: readonly Value[] | null | undefined): number[] | undefined =>
  some?.map((value) => all.indexOf(value));

/** The narrower of two areas of which one lies in the other; undefined where they hold nothing together. */
function narrower(a: string, b: string): string | undefined {
  if (isInside(a, b)) return a;
  return isInside(b, a) ? b : undefined;
}

/** Rows in memory that the filter holds and the viewer may see; undefined where memory cannot say it exactly. */
function rowsInMemory(
  context: RequestContext,
  hot: HotCounty,
  { county, filter }: CheckedIncidentFilter,
): Uint32Array | undefined {
  const cut = incidentCut(context.viewer, county.county);
  if (!cut) return undefined;
  const area = narrower(filter.inside, cut.area);
  const from = seconds(filter.from);
  // Columns carry whole seconds, and only what was opened from `hot.from` on.
  if (area === undefined || !isWholeSecond(filter.from) || !isWholeSecond(filter.to)) return undefined;
  if (hot.from !== Number.NEGATIVE_INFINITY && (from === undefined || from < hot.from)) return undefined;
  const ended = (state: IncidentState): boolean => ENDED_STATES.some((one) => one === state);
  const states = INCIDENT_STATES.filter(
    (state) => (filter.states?.includes(state) ?? true) && (filter.open == null || ended(state) !== filter.open),
  );
  const conditions: ColumnFilter = {
    inside: area,
    from,
    to: seconds(filter.to),
    classes: filter.classes ?? undefined,
    states: filter.states || filter.open != null ? indexes(INCIDENT_STATES, states) : undefined,
    severities: indexes(INCIDENT_SEVERITIES, filter.severities),
    sources: indexes(INCIDENT_SOURCES, filter.sources),
    late: filter.late ?? undefined,
    withoutSuspicious: filter.withoutSuspicious ?? false,
  };
  const { columns } = hot;
  const found = selectRows(columns, conditions, Math.floor(Date.parse(county.asOf) / 1000));
  const inBox = filter.bbox ? rowsInBox(columns, found, filter.bbox) : found;
  return cut.sensitive ? inBox : inBox.filter((row) => ((columns.flags[row] as number) & FLAG.sensitive) === 0);
}

function requireFew(rows: number): void {
  if (rows <= MAX_ROWS) return;
  throw new AppError("USER", `more than ${MAX_ROWS} cases`, {
    code: "TOO_COMPLEX",
    at: "filter",
    hint: "Ask for a smaller box or a shorter time, or take /columns/incidents.",
  });
}

/**
 * Cases as JSON text in columns, oldest first: from memory where it holds exactly what the database holds now, otherwise
 * from SQL.
 *
 * @throws TOO_COMPLEX for more than `MAX_ROWS`
 */
export async function incidentColumnsText(
  context: RequestContext,
  checked: CheckedIncidentFilter,
  wanted: readonly JsonColumn[],
): Promise<string> {
  const { county, reading, filter } = checked;
  const version = dataVersion(county);
  const hot = context.hot.at(county.county, version) ?? (await context.hot.settled(county.county, version, WAIT_MS));
  const rows = hot && rowsInMemory(context, hot, checked);
  if (hot && rows) {
    requireFew(rows.length);
    const asOf = Math.floor(Date.parse(county.asOf) / 1000);
    return incidentColumnsJson(hot.columns, rows, wanted, { version: hot.dataVersion, asOf });
  }
  const table = await inCounty(context, county.county, (tx) => incidentColumnTable(tx, reading, filter, MAX_ROWS + 1));
  const columns = incidentColumns(table);
  requireFew(columns.rows);
  return incidentColumnsJson(
    columns,
    Uint32Array.from({ length: columns.rows }, (_, row) => row),
    wanted,
  );
}
