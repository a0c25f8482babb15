import type { HouseholdBasis } from "../../data/households/count.ts";
import type { AreaKind } from "../../data/model/area.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import type { LonLat, MultiPolygonRings } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";
import { multiPolygonEwkb, pointEwkb } from "../ewkb.ts";

/** An area that comes into being. */
export interface NewAreaRow {
  readonly id: string;
  readonly level: AreaLevel;
}

/** A version of an area that begins. Positions in degrees WGS 84, longitude first, on the lattice of 1e-7 degree. */
export interface NewVersionRow {
  readonly id: string;
  readonly areaId: string;
  readonly level: AreaLevel;
  readonly kind: AreaKind;
  readonly code: string;
  readonly name: string;
  readonly nameSort: string;
  readonly urban: boolean;
  readonly households: number | null;
  readonly householdsExact: boolean;
  readonly householdsBasis: HouseholdBasis;
  readonly householdsSource: string | null;
  /** yyyy-mm-dd */
  readonly householdsDate: string | null;
  readonly geometry: MultiPolygonRings;
  /** A point inside, for its label; the database takes one when it is null. */
  readonly label: LonLat | null;
  readonly sourceRef: string | null;
  readonly sourceCrs: string;
  readonly planId: string | null;
  /** What it came from, as `area_version.lineage` keeps it: `[{kind, from}]`. */
  readonly lineage: readonly Readonly<Record<string, unknown>>[];
}

/** Adds areas; their first versions follow. */
export const insertAreas = (tx: Transaction, county: string, areas: readonly NewAreaRow[]): Promise<number> =>
  tx.execute(
    `INSERT INTO area (county, id, level)
     SELECT $1, r.id, r.level FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, level text)`,
    [county, JSON.stringify(areas)],
  );

/** Takes away versions that begin at the very instant: they are replaced before they were ever yesterday's truth. */
export const dropVersionsAt = (
  tx: Transaction,
  county: string,
  areaIds: readonly string[],
  at: string,
): Promise<number> =>
  tx.execute(
    `DELETE FROM area_version v WHERE v.county = $1 AND v.area_id = ANY ($2::uuid[]) AND v.valid_from = $3::timestamptz`,
    [county, areaIds, at],
  );

/**
 * Ends the versions of areas that hold at an instant, there (half-open: they held until it). Versions that begin at it or
 * later are left: see `dropVersionsAt`.
 *
 * @param at ISO 8601: 00:00 of a date in the county's zone
 * @returns how many were ended
 */
export const closeVersions = (
  tx: Transaction,
  county: string,
  areaIds: readonly string[],
  at: string,
): Promise<number> =>
  tx.execute(
    `UPDATE area_version v SET valid = tstzrange(lower(v.valid), $3::timestamptz, '[)')
      WHERE v.county = $1 AND v.area_id = ANY ($2::uuid[])
        AND v.valid_from < $3::timestamptz AND v.valid_to > $3::timestamptz`,
    [county, areaIds, at],
  );

/**
 * Begins versions at an instant, without an end. The versions before them must be closed (`closeVersions`), and areas that
 * are new be there (`insertAreas`): the table refuses two versions of an area, or of a code, at one time.
 *
 * @param at ISO 8601: 00:00 of a date in the county's zone
 */
export const openVersions = (
  tx: Transaction,
  county: string,
  versions: readonly NewVersionRow[],
  at: string,
): Promise<number> =>
  tx.execute(
    `INSERT INTO area_version (county, id, area_id, level, kind, code, name, name_sort, urban, households,
       households_exact, households_basis, households_source, households_date, valid, geom, label, area_m2, source_ref,
       source_crs, plan_id, lineage)
     SELECT $1, r."id", r."areaId", r."level", r."kind", r."code", r."name", r."nameSort", r."urban", r."households",
            r."householdsExact", r."householdsBasis", r."householdsSource", r."householdsDate",
            tstzrange($3::timestamptz, NULL, '[)'), g.geom,
            coalesce(r."label"::geometry, ST_SnapToGrid(ST_PointOnSurface(g.geom), 0.0000001)),
            ST_Area(g.geom::geography), r."sourceRef", r."sourceCrs", r."planId", r."lineage"
       FROM jsonb_to_recordset($2::jsonb) AS r("id" uuid, "areaId" uuid, "level" text, "kind" text, "code" text, "name" text,
              "nameSort" text, "urban" boolean, "households" integer, "householdsExact" boolean, "householdsBasis" text,
              "householdsSource" text, "householdsDate" date, "geometry" text, "label" text, "sourceRef" text,
              "sourceCrs" text, "planId" uuid, "lineage" jsonb)
      CROSS JOIN LATERAL (SELECT r."geometry"::geometry AS geom) g`,
    [
      county,
      JSON.stringify(
        versions.map((version) => ({
          ...version,
          geometry: multiPolygonEwkb(version.geometry),
          label: version.label && pointEwkb(version.label),
        })),
      ),
      at,
    ],
  );

/** An area that goes on as it was, but for its code. */
export interface RecodedVersion {
  /** Id of the new version. */
  readonly id: string;
  readonly areaId: string;
  readonly code: string;
  readonly lineage: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Begins versions of areas whose code alone is new, where their last ones end.
 *
 * @param at ISO 8601: where the versions before were closed
 */
export const recodeVersions = (
  tx: Transaction,
  county: string,
  versions: readonly RecodedVersion[],
  at: string,
): Promise<number> =>
  tx.execute(
    `INSERT INTO area_version (county, id, area_id, level, kind, code, name, name_sort, urban, households,
       households_exact, households_basis, households_source, households_date, valid, geom, label, area_m2, source_ref,
       source_crs, plan_id, lineage)
     SELECT $1, r."id", v.area_id, v.level, v.kind, r."code", v.name, v.name_sort, v.urban, v.households,
            v.households_exact, v.households_basis, v.households_source, v.households_date,
            tstzrange($3::timestamptz, NULL, '[)'), v.geom, v.label, v.area_m2, v.source_ref, v.source_crs, v.plan_id,
            r."lineage"
       FROM jsonb_to_recordset($2::jsonb) AS r("id" uuid, "areaId" uuid, "code" text, "lineage" jsonb)
       JOIN area_version v ON v.county = $1 AND v.area_id = r."areaId" AND v.valid_to = $3::timestamptz
      WHERE NOT EXISTS (SELECT 1 FROM area_version w WHERE w.county = $1 AND w.area_id = r."areaId"
                           AND w.valid_from = $3::timestamptz)`,
    [county, JSON.stringify(versions), at],
  );
