import { AREA_LEVELS, codeRange, levelOfCode } from "../../data/model/codes.ts";
import type { Transaction } from "../driver.ts";
import { type IncidentListFilter, type IncidentReading, incidentParts, OPEN_SQL } from "./incident-filter.ts";
import type { Params } from "./params.ts";

export const STATS_DIMENSIONS = [
  "area",
  "area_as_fell",
  "class",
  "major",
  "state",
  "severity",
  "source",
  "day",
  "hour",
  "weekday",
] as const;
export type StatsDimension = (typeof STATS_DIMENSIONS)[number];

export interface StatsGroupRow {
  readonly key: readonly string[];
  readonly count: number;
  readonly open: number;
  readonly late: number;
}

/** Length of codes one level below an area code. */
const CODE_LENGTH = { county: 6, town: 9, community: 12, grid: 15, micro: 18 } as const;

/** Length of codes directly below an area; of a micro-grid, its own. */
export function childCodeLength(code: string): number {
  const level = levelOfCode(code) ?? "county";
  const child = AREA_LEVELS[AREA_LEVELS.indexOf(level) + 1] ?? "micro";
  return CODE_LENGTH[child];
}

/**
 * The deepest area of an incident as far as the parts of an area are counted: the grid that it fell in, which no publication
 * changes (DESIGN section 4, rule 3), so that figures of a past month stay as they are; where that grid is not known or does
 * not lie in the area, the area that holds it today.
 *
 * @param incident alias of a relation with `grid_code_at` and `scope_code`
 */
export function fellCode(params: Params, incident: string, inside: string): string {
  const [at, { from, to }] = [`${incident}.grid_code_at`, codeRange(inside)];
  return `CASE WHEN ${at} >= ${params.add(from)} AND ${at} < ${params.add(to)} AND length(${at}) >= ${childCodeLength(inside)}
    THEN ${at} ELSE ${incident}.scope_code END`;
}

function expression(dimension: StatsDimension, inside: string, timezone: string, fell: () => string): string {
  const child = (code: string): string =>
    // Incidents that lie in no child have an empty key.
    `CASE WHEN length(${code}) >= ${childCodeLength(inside)} THEN left(${code}, ${childCodeLength(inside)}) ELSE '' END`;
  const local = `(i.opened_at AT TIME ZONE ${timezone}::text)`;
  const expressions: Record<StatsDimension, string> = {
    area: child("i.scope_code"),
    area_as_fell: dimension === "area_as_fell" ? child(`(${fell()})`) : "",
    class: "i.class_code",
    major: "left(i.class_code, 2)",
    state: "i.state",
    severity: "i.severity",
    source: "i.source",
    day: `to_char(${local}, 'YYYY-MM-DD')`,
    hour: `extract(hour FROM ${local})::int`,
    weekday: `extract(isodow FROM ${local})::int`,
  };
  return expressions[dimension];
}

/**
 * Counts of incidents grouped by dimensions, sorted by their keys (hours and weekdays by number).
 *
 * @param timezone IANA zone of the county, for day, hour and weekday
 * @param limit groups to read at most
 */
export async function incidentStats(
  tx: Transaction,
  reading: IncidentReading,
  filter: IncidentListFilter,
  by: readonly StatsDimension[],
  timezone: string,
  limit: number,
): Promise<StatsGroupRow[]> {
  const { params, where, late } = incidentParts(reading, filter);
  const zone = params.add(timezone);
  const keys = by.map(
    (dimension, n) =>
      `${expression(dimension, filter.inside, zone, () => fellCode(params, "i", filter.inside))} AS k${n}`,
  );
  const names = by.map((_, n) => `k${n}`);
  const ordered = names.map((name, n) => (["hour", "weekday"].includes(by[n] ?? "") ? name : `${name} COLLATE "C"`));
  const select = keys.length > 0 ? `${keys.join(", ")},` : "";
  const rows = await tx.rows<StatsGroupRow>(
    `SELECT json_build_array(${names.map((name) => `${name}::text`).join(", ")}) AS key, count, open, late FROM (
       SELECT ${select} count(*)::int AS count, count(*) FILTER (WHERE ${OPEN_SQL})::int AS open,
         count(*) FILTER (WHERE ${late})::int AS late
       FROM incident i WHERE ${where} AND ${zone}::text IS NOT NULL
       ${names.length > 0 ? `GROUP BY ${names.join(", ")}` : ""}
     ) g ${ordered.length > 0 ? `ORDER BY ${ordered.join(", ")}` : ""} LIMIT ${params.add(limit)}::int`,
    params.values,
  );
  return rows;
}

export interface HeatCellRow {
  readonly lon: number;
  readonly lat: number;
  readonly count: number;
  /** Households of the buildings in the cell. */
  readonly households: number;
}

/** Mean metres of a degree of latitude, and of longitude at the equator (WGS 84). */
const METRES_PER_DEGREE = 111_320;

/**
 * Incidents counted in square cells that start at `origin`; a cell's edge is `cellM` metres at the origin's latitude.
 * Suspicious cases are never counted. Cells without incidents are absent.
 */
export function heatCells(
  tx: Transaction,
  reading: IncidentReading,
  filter: IncidentListFilter,
  cellM: number,
  origin: { readonly lon: number; readonly lat: number },
): Promise<HeatCellRow[]> {
  const { params, where } = incidentParts(reading, { ...filter, withoutSuspicious: true });
  const lon0 = `${params.add(origin.lon)}::float8`;
  const lat0 = `${params.add(origin.lat)}::float8`;
  const stepLat = `${params.add(cellM / METRES_PER_DEGREE)}::float8`;
  const stepLon = `${params.add(cellM / (METRES_PER_DEGREE * Math.cos((origin.lat * Math.PI) / 180)))}::float8`;
  const cell = (geometry: string) => `floor((ST_X(${geometry}) - ${lon0}) / ${stepLon})::int AS x,
    floor((ST_Y(${geometry}) - ${lat0}) / ${stepLat})::int AS y`;
  return tx.rows<HeatCellRow>(
    `WITH cases AS MATERIALIZED (
       SELECT x, y, count(*)::int AS count FROM (SELECT ${cell("i.geom")} FROM incident i WHERE ${where}) c GROUP BY x, y),
     homes AS MATERIALIZED (
       SELECT x, y, sum(households)::int AS households FROM (
         SELECT ${cell("b.label")}, b.households FROM building b WHERE b.county = $1) h GROUP BY x, y)
     SELECT ${lon0} + (c.x + 0.5) * ${stepLon} AS lon, ${lat0} + (c.y + 0.5) * ${stepLat} AS lat, c.count,
       coalesce(h.households, 0) AS households
     FROM cases c LEFT JOIN homes h ON h.x = c.x AND h.y = c.y ORDER BY c.y, c.x`,
    params.values,
  );
}
