-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.code, c.kind, c.major, c.name, c.name_en AS "nameEn", c.standard_ref AS "standardRef", c.is_local_extension AS "isLocalExtension", c.sensitive FROM class_code c ORDER BY c.kind, c.code ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.extra_classes AS classes FROM county_profile p WHERE p.county = $1 ) jw_rows;

-- reference
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.code, c.kind, c.major, c.name, c.name_en AS "nameEn", c.standard_ref AS "standardRef", c.is_local_extension AS "isLocalExtension", c.sensitive FROM class_code c ORDER BY c.kind, c.code ) jw_rows;
