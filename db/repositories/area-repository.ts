import { NEAR_BORDER_M } from "../../data/dispatch/candidate-owners.ts";
import type { HouseholdBasis } from "../../data/households/count.ts";
import type { AreaKind } from "../../data/model/area.ts";
import { type AreaLevel, codeRange } from "../../data/model/codes.ts";
import type { Geometry } from "../../data/model/geojson.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";
import { groupBy, indexBy, Params } from "./params.ts";

/** One version of an area. Lengths in metres, positions in degrees WGS 84, instants as ISO 8601 text. */
export interface AreaRow {
  readonly county: string;
  /** Id of the area; stays when its boundary changes. */
  readonly id: string;
  readonly versionId: string;
  readonly code: string;
  readonly level: AreaLevel;
  readonly kind: AreaKind;
  readonly name: string;
  readonly nameSort: string;
  readonly urban: boolean;
  readonly households: number | null;
  readonly householdsExact: boolean;
  readonly householdsBasis: HouseholdBasis;
  readonly areaM2: number;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly sourceRef: string | null;
  readonly lon: number;
  readonly lat: number;
  /** The instant that was asked for: what hangs on the area is read at it too. */
  readonly at: string;
}

export interface AreaListFilter {
  readonly inside: string;
  readonly levels?: readonly AreaLevel[] | null | undefined;
  readonly kinds?: readonly AreaKind[] | null | undefined;
  readonly at: string;
}

export type AreaOrder = "code" | "name";

/** Columns of a version `v`; `dated` adds the instant asked for. */
export const AREA_COLUMNS = `v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level,
  v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact",
  v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2",
  coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo",
  v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat`;

/** Rows of `AREA_COLUMNS` with the instant that they were read at. */
export const dated = <Row extends Omit<AreaRow, "at">>(rows: readonly Row[], at: string): (Row & { at: string })[] =>
  rows.map((row) => ({ ...row, at }));

type Undated = Omit<AreaRow, "at">;

/** Code of the parent of version `v`: codes are paths. */
const PARENT_CODE = `left(v.code, CASE v.level WHEN 'town' THEN 6 WHEN 'community' THEN 9 WHEN 'grid' THEN 12
  WHEN 'micro' THEN 15 ELSE 0 END)`;

/** Areas with the codes, as bounded at an instant. */
export async function areasByCode(
  tx: Transaction,
  county: string,
  codes: readonly string[],
  at: string,
): Promise<Map<string, AreaRow>> {
  const rows = await tx.rows<Undated>(
    `SELECT ${AREA_COLUMNS} FROM area_version v
     WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz`,
    [county, codes, at],
    "byKey",
  );
  return indexBy(dated(rows, at), (row) => row.code);
}

/** Areas that had codes which no area has at an instant, each as it was last bounded under its code. */
export async function areasOnceCoded(
  tx: Transaction,
  county: string,
  codes: readonly string[],
  at: string,
): Promise<Map<string, AreaRow>> {
  const rows = await tx.rows<Undated>(
    `SELECT DISTINCT ON (v.code) ${AREA_COLUMNS} FROM area_version v
     WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_to <= $3::timestamptz
     ORDER BY v.code, v.valid_to DESC`,
    [county, codes, at],
  );
  // The last moment at which it was so: ends are not within their spans.
  const last = (row: Undated): string => new Date(Date.parse(row.validTo ?? at) - 1).toISOString();
  return indexBy(
    rows.map((row) => ({ ...row, at: last(row) })),
    (row) => row.code,
  );
}

/** Areas with the ids, as bounded at an instant. */
export async function areasById(
  tx: Transaction,
  county: string,
  ids: readonly string[],
  at: string,
): Promise<Map<string, AreaRow>> {
  const rows = await tx.rows<Undated>(
    `SELECT ${AREA_COLUMNS} FROM area_version v
     WHERE v.county = $1 AND v.area_id = ANY($2::uuid[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz`,
    [county, ids, at],
  );
  return indexBy(dated(rows, at), (row) => row.id);
}

