import type { CameraNetwork } from "../../data/model/camera.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import type { Transaction } from "../driver.ts";
import { type AreaCountsRow, insideParents, type StaffCountRow } from "./area-counts-repository.ts";
import { indexBy } from "./params.ts";

/** Cameras of one network inside an area. */
export interface NetworkCountRow {
  readonly network: CameraNetwork;
  readonly count: number;
}

/** What an area holds, as published to those who do not see its records. */
export interface RollupCounts extends Omit<AreaCountsRow, "households"> {
  /** Null where a count of 1 to 4 households could be read or worked out from it. */
  readonly households: number | null;
  readonly staff: readonly Pick<StaffCountRow, "kind" | "count">[];
  readonly networks: readonly NetworkCountRow[];
}

/** Published counts of an area of county, town or community level. */
export interface AreaRollupRow extends RollupCounts {
  readonly code: string;
  readonly level: AreaLevel;
  /** Instant that they were counted at, ISO 8601. */
  readonly asOf: string;
}

type StoredRow = Pick<AreaRollupRow, "code" | "level" | "asOf"> & { readonly counts: RollupCounts };

/** Published counts of several areas in one statement, by code; grids and unknown codes have none. */
export async function areaRollups(
  tx: Transaction,
  county: string,
  codes: readonly string[],
): Promise<Map<string, AreaRollupRow>> {
  const rows = await tx.rows<StoredRow>(
    `SELECT r.code, r.level, r.as_of AS "asOf", r.counts FROM area_rollup r
     WHERE r.county = $1 AND r.code = ANY ($2::text[])`,
    [county, codes],
  );
  return indexBy(
    rows.map(({ code, level, asOf, counts }) => ({ code, level, asOf, ...counts })),
    (row) => row.code,
  );
}

/** Puts the roll-ups of a county in the place of those before. @param at instant of the counts, ISO 8601 */
export async function replaceRollups(
  tx: Transaction,
  county: string,
  at: string,
  rollups: readonly { readonly code: string; readonly level: AreaLevel; readonly counts: RollupCounts }[],
): Promise<void> {
  await tx.execute("DELETE FROM area_rollup WHERE county = $1", [county]);
  await tx.execute(
    `INSERT INTO area_rollup (county, code, level, as_of, counts)
     SELECT $1, r.code, r.level, $2::timestamptz, r.counts
     FROM jsonb_to_recordset($3::jsonb) AS r(code text, level text, counts jsonb)`,
    [county, at, JSON.stringify(rollups)],
  );
}

/** Cameras by network inside each area; those outside every area count for the county. */
export const networkCounts = (
  tx: Transaction,
  county: string,
  codes: readonly string[],
): Promise<(NetworkCountRow & { readonly code: string })[]> =>
  tx.rows(
    `WITH parent AS MATERIALIZED (SELECT DISTINCT p.code FROM unnest($2::text[]) AS p(code)),
     places AS MATERIALIZED (
       SELECT coalesce(c.scope_code, $1) AS code, c.network, count(*) AS cameras
       FROM camera c WHERE c.county = $1 GROUP BY 1, 2)
     SELECT p.code, s.network, sum(s.cameras)::int AS count
     FROM places s ${insideParents("s.code")}
     GROUP BY p.code, s.network ORDER BY p.code, s.network`,
    [county, codes],
  );

/** Codes of the areas of county, town and community level as bounded at an instant, with their levels. */
export const upperAreas = (
  tx: Transaction,
  county: string,
  at: string,
): Promise<{ readonly code: string; readonly level: AreaLevel }[]> =>
  tx.rows(
    `SELECT v.code, v.level FROM area_version v
     WHERE v.county = $1 AND v.level IN ('county', 'town', 'community') AND v.valid_from <= $2::timestamptz AND v.valid_to > $2::timestamptz ORDER BY v.code`,
    [county, at],
  );
