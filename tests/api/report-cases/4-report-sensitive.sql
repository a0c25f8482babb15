-- county
INSERT INTO audit_log (county, id, actor, actor_name, role, address, action, entity, reason, at, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- county
INSERT INTO county_counter (county, name, value) VALUES ($1, $2, 0) ON CONFLICT (county, name) DO UPDATE SET value = county_counter.value;

-- county
INSERT INTO incident (county, id, ref, class_code, sensitive, severity, source, state, title, geom, grid_id, grid_code_at, scope_code, opened_at, border, suspicious, version, workflow, step, inbox_role, inbox_area, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'found', $8, $9, $10, $11, $12, $13::timestamptz, $14, false, 1, $15, $16, $17, $18, $19::timestamptz);

-- county
INSERT INTO incident_clock (county, incident_id, seq, kind, target, rule, calendar, allowed_seconds, extended_seconds, started_at, used_ms, running_since, paused_at, pause_reason, ended_at, outcome, due_at, scope_code, sensitive) SELECT $1, $2::uuid, r.seq, r.kind, r.target, r.rule, r.calendar, r.allowed_seconds, r.extended_seconds, r.started_at, r.used_ms, r.running_since, r.paused_at, r.pause_reason, r.ended_at, r.outcome, r.due_at, i.scope_code, i.sensitive FROM json_populate_recordset(NULL::incident_clock, $3::json) r JOIN incident i ON i.county = $1 AND i.id = $2::uuid ON CONFLICT (county, incident_id, seq) DO UPDATE SET kind = excluded.kind, target = excluded.target, rule = excluded.rule, calendar = excluded.calendar, allowed_seconds = excluded.allowed_seconds, extended_seconds = excluded.extended_seconds, started_at = excluded.started_at, used_ms = excluded.used_ms, running_since = excluded.running_since, paused_at = excluded.paused_at, pause_reason = excluded.pause_reason, ended_at = excluded.ended_at, outcome = excluded.outcome, due_at = excluded.due_at, scope_code = excluded.scope_code, sensitive = excluded.sensitive;

-- county
INSERT INTO incident_event (county, id, incident_id, seq, from_state, to_state, actor, at, note, scope_code, sensitive, kind, step, extended_seconds, organisation_id, post_id) SELECT $1, $2::uuid, i.id, (SELECT coalesce(max(e.seq), 0) + 1 FROM incident_event e WHERE e.county = $1 AND e.incident_id = $3::uuid), $4, $5, $6, $7::timestamptz, $8, i.scope_code, i.sensitive, $9, $10, $11::int, CASE WHEN (i.organisation_id, i.post_id) IS DISTINCT FROM (l.organisation_id, l.post_id) THEN i.organisation_id END, CASE WHEN (i.organisation_id, i.post_id) IS DISTINCT FROM (l.organisation_id, l.post_id) THEN i.post_id END FROM incident i LEFT JOIN LATERAL (SELECT e.organisation_id, e.post_id FROM incident_event e WHERE e.county = $1 AND e.incident_id = $3::uuid AND (e.organisation_id IS NOT NULL OR e.post_id IS NOT NULL) ORDER BY e.seq DESC LIMIT 1) l ON true WHERE i.county = $1 AND i.id = $3::uuid;

-- county
INSERT INTO incident_report (county, incident_id, order_no, code_hash, failed_attempts, created_at) VALUES ($1, $2, $3, $4, 0, $5::timestamptz);

-- county
INSERT INTO incident_sealed_place (county, incident_id, geom) VALUES ($1, $2, $3);

-- county
INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz, $10);

