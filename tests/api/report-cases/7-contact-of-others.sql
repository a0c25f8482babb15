-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT 1 AS found FROM incident i WHERE i.county = $1 AND i.id = $2::uuid AND i.handler_id = $3::uuid ) jw_rows;
