import type { AreaLevel } from "../../data/model/codes.ts";
import type { CubeCell } from "../../data/policy/suppression.ts";
import type { Transaction } from "../driver.ts";
import { Params } from "./params.ts";

/** Cases of one base cell: a community, or the part of a town or county outside the smaller areas (code and `*`). */
export interface BaseCountRow {
  /** First day of the month in the county's zone, yyyy-mm-dd. */
  readonly month: string;
  readonly area: string;
  readonly major: string;
  readonly sensitive: boolean;
  readonly count: number;
}

/** A published cell with its month. */
export interface CubeCellRow extends CubeCell {
  /** yyyy-mm */
  readonly month: string;
  readonly major: string;
  readonly sensitive: boolean;
}

/** Cells of one month, as they are stored. */
export interface MonthCell extends CubeCellRow {
  /** First day of the month, yyyy-mm-dd. */
  readonly firstDay: string;
  /** ISO 8601 end of the last day that is counted. */
  readonly through: string;
  readonly frozen: boolean;
}

/** What the last refresh of a county counted. */
export interface StatisticRunRow {
  /** End of the last day that is counted, ISO 8601. */
  readonly through: string;
  readonly contentVersion: string;
}

/**
 * Counts of all base cells of a county up to an instant, in one pass over its cases. A case counts where it fell
 * (`grid_code_at`, which no change of a boundary touches), otherwise in its deepest area of today.
 *
 * @param from first instant to count, ISO 8601; null = from the beginning
 * @param to end, exclusive
 */
export const baseCounts = (
  tx: Transaction,
  county: string,
  timezone: string,
  from: string | null,
  to: string,
): Promise<BaseCountRow[]> =>
  tx.rows(
    `SELECT to_char(date_trunc('month', c.opened_at AT TIME ZONE $2::text), 'YYYY-MM-DD') AS month, c.area, c.major,
       c.sensitive, count(*)::int AS count
     FROM (SELECT i.opened_at, left(i.class_code, 2) AS major, i.sensitive,
         CASE WHEN length(coalesce(i.grid_code_at, i.scope_code)) >= 12 THEN left(coalesce(i.grid_code_at, i.scope_code), 12)
              ELSE coalesce(i.grid_code_at, i.scope_code, $1) || '*' END AS area
       FROM incident i
       WHERE i.county = $1 AND i.opened_at < $4::timestamptz AND ($3::timestamptz IS NULL OR i.opened_at >= $3::timestamptz)
     ) c
     GROUP BY 1, 2, 3, 4`,
    [county, timezone, from, to],
  );

/** Months (first days) and majors whose sensitive cells are frozen. */
export const frozenSensitive = (
  tx: Transaction,
  county: string,
): Promise<{ readonly month: string; readonly major: string }[]> =>
  tx.rows(
    `SELECT DISTINCT to_char(c.month, 'YYYY-MM-DD') AS month, c.major FROM incident_cube c
     WHERE c.county = $1 AND c.sensitive AND c.frozen`,
    [county],
  );

/**
 * Puts cells in the place of those before, from a month on. Frozen sensitive cells stay as they are, whatever is given.
 *
 * @param fromMonth first day of the first month that is replaced; null = all
 */
export async function replaceCells(
  tx: Transaction,
  county: string,
  fromMonth: string | null,
  cells: readonly MonthCell[],
): Promise<void> {
  await tx.execute(
    `DELETE FROM incident_cube WHERE county = $1 AND NOT (sensitive AND frozen)
       AND ($2::date IS NULL OR month >= $2::date)`,
    [county, fromMonth],
  );
  await tx.execute(
    `INSERT INTO incident_cube (county, month, area_code, major, sensitive, level, count, mark, through, frozen)
     SELECT $1, c.month, c.area, c.major, c.sensitive, c.level, c.count, c.mark, c.through, c.frozen
     FROM jsonb_to_recordset($2::jsonb) AS c(month date, area text, major text, sensitive boolean, level text,
       count integer, mark text, through timestamptz, frozen boolean)
     ON CONFLICT (county, month, area_code, major, sensitive) DO NOTHING`,
    [
      county,
      JSON.stringify(
        cells.map(({ firstDay, areaCode, major, sensitive, level, count, mark, through, frozen }) => ({
          month: firstDay,
          area: areaCode,
          major,
          sensitive,
          level,
          count,
          mark,
          through,
          frozen,
        })),
      ),
    ],
  );
}

