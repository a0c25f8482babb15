-- county
INSERT INTO audit_log (county, id, actor, actor_name, role, address, action, entity, reason, at, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT 1 AS found FROM reporter_contact c LEFT JOIN contact_key k ON k.county = $1 AND k.incident_id = c.incident_id AND k.id = c.key_id WHERE c.county = $1 AND c.incident_id = $2::uuid AND (c.key_id IS NULL OR k.id IS NOT NULL) ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.code, c.kind, c.major, c.name, c.name_en AS "nameEn", c.standard_ref AS "standardRef", c.is_local_extension AS "isLocalExtension", c.sensitive FROM class_code c ORDER BY c.kind, c.code ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT encode(c.contact, 'hex') AS contact, encode(k.key, 'hex') AS key FROM reporter_contact c LEFT JOIN contact_key k ON k.county = $1 AND k.incident_id = c.incident_id AND k.id = c.key_id WHERE c.county = $1 AND c.incident_id = $2::uuid AND (c.key_id IS NULL OR k.id IS NOT NULL) ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.extra_classes AS classes FROM county_profile p WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT r.county, r.incident_id AS "incidentId", r.order_no AS "orderNo", r.code_hash AS "codeHash", r.failed_attempts AS "failedAttempts", r.locked_until AS "lockedUntil", r.withdrawn_at AS "withdrawnAt", i.ref, i.class_code AS "classCode", i.state, i.title, i.opened_at AS "openedAt", i.closed_at AS "closedAt", i.scope_code AS "scopeCode", i.sensitive, i.handler_id AS "handlerId", i.version FROM incident_report r JOIN incident i ON i.county = $1 AND i.id = r.incident_id WHERE r.county = $1 AND r.order_no = $2 FOR UPDATE ) jw_rows;
