import type { DutyHolder, DutyPost } from "../../data/model/duty.ts";
import type { PostKind } from "../../data/model/staff.ts";
import type { Transaction } from "../driver.ts";
import { groupBy } from "./params.ts";

/** Days around the instant in which absences can shorten the current shift (a shift ends within two days). */
const ABSENCE_DAYS = 3;

/** Posts linked to the areas themselves. */
const SERVING = `SELECT v.code, pa.post_id, pa.lead FROM area_version v
       JOIN post_area pa ON pa.county = $1 AND pa.area_id = v.area_id
       WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz`;

/** Posts linked to the areas or to anything inside them, each once. */
const SERVING_INSIDE = `SELECT p.code, pa.post_id, bool_or(pa.lead) AS lead
       FROM (SELECT DISTINCT u.code FROM unnest($2::text[]) AS u(code)) p
       JOIN area_version v ON v.county = $1 AND v.code >= p.code COLLATE "C" AND v.code < (p.code || '~') COLLATE "C"
         AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz
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

interface DutyParts {
  readonly served: readonly { code: string; postId: string; lead: boolean; kind: PostKind }[];
  readonly holders: readonly (Omit<DutyHolder, "absences"> & { postId: string })[];
  readonly absences: readonly { staffId: string; from: string; to: string }[];
  readonly shifts: readonly (DutyPost["shifts"][number] & { postId: string })[];
}

/**
 * The parts come side by side and are put together here: joined in SQL, the planner, which knows no size of what it has
 * just gathered, compared every post with every shift (minutes for a county of 3,000 posts).
 */
async function dutyPosts(
  tx: Transaction,
  serving: string,
  county: string,
  codes: readonly string[],
  at: string,
): Promise<Map<string, DutyPost[]>> {
  const [parts] = await tx.rows<DutyParts>(
    `WITH served AS MATERIALIZED (
       ${serving}),
     posts AS MATERIALIZED (SELECT DISTINCT post_id FROM served),
     holders AS MATERIALIZED (
       SELECT h.post_id, h.staff_id, h.slot, upper(h.valid) AS ends, s.name_sort FROM post_holder h
       JOIN duty_staff s ON s.county = $1 AND s.id = h.staff_id
       WHERE h.county = $1 AND h.post_id IN (SELECT post_id FROM posts) AND h.valid_from <= $3::timestamptz AND h.valid_to > $3::timestamptz)
     SELECT
       coalesce((SELECT json_agg(json_build_object('code', served.code, 'postId', t.id, 'lead', served.lead,
           'kind', t.kind) ORDER BY served.code, t.id)
         FROM served JOIN post t ON t.county = $1 AND t.id = served.post_id), '[]') AS served,
       coalesce((SELECT json_agg(json_build_object('postId', h.post_id, 'staffId', h.staff_id, 'slot', h.slot,
           'to', h.ends) ORDER BY h.slot, h.name_sort, h.staff_id) FROM holders h), '[]') AS holders,
       coalesce((SELECT json_agg(json_build_object('staffId', x.staff_id, 'from', lower(x.during),
           'to', upper(x.during)) ORDER BY lower(x.during))
         FROM staff_absence x
         WHERE x.county = $1
           AND x.during && tstzrange($3::timestamptz, $3::timestamptz + interval '${ABSENCE_DAYS} days')
           AND x.staff_id IN (SELECT staff_id FROM holders)), '[]') AS absences,
       coalesce((SELECT json_agg(json_build_object('postId', d.post_id, 'slot', d.slot, 'weekdays', d.weekdays,
           'startMinute', d.start_minute, 'endMinute', d.end_minute) ORDER BY d.slot, d.start_minute, d.id)
         FROM duty_shift d
         WHERE d.county = $1 AND d.post_id IN (SELECT post_id FROM posts)), '[]') AS shifts`,
    [county, codes, at],
  );
  if (!parts) return new Map();
  const absences = groupBy(parts.absences, ({ staffId }) => staffId);
  const holders = groupBy(parts.holders, ({ postId }) => postId);
  const shifts = groupBy(parts.shifts, ({ postId }) => postId);
  const posts = parts.served.map(({ code, postId, lead, kind }) => ({
    postId,
    kind,
    areaCode: code,
    lead,
    holders: (holders.get(postId) ?? []).map(({ staffId, slot, to }) => ({
      staffId,
      slot,
      to,
      absences: (absences.get(staffId) ?? []).map(({ from, to: until }) => ({ from, to: until })),
    })),
    shifts: (shifts.get(postId) ?? []).map(({ slot, weekdays, startMinute, endMinute }) => ({
      slot,
      weekdays,
      startMinute,
      endMinute,
    })),
  }));
  return groupBy(posts, ({ areaCode }) => areaCode);
}
