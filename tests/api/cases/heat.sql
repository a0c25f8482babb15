-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.code, c.kind, c.major, c.name, c.name_en AS "nameEn", c.standard_ref AS "standardRef", c.is_local_extension AS "isLocalExtension", c.sensitive FROM class_code c ORDER BY c.kind, c.code ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM incident i WHERE i.county = $1 AND ($2::timestamptz, $3::timestamptz, $4::text[]) IS NOT NULL ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM incident i WHERE i.county = $1 AND ($2::timestamptz, $3::timestamptz, $4::text[]) IS NOT NULL ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM incident i WHERE i.county = $1 AND ($2::timestamptz, $3::timestamptz, $4::text[]) IS NOT NULL AND NOT i.suspicious ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM incident i WHERE i.county = $1 AND ($2::timestamptz, $3::timestamptz, $4::text[]) IS NOT NULL AND NOT i.suspicious ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.extra_classes AS classes FROM county_profile p WHERE p.county = $1 ) jw_rows;

-- county
WITH cases AS MATERIALIZED ( SELECT x, y, count(*)::int AS count FROM (SELECT floor((ST_X(CASE WHEN i.class_code = ANY($4::text[]) THEN coalesce(g.label, w.label) ELSE i.geom END) - $5::float8) / $8::float8)::int AS x, floor((ST_Y(CASE WHEN i.class_code = ANY($4::text[]) THEN coalesce(g.label, w.label) ELSE i.geom END) - $6::float8) / $7::float8)::int AS y FROM incident i LEFT JOIN area_version g ON g.county = $1 AND g.code = i.scope_code AND g.valid @> $3::timestamptz LEFT JOIN area_version w ON w.county = $1 AND w.code = $1 AND w.valid @> $3::timestamptz WHERE i.county = $1 AND ($2::timestamptz, $3::timestamptz, $4::text[]) IS NOT NULL AND NOT i.suspicious) c GROUP BY x, y), homes AS MATERIALIZED ( SELECT x, y, sum(households)::int AS households FROM ( SELECT floor((ST_X(b.label) - $5::float8) / $8::float8)::int AS x, floor((ST_Y(b.label) - $6::float8) / $7::float8)::int AS y, b.households FROM building b WHERE b.county = $1) h GROUP BY x, y) , jw_rows AS (SELECT $5::float8 + (c.x + 0.5) * $8::float8 AS lon, $6::float8 + (c.y + 0.5) * $7::float8 AS lat, c.count, coalesce(h.households, 0) AS households FROM cases c LEFT JOIN homes h ON h.x = c.x AND h.y = c.y ORDER BY c.y, c.x ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- county
WITH cases AS MATERIALIZED ( SELECT x, y, count(*)::int AS count FROM (SELECT floor((ST_X(CASE WHEN i.class_code = ANY($4::text[]) THEN coalesce(g.label, w.label) ELSE i.geom END) - $5::float8) / $8::float8)::int AS x, floor((ST_Y(CASE WHEN i.class_code = ANY($4::text[]) THEN coalesce(g.label, w.label) ELSE i.geom END) - $6::float8) / $7::float8)::int AS y FROM incident i LEFT JOIN area_version g ON g.county = $1 AND g.code = i.scope_code AND g.valid @> $3::timestamptz LEFT JOIN area_version w ON w.county = $1 AND w.code = $1 AND w.valid @> $3::timestamptz WHERE i.county = $1 AND ($2::timestamptz, $3::timestamptz, $4::text[]) IS NOT NULL AND NOT i.suspicious) c GROUP BY x, y), homes AS MATERIALIZED ( SELECT x, y, sum(households)::int AS households FROM ( SELECT floor((ST_X(b.label) - $5::float8) / $8::float8)::int AS x, floor((ST_Y(b.label) - $6::float8) / $7::float8)::int AS y, b.households FROM building b WHERE b.county = $1) h GROUP BY x, y) , jw_rows AS (SELECT $5::float8 + (c.x + 0.5) * $8::float8 AS lon, $6::float8 + (c.y + 0.5) * $7::float8 AS lat, c.count, coalesce(h.households, 0) AS households FROM cases c LEFT JOIN homes h ON h.x = c.x AND h.y = c.y ORDER BY c.y, c.x ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;
