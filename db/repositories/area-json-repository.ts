import type { AreaLevel } from "../../data/model/codes.ts";
import { bugError } from "../../data/model/errors.ts";
import type { Param } from "../driver.ts";

/** A field of an answer: how it is called there, which it is, and its own fields where it has some. */
export interface JsonField {
  /** A GraphQL name (`[_A-Za-z][_0-9A-Za-z]*`): it stands in the statement as a literal. */
  readonly key: string;
  readonly field: string;
  readonly fields?: readonly JsonField[];
}

/** Which areas: strictly inside `inside` or itself, of levels below the county, as bounded at an instant. */
export interface AreaJsonQuery {
  readonly county: string;
  readonly inside: string;
  readonly levels: readonly AreaLevel[];
  readonly at: string;
  readonly limit: number;
}

interface Source {
  /** Joined as `LATERAL (…) name` when a field needs it. */
  readonly joins: Set<string>;
  readonly at: string;
}

const inside = (column: string): string =>
  `${column} >= v.code COLLATE "C" AND ${column} < (v.code || '~') COLLATE "C"`;

const JOINS: Readonly<Record<string, (at: string) => string>> = {
  below: (at) => `SELECT count(*) FILTER (WHERE a.level = 'town') AS towns,
      count(*) FILTER (WHERE a.level = 'community' AND a.kind = 'community') AS communities,
      count(*) FILTER (WHERE a.level = 'community' AND a.kind = 'village') AS villages,
      count(*) FILTER (WHERE a.level = 'grid') AS grids,
      count(*) FILTER (WHERE a.level = 'grid' AND a.urban) AS urban_grids,
      count(*) FILTER (WHERE a.level = 'grid' AND NOT a.urban) AS rural_grids,
      count(*) FILTER (WHERE a.level = 'micro') AS micro_grids
    FROM area_version a WHERE a.county = $1 AND ${inside("a.code")} AND a.code <> v.code
      AND a.valid_from <= ${at}::timestamptz AND a.valid_to > ${at}::timestamptz`,
  building: () => `SELECT count(*) AS n, sum(b.households) AS households FROM building b
    WHERE b.county = $1 AND ${inside("b.scope_code")}`,
  camera: () => `SELECT count(*) AS n, count(*) FILTER (WHERE c.status = 'online') AS online FROM camera c
    WHERE c.county = $1 AND ${inside("c.scope_code")}`,
  compound: (at) => `SELECT count(DISTINCT q.id) AS n FROM (
      SELECT c.id FROM compound c WHERE c.county = $1 AND c.kind = 'residential' AND ${inside("c.community_code")}
      UNION ALL
      SELECT c.id FROM area_version a JOIN grid_compound gc ON gc.county = $1 AND gc.grid_id = a.area_id
      JOIN compound c ON c.county = $1 AND c.id = gc.compound_id AND c.kind = 'residential'
      WHERE a.county = $1 AND length(v.code) > 12 AND ${inside("a.code")}
        AND a.valid_from <= ${at}::timestamptz AND a.valid_to > ${at}::timestamptz) q`,
};

const staffSql = (at: string): string => `SELECT t.kind, count(DISTINCT h.staff_id) AS n
    FROM area_version a
    JOIN post_area pa ON pa.county = $1 AND pa.area_id = a.area_id
    JOIN post t ON t.county = $1 AND t.id = pa.post_id
    JOIN post_holder h ON h.county = $1 AND h.post_id = pa.post_id AND h.slot = 'A'
      AND h.valid_from <= ${at}::timestamptz AND h.valid_to > ${at}::timestamptz
    WHERE a.county = $1 AND ${inside("a.code")}
      AND a.valid_from <= ${at}::timestamptz AND a.valid_to > ${at}::timestamptz
    GROUP BY t.kind ORDER BY t.kind`;

type Expression = (source: Source, fields: readonly JsonField[]) => string;
const from =
  (join: string, sql: string): Expression =>
  ({ joins }) => {
    joins.add(join);
    return sql;
  };
const plain =
  (sql: string): Expression =>
  () =>
    sql;
/** Text of the codes and words of the schema, which hold nothing that JSON escapes. */
const word = (sql: string): Expression => plain(`'"' || ${sql} || '"'`);
const orNull = (sql: string): Expression => plain(`coalesce(${sql}, 'null')`);

const AREA: Readonly<Record<string, Expression>> = {
  __typename: plain(`'"Area"'`),
  id: word("'Area:' || v.county || ':' || v.area_id"),
  code: word("v.code"),
  level: word("upper(v.level)"),
  kind: word("upper(v.kind)"),
  name: plain("to_json(v.name)"),
  nameSort: plain("to_json(v.name_sort)"),
  urban: plain("v.urban"),
  households: orNull("v.households::text"),
  householdsExact: plain("v.households_exact"),
  householdsBasis: word("upper(v.households_basis)"),
  areaM2: plain("v.area_m2"),
  sourceRef: orNull("to_json(v.source_ref)::text"),
  geometry: plain("ST_AsGeoJSON(v.geom, 7)"),
  label: plain("'[' || ST_X(v.label) || ',' || ST_Y(v.label) || ']'"),
  counts: (source, fields) => objectSql(COUNTS, source, fields),
};

