-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT a.county, a.incident_id AS "incidentId", a.raised_at AS "raisedAt", a.acknowledged_at AS "acknowledgedAt", a.acknowledged_name AS "acknowledgedBy" FROM alarm a WHERE a.county = $1 AND (a.acknowledged_at IS NULL OR a.raised_at >= $2::timestamptz) ORDER BY (a.acknowledged_at IS NOT NULL), CASE WHEN a.acknowledged_at IS NULL THEN a.raised_at END, a.raised_at DESC, a.incident_id LIMIT $3::int ) jw_rows;
