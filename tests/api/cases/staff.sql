-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.staff_id AS id, c.work_phone AS phone FROM duty_staff_contact c WHERE c.county = $1 AND c.staff_id = ANY($2::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM duty_staff s WHERE s.county = $1 AND EXISTS ( SELECT 1 FROM post_holder h JOIN post t ON t.county = $1 AND t.id = h.post_id AND t.kind = ANY($3::text[]) JOIN post_area pa ON pa.county = $1 AND pa.post_id = t.id JOIN area_version v ON v.county = $1 AND v.area_id = pa.area_id AND v.valid_from <= $2::timestamptz AND v.valid_to > $2::timestamptz AND v.code >= $4 AND v.code < $5 WHERE h.county = $1 AND h.staff_id = s.id AND h.valid_from <= $2::timestamptz AND h.valid_to > $2::timestamptz) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT o.county, o.id, o.kind, o.name, o.name_sort AS "nameSort", o.credit_code AS "creditCode", o.unit_level AS "unitLevel", o.duty_phone AS "dutyPhone" FROM organisation o WHERE o.county = $1 AND o.id = ANY($2::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT pa.post_id AS post, json_agg(v.code ORDER BY v.code) AS codes FROM post_area pa JOIN area_version v ON v.county = $1 AND v.area_id = pa.area_id AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz WHERE pa.county = $1 AND pa.post_id = ANY($2::uuid[]) GROUP BY pa.post_id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT s.county, s.id, s.name, s.name_sort AS "nameSort", s.title, s.organisation_id AS "organisationId" FROM duty_staff s WHERE s.county = $1 AND EXISTS ( SELECT 1 FROM post_holder h JOIN post t ON t.county = $1 AND t.id = h.post_id AND t.kind = ANY($3::text[]) JOIN post_area pa ON pa.county = $1 AND pa.post_id = t.id JOIN area_version v ON v.county = $1 AND v.area_id = pa.area_id AND v.valid_from <= $2::timestamptz AND v.valid_to > $2::timestamptz AND v.code >= $4 AND v.code < $5 WHERE h.county = $1 AND h.staff_id = s.id AND h.valid_from <= $2::timestamptz AND h.valid_to > $2::timestamptz) ORDER BY s.name_sort, s.id LIMIT $6::int ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT t.county, t.id, t.kind, t.organisation_id AS "organisationId", t.place, ST_X(t.geom) AS lon, ST_Y(t.geom) AS lat, h.staff_id AS staff FROM post_holder h JOIN post t ON t.county = $1 AND t.id = h.post_id WHERE h.county = $1 AND h.staff_id = ANY($2::uuid[]) AND h.valid_from <= $3::timestamptz AND h.valid_to > $3::timestamptz ORDER BY h.staff_id, h.slot, t.kind, t.id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;
