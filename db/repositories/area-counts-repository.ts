import type { PostKind } from "../../data/model/staff.ts";
import type { Transaction } from "../driver.ts";
import { groupBy, indexBy } from "./params.ts";

/** What an area holds inside itself, itself not counted. */
export interface AreaCountsRow {
  readonly towns: number;
  readonly communities: number;
  readonly villages: number;
  readonly compounds: number;
  readonly grids: number;
  readonly urbanGrids: number;
  readonly ruralGrids: number;
  readonly microGrids: number;
  readonly buildings: number;
  readonly households: number;
  readonly owned: number;
  readonly expired: number;
  readonly unowned: number;
  readonly cameras: number;
  readonly camerasOnline: number;
}

/** What is counted beside the map itself, each from tables of its own: a role that may not read them asks without. */
export const COUNTED_PARTS = ["contracts", "buildings", "devices"] as const;
export type CountedPart = (typeof COUNTED_PARTS)[number];

type PartCounts = "owned" | "expired" | "unowned" | "buildings" | "households" | "cameras" | "camerasOnline";
/** Counts of an area; null for parts that were not asked for. */
export type VisibleCountsRow = Omit<AreaCountsRow, PartCounts> & {
  readonly [Name in PartCounts]: AreaCountsRow[Name] | null;
};

/** Everything inside `p.code` by its code, for a column of a tenant table. */
const inside = (column: string): string =>
  `${column} >= p.code COLLATE "C" AND ${column} < (p.code || '~') COLLATE "C"`;

/**
 * The same for many parents at once: each code meets the areas that it lies in by equality, which the database joins by
 * hash. With a range each of a county's 270 upper areas would be held against each of its codes.
 */
export const insideParents = (column: string): string =>
  `JOIN (VALUES (6), (9), (12), (15), (18)) AS n(n) ON n.n <= length(${column})
         JOIN parent p ON p.code = left(${column}, n.n)`;

/**
 * Lowest grids of a county: micro-grids, and grids without micro-grids. `$1` county, `at` the instant's placeholder.
 * Each carries the state of its contract: the closest level (itself or an ancestor) with a contract that holds is the
 * owner; `expired` when there is only one that has ended.
 */
export const lowestGridsSql = (at: string): string => `SELECT v.code,
    CASE WHEN bool_or(r.valid @> ${at}::timestamptz) THEN 'owned'
         WHEN bool_or(upper(r.valid) <= ${at}::timestamptz) THEN 'expired' ELSE 'unowned' END AS status,
    (array_agg(r.organisation_id ORDER BY r.valid @> ${at}::timestamptz DESC, length(path.code) DESC, lower(r.valid) DESC)
      FILTER (WHERE lower(r.valid) <= ${at}::timestamptz OR lower_inf(r.valid)))[1] AS organisation_id
  FROM area_version v
  LEFT JOIN area_version m ON m.county = $1 AND m.level = 'micro' AND left(m.code, 15) = v.code
    AND m.valid_from <= ${at}::timestamptz AND m.valid_to > ${at}::timestamptz
  CROSS JOIN LATERAL unnest(ARRAY[left(v.code, 6), left(v.code, 9), left(v.code, 12), left(v.code, 15),
    CASE WHEN v.level = 'micro' THEN v.code END]) AS path(code)
  LEFT JOIN (SELECT a.code, r.organisation_id, r.valid FROM organisation_role r
    JOIN area_version a ON a.county = $1 AND a.area_id = r.area_id AND a.valid_from <= ${at}::timestamptz AND a.valid_to > ${at}::timestamptz
    WHERE r.county = $1 AND r.role = 'responsible') r ON r.code = path.code
  WHERE v.county = $1 AND v.valid_from <= ${at}::timestamptz AND v.valid_to > ${at}::timestamptz
    AND (v.level = 'micro' OR (v.level = 'grid' AND m.code IS NULL))
  GROUP BY v.code`;

/** All counts of several areas in one statement. */
export const areaCounts = async (
  tx: Transaction,
  county: string,
  codes: readonly string[],
  at: string,
): Promise<Map<string, AreaCountsRow>> =>
  // With every part asked for, none is null.
  (await visibleAreaCounts(tx, county, codes, at, COUNTED_PARTS)) as Map<string, VisibleCountsRow & AreaCountsRow>;

