-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.code, c.kind, c.major, c.name, c.name_en AS "nameEn", c.standard_ref AS "standardRef", c.is_local_extension AS "isLocalExtension", c.sensitive FROM class_code c ORDER BY c.kind, c.code ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.extra_classes AS classes FROM county_profile p WHERE p.county = $1 ) jw_rows;

-- county
WITH jw_rows AS (INSERT INTO idempotency (county, actor, key, request_hash, created_at, hits) VALUES ($1, $2, $3, $4, $5::timestamptz, 1) ON CONFLICT (county, actor, key) DO UPDATE SET hits = idempotency.hits + 1 RETURNING hits, request_hash AS "requestHash", response ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- reference
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT o.code FROM county_outline o WHERE $1::float8 BETWEEN o.west AND o.east AND $2::float8 BETWEEN o.south AND o.north AND ST_Covers(o.geom, ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4326)) ORDER BY o.code ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;

-- viewer
WITH q AS (SELECT ST_SetSRID(ST_MakePoint($2::float8, $3::float8), 4326) AS point), near AS ( SELECT v.code, v.level, v.geom, ST_Covers(v.geom, q.point) AS holds, ST_Contains(v.geom, q.point) AS within, NOT EXISTS ( SELECT 1 FROM area_version m WHERE m.county = $1 AND m.code > v.code AND m.code < (v.code || '~') COLLATE "C" AND m.valid_from <= $4::timestamptz AND m.valid_to > $4::timestamptz) AS lowest FROM area_version v, q WHERE v.county = $1 AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz AND v.west <= $6::float8 AND v.east >= $5::float8 AND v.south <= $8::float8 AND v.north >= $7::float8 ), grid AS (SELECT min(code) AS code FROM near WHERE holds AND level = 'grid') , jw_rows AS (SELECT coalesce( (SELECT min(n.code) FROM near n, grid g WHERE n.holds AND n.level = 'micro' AND (g.code IS NULL OR (n.code > g.code AND n.code < (g.code || '~') COLLATE "C"))), (SELECT code FROM grid), (SELECT n.code FROM near n WHERE n.holds ORDER BY length(n.code) DESC, n.code LIMIT 1)) AS deepest, (SELECT count(*) > 1 AND NOT bool_and(n.within) FROM near n WHERE n.lowest AND n.holds) AS border, coalesce((SELECT json_agg(json_build_object('code', n.code, 'level', n.level, 'geometry', ST_AsGeoJSON(n.geom, 7)::json) ORDER BY n.code) FROM near n WHERE n.lowest), '[]') AS around ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;
