-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.process FROM county_process p WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.process FROM county_process p WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.process FROM county_process p WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.process FROM county_process p WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.process FROM county_process p WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.process FROM county_process p WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND (i.handler_id = $3::uuid OR (i.inbox_role = $4 AND i.inbox_area >= $5 AND i.inbox_area < $6)) AND i.inbox_role = $7 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND i.scope_code >= $3 AND i.scope_code < $4 AND i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT e.incident_id AS "incidentId", e.from_state AS "fromState", e.to_state AS "toState", e.actor AS actor, e.at, e.note AS note, e.kind, e.step FROM incident_event e WHERE e.county = $1 AND e.incident_id = ANY($2::uuid[]) ORDER BY e.incident_id, e.seq, e.id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.county, i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.title AS title, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.grid_code_at AS "gridCodeAt", i.scope_code AS "scopeCode", i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.source_verdict AS "sourceVerdict", i.border, i.suspicious, i.escalation, i.source_ref AS "sourceRef", i.organisation_id AS "organisationId", i.workflow, i.step, (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) AS late, CASE WHEN i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') AND (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) THEN 0 ELSE 1 END AS "overdueRank" FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND (i.handler_id = $3::uuid OR (i.inbox_role = $4 AND i.inbox_area >= $5 AND i.inbox_area < $6)) AND i.inbox_role = $7 ORDER BY i.opened_at DESC, i.id DESC LIMIT $8::int ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.county, i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.title AS title, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.grid_code_at AS "gridCodeAt", i.scope_code AS "scopeCode", i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.source_verdict AS "sourceVerdict", i.border, i.suspicious, i.escalation, i.source_ref AS "sourceRef", i.organisation_id AS "organisationId", i.workflow, i.step, (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) AS late, CASE WHEN i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') AND (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) THEN 0 ELSE 1 END AS "overdueRank" FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND i.scope_code >= $3 AND i.scope_code < $4 AND i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') ORDER BY i.due_at, i.id LIMIT $5::int ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.county, i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.title AS title, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.grid_code_at AS "gridCodeAt", i.scope_code AS "scopeCode", i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.source_verdict AS "sourceVerdict", i.border, i.suspicious, i.escalation, i.source_ref AS "sourceRef", i.organisation_id AS "organisationId", i.workflow, i.step, (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) AS late, CASE WHEN i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') AND (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) THEN 0 ELSE 1 END AS "overdueRank", i.merged_into AS "mergedInto" FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND i.merged_into = ANY($3::uuid[]) ORDER BY i.opened_at, i.id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.id, i.version, i.handler_id AS "handlerId", i.worked_by AS "workedBy", i.post_id AS "postId", i.inbox_role AS "inboxRole", i.inbox_area AS "inboxArea", i.merged_into AS "mergedInto" FROM incident i WHERE i.county = $1 AND i.id = ANY($2::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;
