import type { LowerArea } from "../../data/editions/cascade-codes.ts";
import type { LeftOver } from "../../data/editions/edition-report.ts";
import type { OldArea } from "../../data/editions/proposal.ts";
import type { HouseholdBasis } from "../../data/households/count.ts";
import type { AreaKind } from "../../data/model/area.ts";
import { AREA_LEVELS, type AreaLevel } from "../../data/model/codes.ts";
import { userError } from "../../data/model/errors.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";

/** An area as it stands on the effective date, with what goes on where the file says nothing. */
export interface StandingArea extends OldArea {
  readonly kind: AreaKind;
  readonly urban: boolean;
  readonly households: number | null;
  readonly householdsExact: boolean;
  readonly householdsBasis: HouseholdBasis;
  readonly householdsSource: string | null;
  readonly householdsDate: string | null;
}

/** Areas of a level as they stand at an instant. */
export const standingAreas = (tx: Transaction, county: string, level: AreaLevel, at: string): Promise<StandingArea[]> =>
  tx.rows<StandingArea>(
    `SELECT v.area_id AS id, v.code, v.name, v.source_ref AS "sourceRef", v.kind, v.urban, v.households,
            v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis",
            v.households_source AS "householdsSource", v.households_date::text AS "householdsDate",
            ST_AsGeoJSON(v.geom, 7)::json -> 'coordinates' AS geometry
       FROM area_version v
      WHERE v.county = $1 AND v.level = $2 AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz
      ORDER BY v.code`,
    [county, level, at],
  );

export interface StandingLower extends LowerArea {
  readonly level: AreaLevel;
  readonly label: LonLat;
}

/** Everything below a level as it stands at an instant. */
export const standingBelow = (
  tx: Transaction,
  county: string,
  level: AreaLevel,
  at: string,
): Promise<StandingLower[]> =>
  tx.rows<StandingLower>(
    `SELECT v.area_id AS id, v.code, v.level, json_build_array(ST_X(v.label), ST_Y(v.label)) AS label
       FROM area_version v
      WHERE v.county = $1 AND v.level = ANY ($2::text[]) AND v.valid_from <= $3::timestamptz
        AND v.valid_to > $3::timestamptz ORDER BY v.code`,
    [county, AREA_LEVELS.slice(AREA_LEVELS.indexOf(level) + 1), at],
  );

/** Every code that a county has or had, with its level. */
export const everyCode = (
  tx: Transaction,
  county: string,
): Promise<{ readonly code: string; readonly level: AreaLevel }[]> =>
  tx.rows("SELECT DISTINCT v.code, v.level FROM area_version v WHERE v.county = $1 ORDER BY v.code", [county]);

/** @throws USER/CONFLICT where boundaries that begin after an instant are there: nothing goes before them */
export async function refuseLater(tx: Transaction, county: string, at: string, what: string): Promise<void> {
  const [later] = await tx.rows<{ code: string; from: string }>(
    `SELECT v.code, v.valid_from AS "from" FROM area_version v WHERE v.county = $1 AND v.valid_from > $2::timestamptz
      ORDER BY v.valid_from, v.code LIMIT 1`,
    [county, at],
  );
  if (!later) return;
  throw userError(`boundaries of ${later.code} begin at ${new Date(later.from).toISOString()}, after ${what}`, {
    code: "CONFLICT",
    at: "--effective",
    hint: "Take a date that is not before it, or undo that edition first: jingwei import list, jingwei import undo.",
  });
}

/** What hangs on areas that end: contracts, posts and roles that hold at the instant. */
export const hangingOn = (
  tx: Transaction,
  county: string,
  areaIds: readonly string[],
  at: string,
): Promise<(Omit<LeftOver, "code" | "name" | "successors"> & { readonly id: string })[]> =>
  tx.rows(
    `SELECT a.id,
            (SELECT count(*) FROM organisation_role r WHERE r.county = $1 AND r.area_id = a.id
                AND r.valid_from <= $3::timestamptz AND r.valid_to > $3::timestamptz) AS units,
            (SELECT count(*) FROM post_area p WHERE p.county = $1 AND p.area_id = a.id) AS posts,
            (SELECT count(*) FROM role_grant g WHERE g.county = $1 AND g.area_county = $1 AND g.area_id = a.id
                AND g.revoked_at IS NULL) AS accounts
       FROM area a WHERE a.county = $1 AND a.id = ANY ($2::uuid[])`,
    [county, areaIds, at],
  );