function areaConditions(params: Params, county: string, filter: AreaListFilter): string {
  const range = codeRange(filter.inside);
  const at = params.add(filter.at);
  const conditions = [
    `v.county = ${params.add(county)}`,
    `v.code >= ${params.add(range.from)} AND v.code < ${params.add(range.to)}`,
    `v.valid_from <= ${at}::timestamptz AND v.valid_to > ${at}::timestamptz`,
  ];
  if (filter.levels) conditions.push(`v.level = ANY(${params.add(filter.levels)}::text[])`);
  if (filter.kinds) conditions.push(`v.kind = ANY(${params.add(filter.kinds)}::text[])`);
  return conditions.join(" AND ");
}

/**
 * A page of areas.
 *
 * @param after sort key of the last row of the page before: `[code]` or `[nameSort, id]`
 * @param limit rows to read at most
 */
export async function listAreas(
  tx: Transaction,
  county: string,
  filter: AreaListFilter,
  order: AreaOrder,
  after: readonly string[] | undefined,
  limit: number,
): Promise<AreaRow[]> {
  const params = new Params();
  const where = areaConditions(params, county, filter);
  let keyset = "";
  if (after && order === "code") keyset = `AND v.code > ${params.add(after[0] ?? "")}`;
  if (after && order === "name")
    keyset = `AND (v.name_sort, v.area_id) > (${params.add(after[0] ?? "")}, ${params.add(after[1] ?? "")}::uuid)`;
  const orderBy = order === "code" ? "v.code" : "v.name_sort, v.area_id";
  const rows = await tx.rows<Undated>(
    `SELECT ${AREA_COLUMNS} FROM area_version v WHERE ${where} ${keyset}
     ORDER BY ${orderBy} LIMIT ${params.add(limit)}::int`,
    params.values,
  );
  return dated(rows, filter.at);
}