-- county
INSERT INTO reporter_contact (county, incident_id, handler_id, contact, created_at) SELECT $1, i.id, i.handler_id, $3::bytea, $4::timestamptz FROM incident i WHERE i.county = $1 AND i.id = $2::uuid ON CONFLICT (county, incident_id) DO UPDATE SET contact = excluded.contact, created_at = excluded.created_at;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT a.county, a.id, a.department, a.organisation_id AS "organisationId", a.item, a.classes, a.kind, a.batch FROM admission_item a WHERE a.county = $1 AND a.kind IN ('forbidden', 'no_stamp') ORDER BY a.ordinal, a.id ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.code, c.kind, c.major, c.name, c.name_en AS "nameEn", c.standard_ref AS "standardRef", c.is_local_extension AS "isLocalExtension", c.sensitive FROM class_code c ORDER BY c.kind, c.code ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT k.town, k.day, k.class_code AS "classCode", k.state, k.sensitive, k.suspicious, k.x, k.y FROM (SELECT CASE WHEN length(i.scope_code) >= 9 THEN left(i.scope_code, 9) ELSE i.county END AS town, (i.opened_at AT TIME ZONE p.timezone)::date AS day, i.class_code, i.state, i.sensitive, i.suspicious, left(i.class_code, 2) AS major, CASE WHEN i.state IN ('closed', 'evaluated') THEN 'solved' WHEN i.state IN ('rejected', 'void') THEN 'invalid' ELSE 'open' END AS state_group, ((round((ST_X(i.geom)) * 10000000)::int4::bigint - (-1800000000)) / 25000)::int AS x, ((round((ST_Y(i.geom)) * 10000000)::int4::bigint - (-900000000)) / 25000)::int AS y FROM incident i JOIN county_profile p ON p.county = $1 WHERE i.county = $1 AND i.id = $2::uuid) k ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.extra_classes AS classes FROM county_profile p WHERE p.county = $1 ) jw_rows;

-- county
SELECT pg_notify($1, $2);

-- county
UPDATE idempotency SET response = $4 WHERE county = $1 AND actor = $2 AND key = $3;

-- county
WITH d0 AS (SELECT * FROM unnest($2::text[], $3::boolean[], $4::date[], $5::text[], $6::text[], $7::boolean[], $8::int[]) AS u(scope_code, whole, day, class_code, state, sensitive, count)), d1 AS (SELECT * FROM unnest($9::text[], $10::int[], $11::date[], $12::int[], $13::int[], $14::text[], $15::text[], $16::boolean[], $17::int[]) AS u(scope_code, edge, month, x, y, major, state_group, sensitive, count)) , gone0 AS ( DELETE FROM incident_day t USING d0 d WHERE t.county = $1 AND t.scope_code = d.scope_code AND t.whole = d.whole AND t.day = d.day AND t.class_code = d.class_code AND t.state = d.state AND t.sensitive = d.sensitive AND d.count < 0 AND t.count + d.count <= 0 RETURNING t.county), less0 AS ( UPDATE incident_day t SET count = t.count + d.count FROM d0 d WHERE t.county = $1 AND t.scope_code = d.scope_code AND t.whole = d.whole AND t.day = d.day AND t.class_code = d.class_code AND t.state = d.state AND t.sensitive = d.sensitive AND d.count < 0 AND t.count + d.count > 0 RETURNING t.county), gone1 AS ( DELETE FROM incident_cell_month t USING d1 d WHERE t.county = $1 AND t.scope_code = d.scope_code AND t.edge = d.edge AND t.month = d.month AND t.x = d.x AND t.y = d.y AND t.major = d.major AND t.state_group = d.state_group AND t.sensitive = d.sensitive AND d.count < 0 AND t.count + d.count <= 0 RETURNING t.county), less1 AS ( UPDATE incident_cell_month t SET count = t.count + d.count FROM d1 d WHERE t.county = $1 AND t.scope_code = d.scope_code AND t.edge = d.edge AND t.month = d.month AND t.x = d.x AND t.y = d.y AND t.major = d.major AND t.state_group = d.state_group AND t.sensitive = d.sensitive AND d.count < 0 AND t.count + d.count > 0 RETURNING t.county), more0 AS (INSERT INTO incident_day (county, scope_code, whole, day, class_code, state, sensitive, count) SELECT $1, scope_code, whole, day, class_code, state, sensitive, d.count FROM d0 d WHERE d.count > 0 ON CONFLICT (county, scope_code, whole, day, class_code, state, sensitive) DO UPDATE SET count = incident_day.count + excluded.count RETURNING 1) INSERT INTO incident_cell_month (county, scope_code, edge, month, x, y, major, state_group, sensitive, count) SELECT $1, scope_code, edge, month, x, y, major, state_group, sensitive, d.count FROM d1 d WHERE d.count > 0 ON CONFLICT (county, scope_code, edge, month, x, y, major, state_group, sensitive) DO UPDATE SET count = incident_cell_month.count + excluded.count;

