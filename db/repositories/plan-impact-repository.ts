import type { LonLat } from "../../data/model/geometry.ts";
import { ENDED_STATES } from "../../data/model/incident.ts";
import type { Transaction } from "../driver.ts";

/** What lies in areas that a plan changes, as far as the transaction's viewer sees it. */

/** Tables of things with a point, and what of them counts. */
const THINGS = {
  openIncidents: "incident t WHERE t.county = $1 AND t.scope_code = ANY($2::text[]) AND NOT t.state = ANY($3::text[])",
  cameras: "camera t WHERE t.county = $1 AND t.scope_code = ANY($2::text[]) AND $3::text[] IS NOT NULL",
  boards: "notice_board t WHERE t.county = $1 AND t.scope_code = ANY($2::text[]) AND $3::text[] IS NOT NULL",
} as const;

/** Points of the things of a kind in areas with the codes. */
export async function pointsInAreas(
  tx: Transaction,
  county: string,
  kind: keyof typeof THINGS,
  codes: readonly string[],
): Promise<LonLat[]> {
  const rows = await tx.rows<{ lon: number; lat: number }>(
    `SELECT ST_X(t.geom) AS lon, ST_Y(t.geom) AS lat FROM ${THINGS[kind]}`,
    [county, codes, ENDED_STATES],
  );
  return rows.map(({ lon, lat }): LonLat => [lon, lat]);
}

/** Units with a contract on areas at an instant, each once. */
export async function unitsOfAreas(
  tx: Transaction,
  county: string,
  areaIds: readonly string[],
  at: string,
): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT DISTINCT r.organisation_id AS id FROM organisation_role r
     WHERE r.county = $1 AND r.area_id = ANY($2::uuid[]) AND r.valid_from <= $3::timestamptz AND r.valid_to > $3::timestamptz
     ORDER BY 1`,
    [county, areaIds, at],
  );
  return rows.map(({ id }) => id);
}

/** Members of staff who hold a post that serves areas at an instant: each pair of area and person once. */
export const staffOfAreas = (
  tx: Transaction,
  county: string,
  areaIds: readonly string[],
  at: string,
): Promise<{ readonly areaId: string; readonly staffId: string }[]> =>
  tx.rows(
    `SELECT DISTINCT a.area_id AS "areaId", h.staff_id AS "staffId" FROM post_area a
     JOIN post_holder h ON h.county = $1 AND h.post_id = a.post_id AND h.valid_from <= $3::timestamptz AND h.valid_to > $3::timestamptz
     WHERE a.county = $1 AND a.area_id = ANY($2::uuid[]) ORDER BY 1, 2`,
    [county, areaIds, at],
  );

const countOf = (rows: readonly { readonly count: number }[]): number => rows[0]?.count ?? 0;

/** Notice boards in areas as their versions have them. */
export const boardsOfVersions = async (
  tx: Transaction,
  county: string,
  versionIds: readonly string[],
): Promise<number> =>
  countOf(
    await tx.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM area_version v
       JOIN notice_board b ON b.county = $1 AND b.scope_code = v.code
       WHERE v.county = $1 AND v.id = ANY($2::uuid[])`,
      [county, versionIds],
    ),
  );

/** Open cases in areas as their versions have them. */
export const openCasesOfVersions = async (
  tx: Transaction,
  county: string,
  versionIds: readonly string[],
): Promise<number> =>
  countOf(
    await tx.rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM area_version v
       JOIN incident i ON i.county = $1 AND i.scope_code = v.code AND NOT i.state = ANY($3::text[])
       WHERE v.county = $1 AND v.id = ANY($2::uuid[])`,
      [county, versionIds, ENDED_STATES],
    ),
  );
