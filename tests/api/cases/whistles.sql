-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.county, c.id, c.whistle_id AS "whistleId", c.organisation_id AS "organisationId", c.arrive_by AS "arriveBy", c.arrived_at AS "arrivedAt" FROM whistle_call c WHERE c.county = $1 AND c.whistle_id = ANY($2::uuid[]) ORDER BY c.whistle_id, c.id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.class_code AS "classCode", i.source, i.state, i.workflow, i.step, h.states, count(*)::int AS count, count(r.rating)::int AS rated, count(*) FILTER (WHERE r.rating >= $8::int)::int AS satisfied FROM incident i LEFT JOIN incident_rating r ON r.county = $1 AND r.incident_id = i.id LEFT JOIN LATERAL ( SELECT array_agg(DISTINCT e.to_state ORDER BY e.to_state) AS states FROM incident_event e WHERE e.county = $1 AND e.incident_id = i.id AND i.state IN ('rejected', 'void', 'on_hold', 'rework', 'inspection')) h ON true WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND i.scope_code >= $3 AND i.scope_code < $4 AND i.opened_at >= $5::timestamptz AND i.id >= $6::uuid AND i.source = ANY($7::text[]) GROUP BY i.class_code, i.source, i.state, i.workflow, i.step, h.states ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.county, i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.title AS title, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat, i.grid_code_at AS "gridCodeAt", i.scope_code AS "scopeCode", i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.source_verdict AS "sourceVerdict", i.border, i.suspicious, i.escalation, i.source_ref AS "sourceRef", i.organisation_id AS "organisationId", i.workflow, i.step, (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) AS late, CASE WHEN i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') AND (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) THEN 0 ELSE 1 END AS "overdueRank" FROM incident i WHERE i.county = $1 AND $2::timestamptz IS NOT NULL AND i.id = ANY($3::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT o.county, o.id, o.kind, o.name, o.name_sort AS "nameSort", o.credit_code AS "creditCode", o.unit_level AS "unitLevel", o.duty_phone AS "dutyPhone" FROM organisation o WHERE o.county = $1 AND o.id = ANY($2::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT r.incident_id AS "incidentId", r.rating, r.at FROM incident_rating r WHERE r.county = $1 AND r.incident_id = ANY($2::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT w.county, w.id, w.incident_id AS "incidentId", w.area_code AS "areaCode", w.item, w.class, w.note AS note, w.blown_at AS "blownAt", w.ended_at AS "endedAt", w.outcome AS outcome, w.rating, w.version FROM whistle w WHERE w.county = $1 AND w.scope_code >= $2 AND w.scope_code < $3 AND w.blown_at >= $4::timestamptz AND w.ended_at IS NULL ORDER BY w.blown_at DESC, w.id DESC LIMIT $5::int ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT w.county, w.id, w.incident_id AS "incidentId", w.area_code AS "areaCode", w.item, w.class, w.note AS note, w.blown_at AS "blownAt", w.ended_at AS "endedAt", w.outcome AS outcome, w.rating, w.version FROM whistle w WHERE w.county = $1 ORDER BY w.blown_at DESC, w.id DESC LIMIT $2::int ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT w.id AS "whistleId", c.id AS "callId", c.organisation_id AS "organisationId", w.blown_at AS "blownAt", c.arrive_by AS "arriveBy", c.arrived_at AS "arrivedAt", w.ended_at AS "endedAt", w.rating FROM whistle w JOIN whistle_call c ON c.county = $1 AND c.whistle_id = w.id WHERE w.county = $1 AND w.blown_at >= $2::timestamptz AND w.blown_at < $3::timestamptz ) jw_rows;
