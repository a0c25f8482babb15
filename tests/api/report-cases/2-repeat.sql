-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT a.county, a.id, a.department, a.organisation_id AS "organisationId", a.item, a.classes, a.kind, a.batch FROM admission_item a WHERE a.county = $1 AND a.kind IN ('forbidden', 'no_stamp') ORDER BY a.ordinal, a.id ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.code, c.sensitive FROM class_code c WHERE c.code = $2 UNION ALL SELECT x ->> 'code' AS code, coalesce((x ->> 'sensitive')::boolean, false) AS sensitive FROM county_profile p, jsonb_array_elements(p.extra_classes) AS x WHERE p.county = $1 AND x ->> 'code' = $2 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT r.order_no AS "orderNo" FROM incident_report r WHERE r.county = $1 AND r.incident_id = $2::uuid ) jw_rows;

-- county
WITH jw_rows AS (INSERT INTO idempotency (county, actor, key, request_hash, created_at, hits, response) VALUES ($1, $2, $3, $4, $5::timestamptz, 1, $6) ON CONFLICT (county, actor, key) DO UPDATE SET hits = idempotency.hits + 1 RETURNING hits, request_hash AS "requestHash", response ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT e.incident_id AS "incidentId", e.from_state AS "fromState", e.to_state AS "toState", e.actor AS actor, e.at, e.note AS note, e.kind, e.step FROM incident_event e WHERE e.county = $1 AND e.incident_id = ANY($2::uuid[]) ORDER BY e.incident_id, e.seq, e.id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.county, i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.title AS title, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.grid_code_at AS "gridCodeAt", i.scope_code AS "scopeCode", i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.source_verdict AS "sourceVerdict", i.border, i.suspicious, i.escalation, i.source_ref AS "sourceRef", i.organisation_id AS "organisationId", i.workflow, i.step, (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) AS late, CASE WHEN i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') AND (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) THEN 0 ELSE 1 END AS "overdueRank" FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND i.id = ANY($3::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.id, i.version, i.handler_id AS "handlerId", i.worked_by AS "workedBy", i.post_id AS "postId", i.inbox_role AS "inboxRole", i.inbox_area AS "inboxArea", i.merged_into AS "mergedInto" FROM incident i WHERE i.county = $1 AND i.id = ANY($2::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;

-- viewer
WITH q AS (SELECT ST_SetSRID(ST_MakePoint($2::float8, $3::float8), 4326) AS point), near AS ( SELECT v.code, v.level, v.geom, ST_Covers(v.geom, q.point) AS holds, ST_Contains(v.geom, q.point) AS within, NOT EXISTS ( SELECT 1 FROM area_version m WHERE m.county = $1 AND m.code > v.code AND m.code < (v.code || '~') COLLATE "C" AND m.valid_from <= $4::timestamptz AND m.valid_to > $4::timestamptz) AS lowest FROM area_version v, q WHERE v.county = $1 AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz AND v.west <= $6::float8 AND v.east >= $5::float8 AND v.south <= $8::float8 AND v.north >= $7::float8 ), grid AS (SELECT min(code) AS code FROM near WHERE holds AND level = 'grid') , jw_rows AS (SELECT coalesce( (SELECT min(n.code) FROM near n, grid g WHERE n.holds AND n.level = 'micro' AND (g.code IS NULL OR (n.code > g.code AND n.code < (g.code || '~') COLLATE "C"))), (SELECT code FROM grid), (SELECT n.code FROM near n WHERE n.holds ORDER BY length(n.code) DESC, n.code LIMIT 1)) AS deepest, (SELECT count(*) > 1 AND NOT bool_and(n.within) FROM near n WHERE n.lowest AND n.holds) AS border, coalesce((SELECT json_agg(json_build_object('code', n.code, 'level', n.level, 'geometry', ST_AsGeoJSON(n.geom, 7)::json) ORDER BY n.code) FROM near n WHERE n.lowest), '[]') AS around ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;
