import type { HouseholdBasis } from "../../data/households/count.ts";
import type { AreaKind } from "../../data/model/area.ts";
import { type AreaLevel, codeRange } from "../../data/model/codes.ts";
import type { Geometry } from "../../data/model/geojson.ts";
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
