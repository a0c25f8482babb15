-- viewer
INSERT INTO audit_log (county, id, actor, actor_name, role, address, action, entity, reason, at, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT 1 AS found FROM incident i WHERE i.county = $1 AND i.id = $2::uuid AND i.handler_id = $3::uuid ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT encode(c.contact, 'hex') AS contact, encode(k.key, 'hex') AS key FROM reporter_contact c LEFT JOIN contact_key k ON k.county = $1 AND k.incident_id = c.incident_id AND k.id = c.key_id WHERE c.county = $1 AND c.incident_id = $2::uuid AND c.handler_id = $3::uuid AND (c.key_id IS NULL OR k.id IS NOT NULL) ) jw_rows;
