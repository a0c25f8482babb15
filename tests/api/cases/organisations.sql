-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT * FROM ( SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat, r.organisation_id AS organisation, row_number() OVER (PARTITION BY r.organisation_id ORDER BY v.code) AS place FROM organisation_role r JOIN area_version v ON v.county = $1 AND v.area_id = r.area_id AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz AND v.code > $4 WHERE r.county = $1 AND r.organisation_id = ANY($2::uuid[]) AND r.role = 'responsible' AND r.valid_from <= $3::timestamptz AND r.valid_to > $3::timestamptz ) c WHERE c.place <= $5::int ORDER BY c.organisation, c.code ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM organisation o WHERE o.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM organisation o WHERE o.county = $1 AND EXISTS (SELECT 1 FROM organisation_role r WHERE r.county = $1 AND r.organisation_id = o.id AND r.valid_from <= $2::timestamptz AND r.valid_to > $2::timestamptz AND r.role = $3 AND EXISTS (SELECT 1 FROM area_version v WHERE v.county = $1 AND v.area_id = r.area_id AND v.valid_from <= $2::timestamptz AND v.valid_to > $2::timestamptz AND v.code >= $4 AND v.code < $5)) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT o.county, o.id, o.kind, o.name, o.name_sort AS "nameSort", o.credit_code AS "creditCode", o.unit_level AS "unitLevel", o.duty_phone AS "dutyPhone" FROM organisation o WHERE o.county = $1 AND EXISTS (SELECT 1 FROM organisation_role r WHERE r.county = $1 AND r.organisation_id = o.id AND r.valid_from <= $2::timestamptz AND r.valid_to > $2::timestamptz AND r.role = $3 AND EXISTS (SELECT 1 FROM area_version v WHERE v.county = $1 AND v.area_id = r.area_id AND v.valid_from <= $2::timestamptz AND v.valid_to > $2::timestamptz AND v.code >= $4 AND v.code < $5)) ORDER BY o.name_sort, o.id LIMIT $6::int ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT o.county, o.id, o.kind, o.name, o.name_sort AS "nameSort", o.credit_code AS "creditCode", o.unit_level AS "unitLevel", o.duty_phone AS "dutyPhone" FROM organisation o WHERE o.county = $1 ORDER BY o.name_sort, o.id LIMIT $2::int ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT r.organisation_id AS organisation, count(*)::int AS count FROM organisation_role r JOIN area_version v ON v.county = $1 AND v.area_id = r.area_id AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz WHERE r.county = $1 AND r.organisation_id = ANY($2::uuid[]) AND r.role = 'responsible' AND r.valid_from <= $3::timestamptz AND r.valid_to > $3::timestamptz GROUP BY r.organisation_id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;
