import type { Transaction } from "../driver.ts";
import { readsTable } from "../policy/seat-columns.ts";

export interface SearchHitRow {
  readonly kind: "AREA" | "ORGANISATION" | "STAFF";
  readonly id: string;
  readonly code: string | null;
  readonly name: string;
  readonly detail: string;
  readonly lon: number | null;
  readonly lat: number | null;
}

/**
 * How well a row matches, 0 best; null when it does not. `$2` the text as typed, `$3` lower case without spaces.
 * Exact, start of code or name, start of pinyin, start of its initials, anywhere in name or pinyin.
 */
const rank = (code: string, name: string, sort: string): string => `CASE
    WHEN ${code} = $2 OR ${name} = $2 THEN 0
    WHEN starts_with(${code}, $2) THEN 1
    WHEN starts_with(${name}, $2) THEN 2
    WHEN starts_with(replace(lower(${sort}), ' ', ''), $3) THEN 3
    WHEN starts_with(regexp_replace(lower(${sort}), '([^ ])[^ ]*( |$)', '\\1', 'g'), $3) THEN 4
    WHEN strpos(${name}, $2) > 0 THEN 5
    WHEN strpos(replace(lower(${sort}), ' ', ''), $3) > 0 THEN 6
    WHEN length($2) >= 3 AND strpos(${code}, $2) > 0 THEN 7 END`;

/** The first area that each unit or member of staff among the `best` serves. */
const SERVED_SQL = `SELECT b.id, min(v.code) AS code FROM best b
       JOIN organisation_role r ON r.county = $1 AND r.organisation_id = b.id AND r.valid_from <= $4::timestamptz AND r.valid_to > $4::timestamptz
       JOIN area_version v ON v.county = $1 AND v.area_id = r.area_id AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz
       WHERE b.kind = 'ORGANISATION' GROUP BY b.id
       UNION ALL
       SELECT b.id, min(v.code) FROM best b
       JOIN post_holder h ON h.county = $1 AND h.staff_id = b.id AND h.valid_from <= $4::timestamptz AND h.valid_to > $4::timestamptz
       JOIN post_area pa ON pa.county = $1 AND pa.post_id = h.post_id
       JOIN area_version v ON v.county = $1 AND v.area_id = pa.area_id AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz
       WHERE b.kind = 'STAFF' GROUP BY b.id`;

/**
 * Areas, units and staff whose code, name or pinyin starts with or contains the text; best first, areas before units
 * before people, higher levels first.
 */
export function searchCounty(
  tx: Transaction,
  county: string,
  text: string,
  at: string,
  limit: number,
): Promise<SearchHitRow[]> {
  const typed = text.trim();
  // `placed` is materialised: the planner takes coalesce() for leaky and would not look areas up by index under a policy.
  // Who may not read duty finds neither staff nor where a unit answers.
  const staff = readsTable(tx, "duty_staff");
  const when = (condition: boolean, sql: string): string => (condition ? sql : "");
  return tx.rows<SearchHitRow>(
    `WITH hit AS (
       SELECT 'AREA' AS kind, 0 AS kind_order, v.area_id AS id, v.code, v.name, v.name_sort, NULL::text AS title,
         ST_X(v.label) AS lon, ST_Y(v.label) AS lat, ${rank("v.code", "v.name", "v.name_sort")} AS rank
       FROM area_version v WHERE v.county = $1 AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz
       UNION ALL
       SELECT 'ORGANISATION', 1, o.id, NULL, o.name, o.name_sort, NULL, NULL, NULL,
         ${rank("coalesce(o.credit_code, '')", "o.name", "o.name_sort")}
       FROM organisation o WHERE o.county = $1
       ${when(
         staff,
         `UNION ALL
       SELECT 'STAFF', 2, s.id, NULL, s.name, s.name_sort, s.title, NULL, NULL, ${rank("''", "s.name", "s.name_sort")}
       FROM duty_staff s WHERE s.county = $1`,
       )}
     ),
     best AS MATERIALIZED (
       SELECT * FROM hit WHERE rank IS NOT NULL
       ORDER BY rank, kind_order, length(coalesce(code, '')), code COLLATE "C", name_sort COLLATE "C", id LIMIT $5::int),
     served AS (
       ${staff ? SERVED_SQL : "SELECT NULL::uuid AS id, NULL::text AS code WHERE false"}),
     placed AS MATERIALIZED (
       SELECT b.*, coalesce(b.code, s.code) AS place FROM best b LEFT JOIN served s ON s.id = b.id)
     SELECT p.kind, p.id, p.place AS code, p.name,
       concat_ws(' · ', p.title, (
         SELECT string_agg(a.name, ' / ' ORDER BY a.code) FROM area_version a
         WHERE a.county = $1 AND a.valid_from <= $4::timestamptz AND a.valid_to > $4::timestamptz
           AND a.code = ANY(ARRAY[left(p.place, 6), left(p.place, 9), left(p.place, 12), left(p.place, 15), p.place])
           AND (p.kind <> 'AREA' OR a.code <> p.place))) AS detail,
       coalesce(p.lon, ST_X(w.label)) AS lon, coalesce(p.lat, ST_Y(w.label)) AS lat
     FROM placed p
     LEFT JOIN area_version w ON w.county = $1 AND w.code = p.place AND w.valid_from <= $4::timestamptz AND w.valid_to > $4::timestamptz
     ORDER BY p.rank, p.kind_order, length(coalesce(p.code, '')), p.code COLLATE "C", p.name_sort COLLATE "C", p.id`,
    [county, typed, typed.toLowerCase().replaceAll(/\s+/g, ""), at, limit],
  );
}
