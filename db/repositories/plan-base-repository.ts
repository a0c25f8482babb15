import type { HouseholdBasis } from "../../data/households/count.ts";
import type { AreaKind } from "../../data/model/area.ts";
import { type AreaLevel, codeRange } from "../../data/model/codes.ts";
import type { LonLat, MultiPolygonRings } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";

/** What plans are drawn on. Every function sends one statement. */

/** A lowest area as bounded at an instant. */
export interface CellRow {
  readonly id: string;
  readonly versionId: string;
  readonly code: string;
  readonly level: AreaLevel;
  readonly kind: AreaKind;
  readonly name: string;
  readonly urban: boolean;
  readonly households: number | null;
  readonly householdsExact: boolean;
  readonly householdsBasis: HouseholdBasis;
  readonly householdsSource: string | null;
  readonly householdsDate: string | null;
  readonly sourceRef: string | null;
  readonly sourceCrs: string;
  /** Instant, or `-infinity`. */
  readonly validFrom: string;
  readonly geometry: { readonly coordinates: MultiPolygonRings };
}

const COLUMNS = `v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.urban, v.households,
  v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.households_source AS "householdsSource",
  v.households_date AS "householdsDate", v.source_ref AS "sourceRef", v.source_crs AS "sourceCrs", v.valid_from AS "validFrom",
  ST_AsGeoJSON(v.geom, 7)::json AS geometry`;

/** The lowest areas inside `$2 … $3` at `$4`, as `v`: nothing lies in them. The county itself is none. */
const LOWEST = `FROM area_version v
  WHERE v.county = $1 AND v.code >= $2 AND v.code < $3 AND v.level <> 'county'
    AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz
    AND NOT EXISTS (SELECT FROM area_version m WHERE m.county = $1 AND m.code > v.code AND m.code < (v.code || '~') COLLATE "C"
      AND m.valid_from <= $4::timestamptz AND m.valid_to > $4::timestamptz)`;

const range = (county: string, scope: string, at: string): string[] => {
  const { from, to } = codeRange(scope);
  return [county, from, to, at];
};

/** The lowest areas inside an area, by code, with their ground. */
export const planCells = (tx: Transaction, county: string, scope: string, at: string): Promise<CellRow[]> =>
  tx.rows<CellRow>(
    `SELECT ${COLUMNS}
     ${LOWEST} ORDER BY v.code`,
    range(county, scope, at),
  );

/** The same without their ground: `[area id, version id]` by code. */
export async function planCellVersions(
  tx: Transaction,
  county: string,
  scope: string,
  at: string,
): Promise<[string, string][]> {
  const rows = await tx.rows<{ id: string; versionId: string }>(
    `SELECT v.area_id AS id, v.id AS "versionId" ${LOWEST} ORDER BY v.code`,
    range(county, scope, at),
  );
  return rows.map(({ id, versionId }) => [id, versionId]);
}

/** Codes inside an area that some version had and none of now or later has. */
export async function retiredCodes(tx: Transaction, county: string, scope: string, at: string): Promise<string[]> {
  const rows = await tx.rows<{ code: string }>(
    `SELECT v.code FROM area_version v WHERE v.county = $1 AND v.code >= $2 AND v.code < $3
     GROUP BY v.code HAVING max(v.valid_to) <= $4::timestamptz ORDER BY v.code`,
    range(county, scope, at),
  );
  return rows.map(({ code }) => code);
}

export interface PlanCompoundRow {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly communityCode: string;
  readonly households: number;
  readonly householdsExact: boolean;
  readonly geometry: { readonly coordinates: MultiPolygonRings };
}

/** Compounds of the communities in an area; of a community's grid, those of the community. */
export const planCompounds = (tx: Transaction, county: string, scope: string): Promise<PlanCompoundRow[]> => {
  const { from, to } = codeRange(scope.slice(0, 12));
  return tx.rows<PlanCompoundRow>(
    `SELECT c.id, c.name, c.kind, c.community_code AS "communityCode", c.households, c.households_exact AS "householdsExact",
       ST_AsGeoJSON(c.geom, 7)::json AS geometry
     FROM compound c WHERE c.county = $1 AND c.community_code >= $2 AND c.community_code < $3
     ORDER BY c.community_code, c.name_sort, c.id`,
    [county, from, to],
  );
};

export interface PlanBuildingRow {
  readonly id: string;
  readonly scopeCode: string;
  readonly lon: number;
  readonly lat: number;
  readonly households: number;
  readonly exact: boolean;
  readonly compoundId: string | null;
}

/** Buildings inside an area, in order of their areas. */
export const planBuildings = (tx: Transaction, county: string, scope: string): Promise<PlanBuildingRow[]> => {
  const { from, to } = codeRange(scope);
  return tx.rows<PlanBuildingRow>(
    `SELECT b.id, b.scope_code AS "scopeCode", ST_X(b.label) AS lon, ST_Y(b.label) AS lat, b.households,
       b.households_exact AS exact, b.compound_id AS "compoundId"
     FROM building b WHERE b.county = $1 AND b.scope_code >= $2 AND b.scope_code < $3 ORDER BY b.scope_code, b.id`,
    [county, from, to],
  );
};

