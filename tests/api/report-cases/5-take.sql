-- county
INSERT INTO audit_log (county, id, actor, actor_name, role, address, action, entity, reason, at, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- county
INSERT INTO incident_event (county, id, incident_id, seq, from_state, to_state, actor, at, note, scope_code, sensitive, kind, step, extended_seconds, organisation_id, post_id) SELECT $1, $2::uuid, i.id, (SELECT coalesce(max(e.seq), 0) + 1 FROM incident_event e WHERE e.county = $1 AND e.incident_id = $3::uuid), $4, $5, $6, $7::timestamptz, $8, i.scope_code, i.sensitive, $9, $10, $11::int, CASE WHEN (i.organisation_id, i.post_id) IS DISTINCT FROM (l.organisation_id, l.post_id) THEN i.organisation_id END, CASE WHEN (i.organisation_id, i.post_id) IS DISTINCT FROM (l.organisation_id, l.post_id) THEN i.post_id END FROM incident i LEFT JOIN LATERAL (SELECT e.organisation_id, e.post_id FROM incident_event e WHERE e.county = $1 AND e.incident_id = $3::uuid AND (e.organisation_id IS NOT NULL OR e.post_id IS NOT NULL) ORDER BY e.seq DESC LIMIT 1) l ON true WHERE i.county = $1 AND i.id = $3::uuid;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT a.county, a.id, a.department, a.organisation_id AS "organisationId", a.item, a.classes, a.kind, a.batch FROM admission_item a WHERE a.county = $1 AND a.kind IN ('forbidden', 'no_stamp') ORDER BY a.ordinal, a.id ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.workflow, i.step, i.scope_code AS "scopeCode", i.sensitive, i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.handler_id AS "handlerId", i.worked_by AS "workedBy", i.organisation_id AS "organisationId", i.post_id AS "postId", i.inbox_role AS "inboxRole", i.inbox_area AS "inboxArea", i.escalation, i.merged_into AS "mergedInto", i.version FROM incident i WHERE i.county = $1 AND i.id = $2::uuid FOR UPDATE ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
UPDATE contact_key SET handler_id = $3::uuid WHERE county = $1 AND incident_id = $2::uuid;

-- county
UPDATE incident SET handler_id = $3::uuid, organisation_id = $4::uuid, post_id = $5::uuid, inbox_role = $6, inbox_area = $7, version = version + 1 WHERE county = $1 AND id = $2::uuid;

-- county
UPDATE incident_photo SET handler_id = $3::uuid WHERE county = $1 AND incident_id = $2::uuid;

-- county
UPDATE incident_sealed_place SET handler_id = $3::uuid WHERE county = $1 AND incident_id = $2::uuid;

-- county
UPDATE reporter_contact SET handler_id = $3::uuid WHERE county = $1 AND incident_id = $2::uuid;

-- county
WITH jw_rows AS (UPDATE incident_candidate c SET state = i.state, version = i.version FROM incident i WHERE c.county = $1 AND c.incident_id = $2::uuid AND i.county = $1 AND i.id = $2::uuid RETURNING c.scope_code AS code ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- county
WITH live AS ( UPDATE county_profile SET live_version = live_version + 1, updated_at = $2::timestamptz WHERE county = $1 RETURNING live_version), told AS ( INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version) SELECT $1, c.id, c.kind, $3, $4::jsonb, $5::bigint, c.scope_before, c.scope_after, $2::timestamptz, l.live_version FROM live l, unnest($6::uuid[], $7::text[], $8::text[], $9::text[]) AS c(id, kind, scope_before, scope_after) RETURNING id) , jw_rows AS (SELECT l.live_version AS "liveVersion", (SELECT count(*)::int FROM told) AS told, pg_notify($10, $1)::text AS woken FROM live l ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT e.incident_id AS "incidentId", e.from_state AS "fromState", e.to_state AS "toState", e.actor AS actor, e.at, e.note AS note, e.kind, e.step FROM incident_event e WHERE e.county = $1 AND e.incident_id = ANY($2::uuid[]) ORDER BY e.incident_id, e.seq, e.id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.county, i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.title AS title, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.grid_code_at AS "gridCodeAt", i.scope_code AS "scopeCode", i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.source_verdict AS "sourceVerdict", i.border, i.suspicious, i.escalation, i.source_ref AS "sourceRef", i.organisation_id AS "organisationId", i.workflow, i.step, (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) AS late, CASE WHEN i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') AND (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) THEN 0 ELSE 1 END AS "overdueRank" FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND i.id = ANY($3::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.county, i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.title AS title, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.grid_code_at AS "gridCodeAt", i.scope_code AS "scopeCode", i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.source_verdict AS "sourceVerdict", i.border, i.suspicious, i.escalation, i.source_ref AS "sourceRef", i.organisation_id AS "organisationId", i.workflow, i.step, (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) AS late, CASE WHEN i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') AND (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) THEN 0 ELSE 1 END AS "overdueRank" FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND i.id = ANY($3::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.id, i.version, i.handler_id AS "handlerId", i.worked_by AS "workedBy", i.post_id AS "postId", i.inbox_role AS "inboxRole", i.inbox_area AS "inboxArea", i.merged_into AS "mergedInto" FROM incident i WHERE i.county = $1 AND i.id = ANY($2::uuid[]) ) jw_rows;
