import type { HouseholdBasis } from "../../data/households/count.ts";
import type { CompoundKind } from "../../data/model/area.ts";
import type { Geometry } from "../../data/model/geojson.ts";
import type { Transaction } from "../driver.ts";
import { groupBy } from "./params.ts";

export interface CompoundRow {
  readonly county: string;
  readonly id: string;
  readonly communityCode: string;
  readonly kind: CompoundKind;
  readonly name: string;
  readonly nameSort: string;
  readonly households: number;
  readonly householdsExact: boolean;
  readonly householdsBasis: HouseholdBasis;
  /** Instant that the area above was asked for. */
  readonly at: string;
}

/** Compounds `c` in the area `p`: by community down to communities, by grid below. `$1` county, `$3` instant. */
const COMPOUND_IN_PARENT = `CASE WHEN length(p.code) <= 12
    THEN c.community_code >= p.code COLLATE "C" AND c.community_code < (p.code || '~') COLLATE "C"
    ELSE EXISTS (SELECT 1 FROM grid_compound gc
      JOIN area_version v ON v.county = $1 AND v.area_id = gc.grid_id AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz
      WHERE gc.county = $1 AND gc.compound_id = c.id
        AND v.code >= p.code COLLATE "C" AND v.code < (p.code || '~') COLLATE "C") END`;

/** The first `limit` compounds of each area by name, after `(nameSort, id)`. */
export async function compoundsOfAreas(
  tx: Transaction,
  county: string,
  codes: readonly string[],
  at: string,
  after: readonly [nameSort: string, id: string],
  limit: number,
): Promise<Map<string, CompoundRow[]>> {
  const rows = await tx.rows<Omit<CompoundRow, "at"> & { parent: string }>(
    `SELECT * FROM (
       SELECT c.county, c.id, c.community_code AS "communityCode", c.kind, c.name, c.name_sort AS "nameSort",
         c.households, c.households_exact AS "householdsExact", c.households_basis AS "householdsBasis", p.code AS parent,
         row_number() OVER (PARTITION BY p.code ORDER BY c.name_sort, c.id) AS place
       FROM unnest($2::text[]) AS p(code)
       JOIN compound c ON c.county = $1 AND ${COMPOUND_IN_PARENT}
       WHERE (c.name_sort, c.id) > ($4, $5::uuid) AND $3::timestamptz IS NOT NULL
     ) q WHERE q.place <= $6::int ORDER BY q.parent, q.place`,
    [county, codes, at, after[0], after[1], limit],
  );
  return groupBy(
    rows.map((row) => ({ ...row, at })),
    (row) => row.parent,
  );
}

export async function countCompoundsOfAreas(
  tx: Transaction,
  county: string,
  codes: readonly string[],
  at: string,
): Promise<Map<string, number>> {
  const rows = await tx.rows<{ parent: string; count: number }>(
    `SELECT p.code AS parent, count(*)::int AS count
     FROM unnest($2::text[]) AS p(code)
     JOIN compound c ON c.county = $1 AND ${COMPOUND_IN_PARENT}
     WHERE $3::timestamptz IS NOT NULL
     GROUP BY p.code`,
    [county, codes, at],
  );
  return new Map(rows.map((row) => [row.parent, row.count]));
}

export async function compoundGeometries(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, Geometry>> {
  const rows = await tx.rows<{ id: string; geometry: Geometry }>(
    `SELECT c.id, ST_AsGeoJSON(c.geom, 7)::json AS geometry FROM compound c
     WHERE c.county = $1 AND c.id = ANY($2::uuid[])`,
    [county, ids],
  );
  return new Map(rows.map((row) => [row.id, row.geometry]));
}

export interface CompoundShareRow {
  readonly compoundId: string;
  readonly gridId: string;
  readonly share: number;
}

/** The grids that each compound lies in. */
export async function compoundShares(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, CompoundShareRow[]>> {
  const rows = await tx.rows<CompoundShareRow>(
    `SELECT gc.compound_id AS "compoundId", gc.grid_id AS "gridId", gc.share FROM grid_compound gc
     WHERE gc.county = $1 AND gc.compound_id = ANY($2::uuid[]) ORDER BY gc.compound_id, gc.share DESC, gc.grid_id`,
    [county, ids],
  );
  return groupBy(rows, (row) => row.compoundId);
}