/** Members of staff of a lowest area or a grid inside an area at an instant, at the area's label point. */
export const planStaff = (
  tx: Transaction,
  county: string,
  scope: string,
  at: string,
): Promise<{ readonly lon: number; readonly lat: number; readonly staff: number }[]> =>
  tx.rows(
    `SELECT ST_X(v.label) AS lon, ST_Y(v.label) AS lat, count(DISTINCT h.staff_id)::int AS staff
     FROM area_version v
     JOIN post_area a ON a.county = $1 AND a.area_id = v.area_id
     JOIN post_holder h ON h.county = $1 AND h.post_id = a.post_id
       AND h.valid_from <= $4::timestamptz AND h.valid_to > $4::timestamptz
     WHERE v.county = $1 AND v.code >= $2 AND v.code < $3 AND v.level <> 'county'
       AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz
       AND (v.level = 'grid' OR NOT EXISTS (SELECT FROM area_version m
         WHERE m.county = $1 AND m.code > v.code AND m.code < (v.code || '~') COLLATE "C"
           AND m.valid_from <= $4::timestamptz AND m.valid_to > $4::timestamptz))
     GROUP BY v.code, v.label ORDER BY v.code`,
    range(county, scope, at),
  );

export interface PlanReferenceRow {
  readonly kind: string;
  readonly rank: string;
  readonly name: string | null;
  readonly geometry:
    | { readonly type: "LineString"; readonly coordinates: readonly LonLat[] }
    | { readonly type: "MultiLineString" | "Polygon"; readonly coordinates: readonly (readonly LonLat[])[] }
    | { readonly type: "MultiPolygon"; readonly coordinates: MultiPolygonRings }
    | { readonly type: "Point"; readonly coordinates: LonLat };
}

/** Roads, water, railways and street blocks whose box meets that of an area at an instant. */
export const planReference = (
  tx: Transaction,
  county: string,
  scope: string,
  at: string,
): Promise<PlanReferenceRow[]> =>
  tx.rows<PlanReferenceRow>(
    `SELECT f.kind, f.rank, f.name, ST_AsGeoJSON(f.geom, 7)::json AS geometry
     FROM area_version s
     JOIN context_feature f ON f.county = $1 AND f.kind = ANY($4::text[])
       AND f.west <= s.east AND f.east >= s.west AND f.south <= s.north AND f.north >= s.south
     WHERE s.county = $1 AND s.code = $2 AND s.valid_from <= $3::timestamptz AND s.valid_to > $3::timestamptz
     ORDER BY f.kind, f.rank, f.id`,
    [county, scope, at, ["road", "water", "rail", "block"]],
  );

/** The planned area and those inside it that have areas inside themselves, by code. */
export const areasAbove = (tx: Transaction, county: string, scope: string, at: string): Promise<CellRow[]> =>
  tx.rows<CellRow>(
    `SELECT ${COLUMNS}
     FROM area_version v
     WHERE v.county = $1 AND v.code >= $2 AND v.code < $3 AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz
       AND EXISTS (SELECT FROM area_version m WHERE m.county = $1 AND m.code > v.code AND m.code < (v.code || '~') COLLATE "C"
         AND m.valid_from <= $4::timestamptz AND m.valid_to > $4::timestamptz)
     ORDER BY v.code`,
    range(county, scope, at),
  );

/** Ground of the planned area itself. */
export async function planScope(
  tx: Transaction,
  county: string,
  scope: string,
  at: string,
): Promise<{ readonly coordinates: MultiPolygonRings } | undefined> {
  const rows = await tx.rows<{ geometry: { coordinates: MultiPolygonRings } }>(
    `SELECT ST_AsGeoJSON(v.geom, 7)::json AS geometry FROM area_version v
     WHERE v.county = $1 AND v.code = $2 AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz`,
    [county, scope, at],
  );
  return rows[0]?.geometry;
}

/** An instant after every boundary that is known, published ones to come included. */
export const LATEST = "9999-01-01T00:00:00.000Z";

/** The instant from which the latest boundaries of an area hold: now, or the date of the last publication to come. */
export async function latestBoundaries(tx: Transaction, county: string, scope: string, now: string): Promise<string> {
  const { from, to } = codeRange(scope);
  const rows = await tx.rows<{ at: string }>(
    `SELECT greatest(max(v.valid_from), $4::timestamptz) AS at FROM area_version v
     WHERE v.county = $1 AND v.code >= $2 AND v.code < $3 AND v.valid_from > $4::timestamptz`,
    [county, from, to, now],
  );
  return rows[0]?.at ?? now;
}

/** Versions of areas by their row ids, by code. */
export const cellsOfVersions = (tx: Transaction, county: string, versionIds: readonly string[]): Promise<CellRow[]> =>
  tx.rows<CellRow>(
    `SELECT ${COLUMNS} FROM area_version v WHERE v.county = $1 AND v.id = ANY($2::uuid[]) ORDER BY v.code`,
    [county, versionIds],
  );

/** Areas that had codes which no version of now or later has: an area may have its own code again. */
export const retiredHolders = (
  tx: Transaction,
  county: string,
  scope: string,
  at: string,
): Promise<{ readonly code: string; readonly areas: readonly string[] }[]> =>
  tx.rows(
    `SELECT v.code, json_agg(DISTINCT v.area_id) AS areas FROM area_version v
     WHERE v.county = $1 AND v.code >= $2 AND v.code < $3
     GROUP BY v.code HAVING max(v.valid_to) <= $4::timestamptz ORDER BY v.code`,
    range(county, scope, at),
  );