/** Months that hold cells, yyyy-mm, oldest first. */
export async function cubeMonths(tx: Transaction, county: string): Promise<string[]> {
  const rows = await tx.rows<{ month: string }>(
    `SELECT DISTINCT to_char(c.month, 'YYYY-MM') AS month FROM incident_cube c WHERE c.county = $1 ORDER BY 1`,
    [county],
  );
  return rows.map(({ month }) => month);
}

export interface CubeFilter {
  /** Code of the area to look inside; the county's for all. */
  readonly inside: string;
  /** yyyy-mm */
  readonly months: readonly string[];
  readonly levels?: readonly AreaLevel[] | undefined;
}

/** Published cells by month, area and major. @param limit most rows */
export function cubeCells(tx: Transaction, county: string, filter: CubeFilter, limit: number): Promise<CubeCellRow[]> {
  const params = new Params();
  const conditions = [`c.county = ${params.add(county)}`];
  if (filter.inside !== county) {
    const inside = params.add(filter.inside);
    conditions.push(`c.area_code >= ${inside} AND c.area_code < (${inside}::text || '~') COLLATE "C"`);
  }
  conditions.push(`c.month = ANY (${params.add(filter.months.map((month) => `${month}-01`))}::date[])`);
  if (filter.levels) conditions.push(`c.level = ANY (${params.add(filter.levels)}::text[])`);
  return tx.rows(
    `SELECT c.area_code AS "areaCode", c.level, c.major, c.sensitive, to_char(c.month, 'YYYY-MM') AS month, c.count, c.mark
     FROM incident_cube c WHERE ${conditions.join(" AND ")}
     ORDER BY c.month, c.area_code, c.major, c.sensitive LIMIT ${params.add(limit)}::int`,
    params.values,
  );
}

/** The last refresh of a county; undefined before the first. */
export async function lastStatisticRun(tx: Transaction, county: string): Promise<StatisticRunRow | undefined> {
  const [row] = await tx.rows<StatisticRunRow>(
    `SELECT r.through, r.content_version::text AS "contentVersion" FROM statistic_run r WHERE r.county = $1`,
    [county],
  );
  return row;
}

/** Notes a refresh. @param at the clock, ISO 8601 */
export const recordStatisticRun = (
  tx: Transaction,
  county: string,
  run: StatisticRunRow,
  at: string,
): Promise<number> =>
  tx.execute(
    `INSERT INTO statistic_run (county, through, content_version, refreshed_at) VALUES ($1, $2, $3::bigint, $4)
     ON CONFLICT (county) DO UPDATE SET through = excluded.through, content_version = excluded.content_version,
       refreshed_at = excluded.refreshed_at`,
    [county, run.through, run.contentVersion, at],
  );

export interface StatisticCountyRow {
  readonly timezone: string;
  readonly contentVersion: string;
}

/** Zone and content of a county, locked until the transaction ends, so that two refreshes never run side by side. */
export async function lockCountyForStatistics(
  tx: Transaction,
  county: string,
): Promise<StatisticCountyRow | undefined> {
  await tx.execute("SELECT 1 FROM county_profile WHERE county = $1 FOR UPDATE", [county]);
  const [row] = await tx.rows<StatisticCountyRow>(
    `SELECT p.timezone, p.content_version::text AS "contentVersion" FROM county_profile p WHERE p.county = $1`,
    [county],
  );
  return row;
}
