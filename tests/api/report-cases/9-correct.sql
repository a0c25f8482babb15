-- county
DELETE FROM contact_key WHERE county = $1 AND incident_id = $2::uuid;

-- county
DELETE FROM reporter_contact WHERE county = $1 AND incident_id = $2::uuid;

-- county
INSERT INTO audit_log (county, id, actor, actor_name, role, address, action, entity, reason, at, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT 1 AS found FROM reporter_contact c LEFT JOIN contact_key k ON k.county = $1 AND k.incident_id = c.incident_id AND k.id = c.key_id WHERE c.county = $1 AND c.incident_id = $2::uuid AND (c.key_id IS NULL OR k.id IS NOT NULL) ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT r.county, r.incident_id AS "incidentId", r.order_no AS "orderNo", r.code_hash AS "codeHash", r.failed_attempts AS "failedAttempts", r.locked_until AS "lockedUntil", r.withdrawn_at AS "withdrawnAt", i.ref, i.class_code AS "classCode", i.state, i.title, i.opened_at AS "openedAt", i.closed_at AS "closedAt", i.scope_code AS "scopeCode", i.sensitive, i.handler_id AS "handlerId", i.version FROM incident_report r JOIN incident i ON i.county = $1 AND i.id = r.incident_id WHERE r.county = $1 AND r.order_no = $2 FOR UPDATE ) jw_rows;

-- county
UPDATE incident SET title = $3, version = version + 1 WHERE county = $1 AND id = $2::uuid;

-- county
WITH jw_rows AS (UPDATE incident_candidate c SET state = i.state, version = i.version FROM incident i WHERE c.county = $1 AND c.incident_id = $2::uuid AND i.county = $1 AND i.id = $2::uuid RETURNING c.scope_code AS code ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;

-- county
WITH live AS ( UPDATE county_profile SET live_version = live_version + 1, updated_at = $2::timestamptz WHERE county = $1 RETURNING live_version), told AS ( INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version) SELECT $1, c.id, c.kind, $3, $4::jsonb, $5::bigint, c.scope_before, c.scope_after, $2::timestamptz, l.live_version FROM live l, unnest($6::uuid[], $7::text[], $8::text[], $9::text[]) AS c(id, kind, scope_before, scope_after) RETURNING id) , jw_rows AS (SELECT l.live_version AS "liveVersion", (SELECT count(*)::int FROM told) AS told, pg_notify($10, $1)::text AS woken FROM live l ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;
