-- county
DELETE FROM contact_key WHERE county = $1 AND incident_id = $2::uuid;

-- county
DELETE FROM incident_clock WHERE county = $1 AND incident_id = $2::uuid AND kind = 'state';

-- county
DELETE FROM incident_photo WHERE county = $1 AND incident_id = $2::uuid;

-- county
DELETE FROM reporter_contact WHERE county = $1 AND incident_id = $2::uuid;

-- county
INSERT INTO audit_log (county, id, actor, actor_name, role, address, action, entity, reason, at, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- county
INSERT INTO incident_clock (county, incident_id, seq, kind, target, rule, calendar, allowed_seconds, extended_seconds, started_at, used_ms, running_since, paused_at, pause_reason, ended_at, outcome, due_at, scope_code, sensitive) SELECT $1, $2::uuid, r.seq, r.kind, r.target, r.rule, r.calendar, r.allowed_seconds, r.extended_seconds, r.started_at, r.used_ms, r.running_since, r.paused_at, r.pause_reason, r.ended_at, r.outcome, r.due_at, i.scope_code, i.sensitive FROM json_populate_recordset(NULL::incident_clock, $3::json) r JOIN incident i ON i.county = $1 AND i.id = $2::uuid ON CONFLICT (county, incident_id, seq) DO UPDATE SET kind = excluded.kind, target = excluded.target, rule = excluded.rule, calendar = excluded.calendar, allowed_seconds = excluded.allowed_seconds, extended_seconds = excluded.extended_seconds, started_at = excluded.started_at, used_ms = excluded.used_ms, running_since = excluded.running_since, paused_at = excluded.paused_at, pause_reason = excluded.pause_reason, ended_at = excluded.ended_at, outcome = excluded.outcome, due_at = excluded.due_at, scope_code = excluded.scope_code, sensitive = excluded.sensitive;

-- county
INSERT INTO incident_event (county, id, incident_id, seq, from_state, to_state, actor, at, note, scope_code, sensitive, kind, step, extended_seconds, organisation_id, post_id) SELECT $1, $2::uuid, i.id, (SELECT coalesce(max(e.seq), 0) + 1 FROM incident_event e WHERE e.county = $1 AND e.incident_id = $3::uuid), $4, $5, $6, $7::timestamptz, $8, i.scope_code, i.sensitive, $9, $10, $11::int, CASE WHEN (i.organisation_id, i.post_id) IS DISTINCT FROM (l.organisation_id, l.post_id) THEN i.organisation_id END, CASE WHEN (i.organisation_id, i.post_id) IS DISTINCT FROM (l.organisation_id, l.post_id) THEN i.post_id END FROM incident i LEFT JOIN LATERAL (SELECT e.organisation_id, e.post_id FROM incident_event e WHERE e.county = $1 AND e.incident_id = $3::uuid AND (e.organisation_id IS NOT NULL OR e.post_id IS NOT NULL) ORDER BY e.seq DESC LIMIT 1) l ON true WHERE i.county = $1 AND i.id = $3::uuid;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT 1 AS found FROM reporter_contact c LEFT JOIN contact_key k ON k.county = $1 AND k.incident_id = c.incident_id AND k.id = c.key_id WHERE c.county = $1 AND c.incident_id = $2::uuid AND (c.key_id IS NULL OR k.id IS NOT NULL) ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.incident_id AS "incidentId", c.seq, c.kind, c.target, c.rule, c.calendar, c.allowed_seconds AS "allowedSeconds", c.extended_seconds AS "extendedSeconds", c.started_at AS "startedAt", c.used_ms AS "usedMs", c.running_since AS "runningSince", c.paused_at AS "pausedAt", c.pause_reason AS "pauseReason", c.ended_at AS "endedAt", c.outcome, c.due_at AS "dueAt" FROM incident_clock c WHERE c.county = $1 AND c.incident_id = ANY($2::uuid[]) ORDER BY c.incident_id, c.seq ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT e.from_state AS "fromState", e.to_state AS "toState", e.step, e.at FROM incident_event e WHERE e.county = $1 AND e.incident_id = $2::uuid AND e.kind = $3 ORDER BY e.seq DESC LIMIT 2 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.workflow, i.step, i.scope_code AS "scopeCode", i.sensitive, i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.handler_id AS "handlerId", i.worked_by AS "workedBy", i.organisation_id AS "organisationId", i.post_id AS "postId", i.inbox_role AS "inboxRole", i.inbox_area AS "inboxArea", i.escalation, i.merged_into AS "mergedInto", i.version FROM incident i WHERE i.county = $1 AND i.id = $2::uuid FOR UPDATE ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT k.town, k.day, k.class_code AS "classCode", k.state, k.sensitive, k.suspicious, k.x, k.y FROM (SELECT CASE WHEN length(i.scope_code) >= 9 THEN left(i.scope_code, 9) ELSE i.county END AS town, (i.opened_at AT TIME ZONE p.timezone)::date AS day, i.class_code, i.state, i.sensitive, i.suspicious, left(i.class_code, 2) AS major, CASE WHEN i.state IN ('closed', 'evaluated') THEN 'solved' WHEN i.state IN ('rejected', 'void') THEN 'invalid' ELSE 'open' END AS state_group, ((round((ST_X(i.geom)) * 10000000)::int4::bigint - (-1800000000)) / 25000)::int AS x, ((round((ST_Y(i.geom)) * 10000000)::int4::bigint - (-900000000)) / 25000)::int AS y FROM incident i JOIN county_profile p ON p.county = $1 WHERE i.county = $1 AND i.id = $2::uuid) k ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT k.town, k.day, k.class_code AS "classCode", k.state, k.sensitive, k.suspicious, k.x, k.y FROM (SELECT CASE WHEN length(i.scope_code) >= 9 THEN left(i.scope_code, 9) ELSE i.county END AS town, (i.opened_at AT TIME ZONE p.timezone)::date AS day, i.class_code, i.state, i.sensitive, i.suspicious, left(i.class_code, 2) AS major, CASE WHEN i.state IN ('closed', 'evaluated') THEN 'solved' WHEN i.state IN ('rejected', 'void') THEN 'invalid' ELSE 'open' END AS state_group, ((round((ST_X(i.geom)) * 10000000)::int4::bigint - (-1800000000)) / 25000)::int AS x, ((round((ST_Y(i.geom)) * 10000000)::int4::bigint - (-900000000)) / 25000)::int AS y FROM incident i JOIN county_profile p ON p.county = $1 WHERE i.county = $1 AND i.id = $2::uuid) k ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT r.county, r.incident_id AS "incidentId", r.order_no AS "orderNo", r.code_hash AS "codeHash", r.failed_attempts AS "failedAttempts", r.locked_until AS "lockedUntil", r.withdrawn_at AS "withdrawnAt", i.ref, i.class_code AS "classCode", i.state, i.title, i.opened_at AS "openedAt", i.closed_at AS "closedAt", i.scope_code AS "scopeCode", i.sensitive, i.handler_id AS "handlerId", i.version FROM incident_report r JOIN incident i ON i.county = $1 AND i.id = r.incident_id WHERE r.county = $1 AND r.order_no = $2 FOR UPDATE ) jw_rows;

