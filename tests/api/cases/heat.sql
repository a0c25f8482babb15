-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND NOT i.suspicious ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND NOT i.suspicious ) jw_rows;

-- viewer
WITH cases AS MATERIALIZED ( SELECT x, y, count(*)::int AS count FROM (SELECT floor((ST_X(i.geom) - $3::float8) / $6::float8)::int AS x, floor((ST_Y(i.geom) - $4::float8) / $5::float8)::int AS y FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND NOT i.suspicious) c GROUP BY x, y), homes AS MATERIALIZED ( SELECT x, y, sum(households)::int AS households FROM ( SELECT floor((ST_X(b.label) - $3::float8) / $6::float8)::int AS x, floor((ST_Y(b.label) - $4::float8) / $5::float8)::int AS y, b.households FROM building b WHERE b.county = $1) h GROUP BY x, y) , jw_rows AS (SELECT $3::float8 + (c.x + 0.5) * $6::float8 AS lon, $4::float8 + (c.y + 0.5) * $5::float8 AS lat, c.count, coalesce(h.households, 0) AS households FROM cases c LEFT JOIN homes h ON h.x = c.x AND h.y = c.y ORDER BY c.y, c.x ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- viewer
WITH cases AS MATERIALIZED ( SELECT x, y, count(*)::int AS count FROM (SELECT floor((ST_X(i.geom) - $3::float8) / $6::float8)::int AS x, floor((ST_Y(i.geom) - $4::float8) / $5::float8)::int AS y FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND NOT i.suspicious) c GROUP BY x, y), homes AS MATERIALIZED ( SELECT x, y, sum(households)::int AS households FROM ( SELECT floor((ST_X(b.label) - $3::float8) / $6::float8)::int AS x, floor((ST_Y(b.label) - $4::float8) / $5::float8)::int AS y, b.households FROM building b WHERE b.county = $1) h GROUP BY x, y) , jw_rows AS (SELECT $3::float8 + (c.x + 0.5) * $6::float8 AS lon, $4::float8 + (c.y + 0.5) * $5::float8 AS lat, c.count, coalesce(h.households, 0) AS households FROM cases c LEFT JOIN homes h ON h.x = c.x AND h.y = c.y ORDER BY c.y, c.x ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;