-- county
WITH jw_rows AS (INSERT INTO idempotency (county, actor, key, request_hash, created_at, hits) VALUES ($1, $2, $3, $4, $5::timestamptz, 1) ON CONFLICT (county, actor, key) DO UPDATE SET hits = idempotency.hits + 1 RETURNING hits, request_hash AS "requestHash", response ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- county
WITH jw_rows AS (UPDATE county_counter c SET value = greatest(c.value, (SELECT coalesce(max(i.ref), $4::int - 1) FROM incident i WHERE i.county = $1 AND i.ref >= $4::int AND i.ref < $5::int)) + $2::int WHERE c.county = $1 AND c.name = $3 RETURNING c.value AS last ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- county
WITH jw_rows AS (UPDATE county_profile SET live_version = live_version + 1, updated_at = $2::timestamptz WHERE county = $1 RETURNING live_version AS "liveVersion" ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- county
WITH jw_rows AS (UPDATE incident_candidate c SET state = i.state, version = i.version FROM incident i WHERE c.county = $1 AND c.incident_id = $2::uuid AND i.county = $1 AND i.id = $2::uuid RETURNING c.scope_code AS code ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- reference
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT o.code FROM county_outline o WHERE $1::float8 BETWEEN o.west AND o.east AND $2::float8 BETWEEN o.south AND o.north AND ST_Covers(o.geom, ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4326)) ORDER BY o.code ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.county, i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.title AS title, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.grid_code_at AS "gridCodeAt", i.scope_code AS "scopeCode", i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.source_verdict AS "sourceVerdict", i.border, i.suspicious, i.escalation, i.source_ref AS "sourceRef", i.organisation_id AS "organisationId", i.workflow, i.step, (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) AS late, CASE WHEN i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') AND (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) THEN 0 ELSE 1 END AS "overdueRank" FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND i.id = ANY($3::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;

-- viewer
WITH q AS (SELECT ST_SetSRID(ST_MakePoint($2::float8, $3::float8), 4326) AS point), near AS ( SELECT v.code, v.level, v.geom, ST_Covers(v.geom, q.point) AS holds, ST_Contains(v.geom, q.point) AS within, NOT EXISTS ( SELECT 1 FROM area_version m WHERE m.county = $1 AND m.code > v.code AND m.code < (v.code || '~') COLLATE "C" AND m.valid_from <= $4::timestamptz AND m.valid_to > $4::timestamptz) AS lowest FROM area_version v, q WHERE v.county = $1 AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz AND v.west <= $6::float8 AND v.east >= $5::float8 AND v.south <= $8::float8 AND v.north >= $7::float8 ), grid AS (SELECT min(code) AS code FROM near WHERE holds AND level = 'grid') , jw_rows AS (SELECT coalesce( (SELECT min(n.code) FROM near n, grid g WHERE n.holds AND n.level = 'micro' AND (g.code IS NULL OR (n.code > g.code AND n.code < (g.code || '~') COLLATE "C"))), (SELECT code FROM grid), (SELECT n.code FROM near n WHERE n.holds ORDER BY length(n.code) DESC, n.code LIMIT 1)) AS deepest, (SELECT count(*) > 1 AND NOT bool_and(n.within) FROM near n WHERE n.lowest AND n.holds) AS border, coalesce((SELECT json_agg(json_build_object('code', n.code, 'level', n.level, 'geometry', ST_AsGeoJSON(n.geom, 7)::json) ORDER BY n.code) FROM near n WHERE n.lowest), '[]') AS around ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;
