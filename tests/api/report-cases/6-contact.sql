-- viewer
INSERT INTO audit_log (county, id, actor, actor_name, role, address, action, entity, reason, at, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- viewer
SELECT c.contact FROM reporter_contact c WHERE c.county = $1 AND c.incident_id = $2::uuid AND c.handler_id = $3::uuid;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT 1 AS found FROM incident i WHERE i.county = $1 AND i.id = $2::uuid AND i.handler_id = $3::uuid ) jw_rows;
