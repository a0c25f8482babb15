/** The questions of the benchmarks as statements, for servers that take their own SQL. */

const inside = (column: string): string =>
  `${column} >= v.code COLLATE "C" AND ${column} < (v.code || '~') COLLATE "C"`;
const AREAS = "area_version";

/** Buildings, households and cameras inside area `v`, each one row. */
const BUILDINGS = `SELECT count(*) AS n, sum(b.households) AS households FROM building b
  WHERE b.county = v.county AND ${inside("b.scope_code")}`;
const CAMERAS = `SELECT count(*) AS n, count(*) FILTER (WHERE c.status = 'online') AS online FROM camera c
  WHERE c.county = v.county AND ${inside("c.scope_code")}`;
const COMPOUNDS = `SELECT count(DISTINCT q.id) AS n FROM (
    SELECT c.id FROM compound c WHERE c.county = v.county AND c.kind = 'residential' AND ${inside("c.community_code")}
    UNION ALL
    SELECT c.id FROM ${AREAS} a JOIN grid_compound gc ON gc.county = a.county AND gc.grid_id = a.area_id
    JOIN compound c ON c.county = gc.county AND c.id = gc.compound_id AND c.kind = 'residential'
    WHERE a.county = v.county AND ${inside("a.code")} AND length(v.code) > 12
      AND a.valid_from <= $3::timestamptz AND a.valid_to > $3::timestamptz) q`;
const STAFF = `SELECT t.kind, count(DISTINCT h.staff_id) AS n FROM ${AREAS} a
    JOIN post_area pa ON pa.county = a.county AND pa.area_id = a.area_id
    JOIN post t ON t.county = pa.county AND t.id = pa.post_id
    JOIN post_holder h ON h.county = pa.county AND h.post_id = pa.post_id AND h.slot = 'A'
      AND h.valid_from <= $3::timestamptz AND h.valid_to > $3::timestamptz
    WHERE a.county = v.county AND ${inside("a.code")} AND a.valid_from <= $3::timestamptz AND a.valid_to > $3::timestamptz
    GROUP BY t.kind ORDER BY t.kind`;

/** The floor's question \`grids\`: $1 county, $2 code of the community, $3 instant; one row, one text. */
export const GRIDS_SQL = `SELECT '{"data":{"areas":{"nodes":[' || coalesce(string_agg(
    '{"code":"' || v.code || '","name":' || to_json(v.name) || ',"level":"' || upper(v.level) || '","kind":"' || upper(v.kind)
    || '","urban":' || v.urban || ',"areaM2":' || v.area_m2 || ',"label":[' || ST_X(v.label) || ',' || ST_Y(v.label)
    || '],"geometry":' || ST_AsGeoJSON(v.geom, 7) || ',"counts":{"compounds":' || d.n || ',"buildings":' || b.n
    || ',"households":' || coalesce(b.households, v.households, 0) || ',"cameras":' || c.n || ',"camerasOnline":' || c.online
    || ',"staff":[' || coalesce((SELECT string_agg('{"kind":"' || upper(s.kind) || '","count":' || s.n || '}', ',') FROM (${STAFF}) s), '')
    || ']}}', ',' ORDER BY v.code), '') || ']}}}'
  FROM ${AREAS} v, LATERAL (${BUILDINGS}) b, LATERAL (${CAMERAS}) c, LATERAL (${COMPOUNDS}) d
  WHERE v.county = $1 AND v.code >= $2 AND v.code < ($2 || '~') AND v.level IN ('grid', 'micro')
    AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz`;

/**
 * The floor's question \`bbox\` as JSON rows: $1 county, $2–$5 west, south, east, north, $6 and $7 opened from and to. The
 * geometry's index compares boxes of single precision, so the exact test stands beside it.
 */
export const BBOX_SQL = `SELECT '{"incidents":[' || coalesce(string_agg(
    '{"ref":' || i.ref || ',"lon":' || ST_X(i.geom) || ',"lat":' || ST_Y(i.geom) || ',"class":"' || i.class_code
    || '","state":"' || i.state || '","opened":' || extract(epoch FROM i.opened_at)::bigint || '}', ','), '') || ']}'
  FROM incident i
  WHERE i.county = $1 AND i.geom && ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4326)
    AND ST_X(i.geom) BETWEEN $2::float8 AND $4::float8 AND ST_Y(i.geom) BETWEEN $3::float8 AND $5::float8
    AND i.opened_at >= $6::timestamptz AND i.opened_at < $7::timestamptz`;

/** What PostGraphile needs to answer the questions at all: roots for ranges of codes and boxes, and counts as fields. */
export const PEER_FUNCTIONS: readonly string[] = [
  `CREATE FUNCTION grids_inside(county text, inside text, at timestamptz) RETURNS SETOF area_version LANGUAGE sql STABLE AS $$
    SELECT v.* FROM area_version v WHERE v.county = $1 AND v.code >= $2 AND v.code < ($2 || '~') AND v.level IN ('grid', 'micro')
      AND v.valid_from <= $3 AND v.valid_to > $3 ORDER BY v.code $$`,
  `CREATE FUNCTION area_version_geojson(v area_version) RETURNS json LANGUAGE sql STABLE AS $$ SELECT ST_AsGeoJSON(v.geom, 7)::json $$`,
  `CREATE FUNCTION area_version_lon_lat(v area_version) RETURNS float8[] LANGUAGE sql STABLE AS
    $$ SELECT ARRAY[ST_X(v.label), ST_Y(v.label)] $$`,
  `CREATE FUNCTION area_version_figures(v area_version, at timestamptz) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('compounds', d.n, 'buildings', b.n, 'households', coalesce(b.households, v.households, 0),
      'cameras', c.n, 'camerasOnline', c.online)
    FROM (${BUILDINGS}) b, (${CAMERAS}) c, (${COMPOUNDS.replaceAll("$3", "$2")}) d $$`,
  "CREATE TYPE staff_figure AS (kind text, count int)",
  `CREATE FUNCTION area_version_staff(v area_version, at timestamptz) RETURNS SETOF staff_figure LANGUAGE sql STABLE AS $$
    SELECT s.kind, s.n::int FROM (${STAFF.replaceAll("$3", "$2")}) s $$`,
  // A type of its own: PostGraphile 4 does not know partitioned tables, as that of cases is one.
  "CREATE TYPE case_in_box AS (ref int, lon float8, lat float8, class_code text, state text, opened_at timestamptz)",
  `CREATE FUNCTION cases_in_box(county text, west float8, south float8, east float8, north float8, since timestamptz,
      until timestamptz) RETURNS SETOF case_in_box LANGUAGE sql STABLE AS $$
    SELECT i.ref, ST_X(i.geom), ST_Y(i.geom), i.class_code, i.state, i.opened_at FROM incident i
    WHERE i.county = $1 AND i.geom && ST_MakeEnvelope($2, $3, $4, $5, 4326)
      AND ST_X(i.geom) BETWEEN $2 AND $4 AND ST_Y(i.geom) BETWEEN $3 AND $5 AND i.opened_at >= $6 AND i.opened_at < $7 $$`,
];