export async function countAreas(tx: Transaction, county: string, filter: AreaListFilter): Promise<number> {
  const params = new Params();
  const where = areaConditions(params, county, filter);
  const rows = await tx.rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM area_version v WHERE ${where}`,
    params.values,
  );
  return rows[0]?.count ?? 0;
}

/** The first `limit` children of each parent by code, after a code. */
export async function childAreas(
  tx: Transaction,
  county: string,
  parents: readonly string[],
  at: string,
  after: string,
  limit: number,
): Promise<Map<string, AreaRow[]>> {
  const rows = await tx.rows<Undated & { parent: string }>(
    `SELECT * FROM (
       SELECT ${AREA_COLUMNS}, p.code AS parent, row_number() OVER (PARTITION BY p.code ORDER BY v.code) AS place
       FROM unnest($2::text[]) AS p(code)
       JOIN area_version v ON v.county = $1 AND v.code > p.code COLLATE "C" AND v.code < (p.code || '~') COLLATE "C"
         AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz AND ${PARENT_CODE} = p.code AND v.code > $4
     ) c WHERE c.place <= $5::int ORDER BY c.parent, c.code`,
    [county, parents, at, after, limit],
  );
  return groupBy(dated(rows, at), (row) => row.parent);
}

/** How many children each parent has. */
export async function countChildAreas(
  tx: Transaction,
  county: string,
  parents: readonly string[],
  at: string,
): Promise<Map<string, number>> {
  const rows = await tx.rows<{ parent: string; count: number }>(
    `SELECT p.code AS parent, count(*)::int AS count
     FROM unnest($2::text[]) AS p(code)
     JOIN area_version v ON v.county = $1 AND v.code > p.code COLLATE "C" AND v.code < (p.code || '~') COLLATE "C"
       AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz AND ${PARENT_CODE} = p.code
     GROUP BY p.code`,
    [county, parents, at],
  );
  return new Map(rows.map((row) => [row.parent, row.count]));
}

/** Areas of the same level that share a piece of border (not only a corner) with each area, by code. */
export async function neighbourAreas(
  tx: Transaction,
  county: string,
  codes: readonly string[],
  at: string,
): Promise<Map<string, AreaRow[]>> {
  // DE-9IM: the boundaries meet in a line (position BB is 1-dimensional). The boxes are compared as plain numbers, which
  // an index serves under row-level security (data rule 7).
  const rows = await tx.rows<Undated & { of: string }>(
    `SELECT ${AREA_COLUMNS}, a.code AS of
     FROM area_version a
     JOIN area_version v ON v.county = $1 AND v.level = a.level AND v.code <> a.code
       AND v.west <= a.east AND v.east >= a.west AND v.south <= a.north AND v.north >= a.south
       AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz AND ST_Relate(a.geom, v.geom, '****1****')
     WHERE a.county = $1 AND a.code = ANY($2::text[]) AND a.valid_from <= $3::timestamptz AND a.valid_to > $3::timestamptz
     ORDER BY a.code, v.code`,
    [county, codes, at],
  );
  return groupBy(dated(rows, at), (row) => row.of);
}

/** Boundaries of versions as GeoJSON, seven decimals. */
export async function areaGeometries(
  tx: Transaction,
  county: string,
  versionIds: readonly string[],
): Promise<Map<string, Geometry>> {
  const rows = await tx.rows<{ id: string; geometry: Geometry }>(
    `SELECT v.id, ST_AsGeoJSON(v.geom, 7)::json AS geometry FROM area_version v
     WHERE v.county = $1 AND v.id = ANY($2::uuid[])`,
    [county, versionIds],
  );
  return new Map(rows.map((row) => [row.id, row.geometry]));
}

/** A lowest area around a point: nothing lies inside it. */
export interface AreaNearRow {
  readonly code: string;
  readonly level: AreaLevel;
  readonly geometry: { readonly coordinates: MultiPolygonRings };
}

export interface LocateRow {
  /** Deepest area that holds the point, the lowest code on a border; null outside every area. */
  readonly deepest: string | null;
  /** The point lies exactly on the line of a lowest area, and another holds it too. */
  readonly border: boolean;
  /** The lowest areas whose box comes within 5 m of the point: `candidateOwners` tells which of them do themselves. */
  readonly around: readonly AreaNearRow[];
}

/**
 * Who owns a point within a county. A point on a border belongs to the lowest code among the grids valid then; where
 * no grid holds it, to the deepest area that does.
 */
export async function locateInCounty(
  tx: Transaction,
  county: string,
  lon: number,
  lat: number,
  at: string,
): Promise<LocateRow> {
  // The box is widened by 5 m in degrees (with room for the latitude), so that most areas are told apart cheaply, by
  // plain numbers that an index serves under row-level security (data rule 7).
  const dy = NEAR_BORDER_M / 110_000;
  const dx = NEAR_BORDER_M / 111_000 / Math.max(Math.cos((lat * Math.PI) / 180), 0.01);
  const rows = await tx.rows<LocateRow>(
    `WITH q AS (SELECT ST_SetSRID(ST_MakePoint($2::float8, $3::float8), 4326) AS point),
     near AS (
       SELECT v.code, v.level, v.geom, ST_Covers(v.geom, q.point) AS holds, ST_Contains(v.geom, q.point) AS within,
         NOT EXISTS (
           SELECT 1 FROM area_version m WHERE m.county = $1 AND m.code > v.code
             AND m.code < (v.code || '~') COLLATE "C" AND m.valid_from <= $4::timestamptz AND m.valid_to > $4::timestamptz) AS lowest
       FROM area_version v, q
       WHERE v.county = $1 AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz
         AND v.west <= $6::float8 AND v.east >= $5::float8 AND v.south <= $8::float8 AND v.north >= $7::float8
     ),
     grid AS (SELECT min(code) AS code FROM near WHERE holds AND level = 'grid')
     SELECT coalesce(
         (SELECT min(n.code) FROM near n, grid g WHERE n.holds AND n.level = 'micro'
            AND (g.code IS NULL OR (n.code > g.code AND n.code < (g.code || '~') COLLATE "C"))),
         (SELECT code FROM grid),
         (SELECT n.code FROM near n WHERE n.holds ORDER BY length(n.code) DESC, n.code LIMIT 1)) AS deepest,
       (SELECT count(*) > 1 AND NOT bool_and(n.within) FROM near n WHERE n.lowest AND n.holds) AS border,
       coalesce((SELECT json_agg(json_build_object('code', n.code, 'level', n.level,
         'geometry', ST_AsGeoJSON(n.geom, 7)::json) ORDER BY n.code) FROM near n WHERE n.lowest), '[]') AS around`,
    [county, lon, lat, at, lon - dx, lon + dx, lat - dy, lat + dy],
    "byKey",
  );
  return rows[0] ?? { deepest: null, border: false, around: [] };
}