-- county
UPDATE incident SET state = $3, workflow = $4, step = $5, handler_id = $6::uuid, organisation_id = $7::uuid, post_id = $8::uuid, inbox_role = $9, inbox_area = $10, worked_by = $11::uuid, merged_into = $12::uuid, due_at = $13::timestamptz, first_answer_at = $14::timestamptz, closed_at = $15::timestamptz, version = version + 1 WHERE county = $1 AND id = $2::uuid;

-- county
UPDATE incident_report SET withdrawn_at = $3::timestamptz WHERE county = $1 AND incident_id = $2::uuid;

-- county
WITH d0 AS (SELECT * FROM unnest($2::text[], $3::boolean[], $4::date[], $5::text[], $6::text[], $7::boolean[], $8::int[]) AS u(scope_code, whole, day, class_code, state, sensitive, count)), d1 AS (SELECT * FROM unnest($9::text[], $10::int[], $11::date[], $12::int[], $13::int[], $14::text[], $15::text[], $16::boolean[], $17::int[]) AS u(scope_code, edge, month, x, y, major, state_group, sensitive, count)) , gone0 AS ( DELETE FROM incident_day t USING d0 d WHERE t.county = $1 AND t.scope_code = d.scope_code AND t.whole = d.whole AND t.day = d.day AND t.class_code = d.class_code AND t.state = d.state AND t.sensitive = d.sensitive AND d.count < 0 AND t.count + d.count <= 0 RETURNING t.county), less0 AS ( UPDATE incident_day t SET count = t.count + d.count FROM d0 d WHERE t.county = $1 AND t.scope_code = d.scope_code AND t.whole = d.whole AND t.day = d.day AND t.class_code = d.class_code AND t.state = d.state AND t.sensitive = d.sensitive AND d.count < 0 AND t.count + d.count > 0 RETURNING t.county), gone1 AS ( DELETE FROM incident_cell_month t USING d1 d WHERE t.county = $1 AND t.scope_code = d.scope_code AND t.edge = d.edge AND t.month = d.month AND t.x = d.x AND t.y = d.y AND t.major = d.major AND t.state_group = d.state_group AND t.sensitive = d.sensitive AND d.count < 0 AND t.count + d.count <= 0 RETURNING t.county), less1 AS ( UPDATE incident_cell_month t SET count = t.count + d.count FROM d1 d WHERE t.county = $1 AND t.scope_code = d.scope_code AND t.edge = d.edge AND t.month = d.month AND t.x = d.x AND t.y = d.y AND t.major = d.major AND t.state_group = d.state_group AND t.sensitive = d.sensitive AND d.count < 0 AND t.count + d.count > 0 RETURNING t.county), more0 AS (INSERT INTO incident_day (county, scope_code, whole, day, class_code, state, sensitive, count) SELECT $1, scope_code, whole, day, class_code, state, sensitive, d.count FROM d0 d WHERE d.count > 0 ON CONFLICT (county, scope_code, whole, day, class_code, state, sensitive) DO UPDATE SET count = incident_day.count + excluded.count RETURNING 1) INSERT INTO incident_cell_month (county, scope_code, edge, month, x, y, major, state_group, sensitive, count) SELECT $1, scope_code, edge, month, x, y, major, state_group, sensitive, d.count FROM d1 d WHERE d.count > 0 ON CONFLICT (county, scope_code, edge, month, x, y, major, state_group, sensitive) DO UPDATE SET count = incident_cell_month.count + excluded.count;

-- county
WITH jw_rows AS (UPDATE incident_candidate c SET state = i.state, version = i.version FROM incident i WHERE c.county = $1 AND c.incident_id = $2::uuid AND i.county = $1 AND i.id = $2::uuid RETURNING c.scope_code AS code ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- county
WITH live AS ( UPDATE county_profile SET live_version = live_version + 1, updated_at = $2::timestamptz WHERE county = $1 RETURNING live_version), told AS ( INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version) SELECT $1, c.id, c.kind, $3, $4::jsonb, $5::bigint, c.scope_before, c.scope_after, $2::timestamptz, l.live_version FROM live l, unnest($6::uuid[], $7::text[], $8::text[], $9::text[]) AS c(id, kind, scope_before, scope_after) RETURNING id) , jw_rows AS (SELECT l.live_version AS "liveVersion", (SELECT count(*)::int FROM told) AS told, pg_notify($10, $1)::text AS woken FROM live l ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;
