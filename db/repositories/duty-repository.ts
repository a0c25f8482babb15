import type { DutyPost } from "../../data/model/duty.ts";
import type { Transaction } from "../driver.ts";

/** Days around the instant in which absences can shorten the current shift (a shift ends within two days). */
const ABSENCE_DAYS = 3;

/** Posts linked to the areas themselves. */
const SERVING = `SELECT v.code, pa.post_id, pa.lead FROM area_version v
       JOIN post_area pa ON pa.county = $1 AND pa.area_id = v.area_id
       WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid @> $3::timestamptz`;

/** Posts linked to the areas or to anything inside them, each once. */
const SERVING_INSIDE = `SELECT p.code, pa.post_id, bool_or(pa.lead) AS lead
       FROM (SELECT DISTINCT u.code FROM unnest($2::text[]) AS u(code)) p
       JOIN area_version v ON v.county = $1 AND v.code >= p.code COLLATE "C" AND v.code < (p.code || '~') COLLATE "C"
         AND v.valid @> $3::timestamptz
       JOIN post_area pa ON pa.county = $1 AND pa.area_id = v.area_id
       GROUP BY p.code, pa.post_id`;

/**
 * Posts that serve areas, with who holds them at an instant, their weekly shifts and the holders' absences around it:
 * all that `dutyAssignments` needs. By code of the area served.
 */
export const dutyPostsOfAreas = (tx: Transaction, county: string, codes: readonly string[], at: string) =>
  dutyPosts(tx, SERVING, county, codes, at);

/** The same for the posts of areas and of everything inside them. By code of the outer area. */
export const dutyPostsInside = (tx: Transaction, county: string, codes: readonly string[], at: string) =>
  dutyPosts(tx, SERVING_INSIDE, county, codes, at);

async function dutyPosts(
  tx: Transaction,
  served: string,
  county: string,
  codes: readonly string[],
  at: string,
): Promise<Map<string, DutyPost[]>> {
  const rows = await tx.rows<{ code: string; posts: DutyPost[] }>(
    `WITH served AS MATERIALIZED (
       ${served}),
     posts AS MATERIALIZED (SELECT DISTINCT post_id FROM served),
     away AS (
       SELECT x.staff_id, json_agg(json_build_object('from', lower(x.during), 'to', upper(x.during))
           ORDER BY lower(x.during)) AS list
       FROM staff_absence x
       WHERE x.county = $1 AND x.during && tstzrange($3::timestamptz, $3::timestamptz + interval '${ABSENCE_DAYS} days')
         AND x.staff_id IN (SELECT h.staff_id FROM post_holder h WHERE h.county = $1
           AND h.post_id IN (SELECT post_id FROM posts))
       GROUP BY x.staff_id),
     holders AS (
       SELECT h.post_id, json_agg(json_build_object('staffId', h.staff_id, 'slot', h.slot, 'to', upper(h.valid),
           'absences', coalesce(away.list, '[]')) ORDER BY h.slot, s.name_sort, h.staff_id) AS list
       FROM post_holder h
       JOIN duty_staff s ON s.county = $1 AND s.id = h.staff_id
       LEFT JOIN away ON away.staff_id = h.staff_id
       WHERE h.county = $1 AND h.post_id IN (SELECT post_id FROM posts) AND h.valid @> $3::timestamptz
       GROUP BY h.post_id),
     shifts AS (
       SELECT d.post_id, json_agg(json_build_object('slot', d.slot, 'weekdays', d.weekdays,
           'startMinute', d.start_minute, 'endMinute', d.end_minute) ORDER BY d.slot, d.start_minute, d.id) AS list
       FROM duty_shift d WHERE d.county = $1 AND d.post_id IN (SELECT post_id FROM posts)
       GROUP BY d.post_id)
     SELECT served.code, json_agg(json_build_object('postId', t.id, 'kind', t.kind, 'areaCode', served.code,
         'lead', served.lead, 'holders', coalesce(holders.list, '[]'), 'shifts', coalesce(shifts.list, '[]'))
         ORDER BY t.id) AS posts
     FROM served
     JOIN post t ON t.county = $1 AND t.id = served.post_id
     LEFT JOIN holders ON holders.post_id = t.id
     LEFT JOIN shifts ON shifts.post_id = t.id
     GROUP BY served.code`,
    [county, codes, at],
  );
  return new Map(rows.map((row) => [row.code, row.posts]));
}