const COUNTS: Readonly<Record<string, Expression>> = {
  __typename: plain(`'"AreaCounts"'`),
  towns: from("below", "below.towns"),
  communities: from("below", "below.communities"),
  villages: from("below", "below.villages"),
  grids: from("below", "below.grids"),
  urbanGrids: from("below", "below.urban_grids"),
  ruralGrids: from("below", "below.rural_grids"),
  microGrids: from("below", "below.micro_grids"),
  compounds: from("compound", "compound.n"),
  buildings: from("building", "building.n"),
  households: from("building", "coalesce(building.households, v.households, 0)"),
  cameras: from("camera", "camera.n"),
  camerasOnline: from("camera", "camera.online"),
  staff: (source, fields) =>
    `'[' || coalesce((SELECT string_agg(${objectSql(STAFF_COUNT, source, fields)}, ',') FROM (${staffSql(source.at)}) s), '') || ']'`,
};

const STAFF_COUNT: Readonly<Record<string, Expression>> = {
  __typename: plain(`'"StaffCount"'`),
  kind: word("upper(s.kind)"),
  count: plain("s.n"),
};

const TYPES: Readonly<Record<string, Readonly<Record<string, Expression>>>> = {
  Area: AREA,
  AreaCounts: COUNTS,
  StaffCount: STAFF_COUNT,
};

/** May a field of a type of the schema stand in a `JsonField`? */
export const isJsonField = (type: string, field: string): boolean => TYPES[type] !== undefined && field in TYPES[type];

/** An object's JSON as one expression of text. */
function objectSql(type: Readonly<Record<string, Expression>>, source: Source, fields: readonly JsonField[]): string {
  const parts = fields.map(({ key, field, fields: inner }, index) => {
    const expression = type[field];
    if (!expression || !/^\w+$/.test(key)) throw bugError(`the field ${key}: ${field} has no SQL`);
    return `'${index === 0 ? "{" : ","}"${key}":' || ${expression(source, inner ?? [])}`;
  });
  return `${parts.join(" || ")} || '}'`;
}

/**
 * The first instant after `$3` at which anything inside `$2` begins or ends that the answer hangs on, as epoch seconds or
 * `Infinity`: the answer is the same until then, as long as the content version is.
 */
function untilSql(staff: boolean): string {
  const change = (alias: string): string =>
    `least(min(${alias}.valid_to), min(${alias}.valid_from) FILTER (WHERE ${alias}.valid_from > $3::timestamptz))`;
  const areas = `a.county = $1 AND a.code >= $2 AND a.code < ($2 || '~') COLLATE "C" AND a.valid_to > $3::timestamptz`;
  const ofAreas = `(SELECT ${change("a")} FROM area_version a WHERE ${areas})`;
  const ofStaff = `(SELECT ${change("h")} FROM area_version a
         JOIN post_area pa ON pa.county = $1 AND pa.area_id = a.area_id
         JOIN post_holder h ON h.county = $1 AND h.post_id = pa.post_id AND h.slot = 'A' AND h.valid_to > $3::timestamptz
         WHERE ${areas})`;
  return `coalesce(extract(epoch FROM least(${staff ? `${ofAreas}, ${ofStaff}` : ofAreas})), 'Infinity')::text`;
}

const asksFor = (fields: readonly JsonField[], wanted: string): boolean =>
  fields.some(({ field, fields: inner }) => field === wanted || asksFor(inner ?? [], wanted));

/**
 * The statement that makes areas by code the JSON text of a list, whole in the database: `version until list`, with the
 * content version that it is exact for and, where that is asked for, until when it is (`untilSql`, otherwise `-`); null
 * where the area asked inside of is not there. Its text hangs on the fields alone: made once, it stays prepared
 * (`areaListParams`). For fields that all have SQL of their own (`isJsonField`).
 *
 * Counts are those of `visibleAreaCounts`, for viewers who may count all of them there.
 *
 * @param lasting says until when the answer holds
 */
export function areaListJsonSql(fields: readonly JsonField[], lasting: boolean): string {
  const source: Source = { joins: new Set(), at: "$3" };
  const object = objectSql(AREA, source, fields);
  const joins = [...source.joins].map((name) => `, LATERAL (${JOINS[name]?.(source.at) ?? ""}) ${name}`);
  const valid = (alias: string): string =>
    `${alias}.valid_from <= $3::timestamptz AND ${alias}.valid_to > $3::timestamptz`;
  return `SELECT (SELECT p.content_version FROM county_profile p WHERE p.county = $1)
       || ' ' || ${lasting ? untilSql(asksFor(fields, "staff")) : "'-'"}
       || ' [' || coalesce(string_agg(r.json, ',' ORDER BY r.code), '') || ']'
     FROM (SELECT v.code, ${object} AS json
       FROM (SELECT v.county, v.area_id, v.code, v.level, v.kind, v.name, v.name_sort, v.urban, v.households, v.households_exact, v.households_basis, v.area_m2, v.source_ref,
           v.geom, v.label
         FROM area_version v
         WHERE v.county = $1 AND v.code >= $2 AND v.code < ($2 || '~') COLLATE "C" AND v.level = ANY($4::text[]) AND ${valid("v")}
         ORDER BY v.code LIMIT $5::int) v${joins.join("")}) r
     HAVING EXISTS (SELECT FROM area_version o WHERE o.county = $1 AND o.code = $2 AND ${valid("o")})`;
}

/** Parameters of `areaListJsonSql`. */
export const areaListParams = ({ county, inside: code, at, levels, limit }: AreaJsonQuery): Param[] => [
  county,
  code,
  at,
  levels,
  limit,
];

/** The content version of the county `$1`: what hangs on areas, staff, cameras and buildings is the same while it is. */
export const CONTENT_VERSION_SQL = "SELECT p.content_version::text FROM county_profile p WHERE p.county = $1";
