-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.code, c.kind, c.major, c.name, c.name_en AS "nameEn", c.standard_ref AS "standardRef", c.is_local_extension AS "isLocalExtension", c.sensitive FROM class_code c ORDER BY c.kind, c.code ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND i.scope_code >= $3 AND i.scope_code < $4 AND i.opened_at >= $5::timestamptz AND i.id >= $6::uuid AND (i.class_code = ANY($7::text[]) OR left(i.class_code, 2) = ANY($7::text[])) ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT e.incident_id AS "incidentId", e.from_state AS "fromState", e.to_state AS "toState", e.actor, e.at, e.note FROM incident_event e WHERE e.county = $1 AND e.incident_id = ANY($2::uuid[]) ORDER BY e.incident_id, e.seq, e.id ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.county, i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.title, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.grid_code_at AS "gridCodeAt", i.scope_code AS "scopeCode", i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.source_verdict AS "sourceVerdict", i.border, i.suspicious, i.source_ref AS "sourceRef", i.organisation_id AS "organisationId", (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) AS late, CASE WHEN i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') AND (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) THEN 0 ELSE 1 END AS "overdueRank" FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND i.scope_code >= $3 AND i.scope_code < $4 AND i.opened_at >= $5::timestamptz AND i.id >= $6::uuid AND (i.class_code = ANY($7::text[]) OR left(i.class_code, 2) = ANY($7::text[])) ORDER BY i.opened_at DESC, i.id DESC LIMIT $8::int ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.extra_classes AS classes FROM county_profile p WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT r.county, r.organisation_id AS "organisationId", v.code AS "areaCode", r.contract_no AS "contractNo", coalesce(lower(r.valid), '0001-01-01T00:00:00Z') AS "from", upper(r.valid) AS "to", false AS expired FROM area_version v JOIN organisation_role r ON r.county = $1 AND r.area_id = v.area_id AND r.role = 'responsible' AND r.valid @> $3::timestamptz WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid @> $3::timestamptz ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT s.county, s.id, s.name, s.name_sort AS "nameSort", s.title, s.organisation_id AS "organisationId" FROM duty_staff s WHERE s.county = $1 AND s.id = ANY($2::uuid[]) ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid @> $3::timestamptz ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid @> $3::timestamptz ) jw_rows;

-- county
WITH served AS MATERIALIZED ( SELECT v.code, pa.post_id, pa.lead FROM area_version v JOIN post_area pa ON pa.county = $1 AND pa.area_id = v.area_id WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid @> $3::timestamptz), posts AS MATERIALIZED (SELECT DISTINCT post_id FROM served), holders AS MATERIALIZED ( SELECT h.post_id, h.staff_id, h.slot, upper(h.valid) AS ends, s.name_sort FROM post_holder h JOIN duty_staff s ON s.county = $1 AND s.id = h.staff_id WHERE h.county = $1 AND h.post_id IN (SELECT post_id FROM posts) AND h.valid @> $3::timestamptz) , jw_rows AS (SELECT coalesce((SELECT json_agg(json_build_object('code', served.code, 'postId', t.id, 'lead', served.lead, 'kind', t.kind) ORDER BY served.code, t.id) FROM served JOIN post t ON t.county = $1 AND t.id = served.post_id), '[]') AS served, coalesce((SELECT json_agg(json_build_object('postId', h.post_id, 'staffId', h.staff_id, 'slot', h.slot, 'to', h.ends) ORDER BY h.slot, h.name_sort, h.staff_id) FROM holders h), '[]') AS holders, coalesce((SELECT json_agg(json_build_object('staffId', x.staff_id, 'from', lower(x.during), 'to', upper(x.during)) ORDER BY lower(x.during)) FROM staff_absence x WHERE x.county = $1 AND x.during && tstzrange($3::timestamptz, $3::timestamptz + interval '3 days') AND x.staff_id IN (SELECT staff_id FROM holders)), '[]') AS absences, coalesce((SELECT json_agg(json_build_object('postId', d.post_id, 'slot', d.slot, 'weekdays', d.weekdays, 'startMinute', d.start_minute, 'endMinute', d.end_minute) ORDER BY d.slot, d.start_minute, d.id) FROM duty_shift d WHERE d.county = $1 AND d.post_id IN (SELECT post_id FROM posts)), '[]') AS shifts ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;