/** Counts of several areas in one statement that names only the tables of the parts asked for. */
export async function visibleAreaCounts(
  tx: Transaction,
  county: string,
  codes: readonly string[],
  at: string,
  parts: readonly CountedPart[],
): Promise<Map<string, VisibleCountsRow>> {
  const when = (part: CountedPart, sql: string): string => (parts.includes(part) ? sql : "");
  const count = (part: CountedPart, sql: string, name: string): string =>
    parts.includes(part) ? `coalesce(${sql}, 0) AS ${name}` : `NULL::int AS ${name}`;
  const rows = await tx.rows<VisibleCountsRow & { code: string }>(
    `WITH parent AS MATERIALIZED (SELECT DISTINCT p.code FROM unnest($2::text[]) AS p(code)),
     areas AS (
       SELECT p.code,
         count(*) FILTER (WHERE v.level = 'town') AS towns,
         count(*) FILTER (WHERE v.level = 'community' AND v.kind = 'community') AS communities,
         count(*) FILTER (WHERE v.level = 'community' AND v.kind = 'village') AS villages,
         count(*) FILTER (WHERE v.level = 'grid') AS grids,
         count(*) FILTER (WHERE v.level = 'grid' AND v.urban) AS urban_grids,
         count(*) FILTER (WHERE v.level = 'grid' AND NOT v.urban) AS rural_grids,
         count(*) FILTER (WHERE v.level = 'micro') AS micro_grids
       FROM area_version v ${insideParents("v.code")}
       WHERE v.county = $1 AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz AND v.code <> p.code
       GROUP BY p.code),
     ${when(
       "contracts",
       `lowest AS MATERIALIZED (${lowestGridsSql("$3")}),
     ownership AS (
       SELECT p.code,
         count(*) FILTER (WHERE l.status = 'owned') AS owned,
         count(*) FILTER (WHERE l.status = 'expired') AS expired,
         count(*) FILTER (WHERE l.status = 'unowned') AS unowned
       FROM lowest l ${insideParents("l.code")} WHERE l.code <> p.code
       GROUP BY p.code),`,
     )}
     ${when(
       "buildings",
       `buildings AS (
       SELECT p.code, sum(s.buildings) AS buildings, sum(s.households) AS households
       FROM (SELECT b.scope_code, count(*) AS buildings, sum(b.households) AS households
         FROM building b WHERE b.county = $1 GROUP BY b.scope_code) s ${insideParents("s.scope_code")}
       GROUP BY p.code),`,
     )}
     ${when(
       "devices",
       `cameras AS (
       SELECT p.code, sum(s.cameras) AS cameras, sum(s.online) AS online
       FROM (SELECT coalesce(c.scope_code, $1) AS scope_code, count(*) AS cameras,
           count(*) FILTER (WHERE c.status = 'online') AS online
         FROM camera c WHERE c.county = $1 GROUP BY 1) s ${insideParents("s.scope_code")}
       GROUP BY p.code),`,
     )}
     compounds AS (
       SELECT q.code, count(DISTINCT q.id) AS compounds FROM (
         SELECT p.code, c.id FROM parent p JOIN compound c ON c.county = $1 AND c.kind = 'residential'
           AND ${inside("c.community_code")}
         UNION ALL
         SELECT p.code, gc.compound_id FROM parent p
         JOIN area_version v ON v.county = $1 AND ${inside("v.code")} AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz
         JOIN grid_compound gc ON gc.county = $1 AND gc.grid_id = v.area_id
         JOIN compound c ON c.county = $1 AND c.id = gc.compound_id AND c.kind = 'residential'
         WHERE length(p.code) > 12) q
       GROUP BY q.code)
     SELECT p.code, coalesce(a.towns, 0) AS towns, coalesce(a.communities, 0) AS communities,
       coalesce(a.villages, 0) AS villages, coalesce(a.grids, 0) AS grids, coalesce(a.urban_grids, 0) AS "urbanGrids",
       coalesce(a.rural_grids, 0) AS "ruralGrids", coalesce(a.micro_grids, 0) AS "microGrids",
       ${count("contracts", "o.owned", "owned")}, ${count("contracts", "o.expired", "expired")},
       ${count("contracts", "o.unowned", "unowned")}, ${count("buildings", "b.buildings", "buildings")},
       ${count("buildings", "b.households, self.households", "households")},
       ${count("devices", "c.cameras", "cameras")}, ${count("devices", "c.online", '"camerasOnline"')},
       coalesce(d.compounds, 0) AS compounds
     FROM parent p
     LEFT JOIN area_version self ON self.county = $1 AND self.code = p.code AND self.valid_from <= $3::timestamptz AND self.valid_to > $3::timestamptz
     LEFT JOIN areas a ON a.code = p.code ${when("contracts", "LEFT JOIN ownership o ON o.code = p.code")}
     ${when("buildings", "LEFT JOIN buildings b ON b.code = p.code")} ${when("devices", "LEFT JOIN cameras c ON c.code = p.code")}
     LEFT JOIN compounds d ON d.code = p.code`,
    [county, codes, at],
  );
  return indexBy(rows, (row) => row.code);
}

export interface StaffCountRow {
  readonly code: string;
  readonly kind: PostKind;
  readonly count: number;
}

/** Distinct members of staff in slot A by kind of post, over the posts of each area and of everything inside. */
export async function areaStaffCounts(
  tx: Transaction,
  county: string,
  codes: readonly string[],
  at: string,
): Promise<Map<string, StaffCountRow[]>> {
  const rows = await tx.rows<StaffCountRow>(
    `WITH parent AS MATERIALIZED (SELECT DISTINCT p.code FROM unnest($2::text[]) AS p(code)),
     holders AS MATERIALIZED (
       SELECT DISTINCT v.code, t.kind, h.staff_id
       FROM post_holder h
       JOIN post t ON t.county = $1 AND t.id = h.post_id
       JOIN post_area pa ON pa.county = $1 AND pa.post_id = h.post_id
       JOIN area_version v ON v.county = $1 AND v.area_id = pa.area_id AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz
       WHERE h.county = $1 AND h.slot = 'A' AND h.valid_from <= $3::timestamptz AND h.valid_to > $3::timestamptz)
     SELECT p.code, s.kind, count(DISTINCT s.staff_id)::int AS count
     FROM holders s ${insideParents("s.code")}
     GROUP BY p.code, s.kind ORDER BY p.code, s.kind`,
    [county, codes, at],
  );
  return groupBy(rows, (row) => row.code);
}
