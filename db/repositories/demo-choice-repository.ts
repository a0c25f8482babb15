import type { Transaction } from "../driver.ts";

/**
 * The area that has the most open cases, to give a demo account something to do; the lowest code where none is open.
 *
 * @param inside code that the area lies in
 * @param level level of the area: towns have 9 characters, grids 15
 * @param at instant of the areas, ISO 8601
 * @returns its id, code and name; undefined where there is no such area
 */
export async function busiestArea(
  tx: Transaction,
  county: string,
  inside: string,
  level: "town" | "grid",
  at: string,
): Promise<{ readonly areaId: string; readonly code: string; readonly name: string } | undefined> {
  const rows = await tx.rows<{ areaId: string; code: string; name: string }>(
    `SELECT v.area_id AS "areaId", v.code, v.name
     FROM area_version v LEFT JOIN (
       SELECT left(i.scope_code, $4::int) AS code, count(*) AS open FROM incident i
       WHERE i.county = $1 AND i.closed_at IS NULL AND i.scope_code >= $2 AND i.scope_code < $2 || '~' GROUP BY 1
     ) live ON live.code = v.code
     WHERE v.county = $1 AND v.level = $3 AND v.code >= $2 AND v.code < $2 || '~' AND v.valid_from <= $5::timestamptz AND v.valid_to > $5::timestamptz
     ORDER BY coalesce(live.open, 0) DESC, v.code LIMIT 1`,
    [county, inside, level, level === "town" ? 9 : 15, at],
  );
  return rows[0];
}
