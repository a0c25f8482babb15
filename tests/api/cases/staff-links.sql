-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.staff_id AS id, c.work_phone AS phone FROM duty_staff_contact c WHERE c.county = $1 AND c.staff_id = ANY($2::uuid[]) ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT o.county, o.id, o.kind, o.name, o.name_sort AS "nameSort", o.credit_code AS "creditCode", o.unit_level AS "unitLevel", o.duty_phone AS "dutyPhone" FROM organisation o WHERE o.county = $1 AND o.id = ANY($2::uuid[]) ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT pa.post_id AS post, json_agg(v.code ORDER BY v.code) AS codes FROM post_area pa JOIN area_version v ON v.county = $1 AND v.area_id = pa.area_id AND v.valid @> $3::timestamptz WHERE pa.county = $1 AND pa.post_id = ANY($2::uuid[]) GROUP BY pa.post_id ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT s.county, s.id, s.name, s.name_sort AS "nameSort", s.title, s.organisation_id AS "organisationId" FROM duty_staff s WHERE s.county = $1 AND s.id = ANY($2::uuid[]) ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT t.county, t.id, t.kind, t.organisation_id AS "organisationId", t.place, ST_X(t.geom) AS lon, ST_Y(t.geom) AS lat FROM post t WHERE t.county = $1 AND t.id = ANY($2::uuid[]) ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT t.county, t.id, t.kind, t.organisation_id AS "organisationId", t.place, ST_X(t.geom) AS lon, ST_Y(t.geom) AS lat, h.staff_id AS staff FROM post_holder h JOIN post t ON t.county = $1 AND t.id = h.post_id WHERE h.county = $1 AND h.staff_id = ANY($2::uuid[]) AND h.valid @> $3::timestamptz ORDER BY h.staff_id, h.slot, t.kind, t.id ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid @> $3::timestamptz ) jw_rows;

-- county
WITH served AS MATERIALIZED ( SELECT v.code, pa.post_id, pa.lead FROM area_version v JOIN post_area pa ON pa.county = $1 AND pa.area_id = v.area_id WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid @> $3::timestamptz), posts AS MATERIALIZED (SELECT DISTINCT post_id FROM served), away AS ( SELECT x.staff_id, json_agg(json_build_object('from', lower(x.during), 'to', upper(x.during)) ORDER BY lower(x.during)) AS list FROM staff_absence x WHERE x.county = $1 AND x.during && tstzrange($3::timestamptz, $3::timestamptz + interval '3 days') AND x.staff_id IN (SELECT h.staff_id FROM post_holder h WHERE h.county = $1 AND h.post_id IN (SELECT post_id FROM posts)) GROUP BY x.staff_id), holders AS ( SELECT h.post_id, json_agg(json_build_object('staffId', h.staff_id, 'slot', h.slot, 'to', upper(h.valid), 'absences', coalesce(away.list, '[]')) ORDER BY h.slot, s.name_sort, h.staff_id) AS list FROM post_holder h JOIN duty_staff s ON s.county = $1 AND s.id = h.staff_id LEFT JOIN away ON away.staff_id = h.staff_id WHERE h.county = $1 AND h.post_id IN (SELECT post_id FROM posts) AND h.valid @> $3::timestamptz GROUP BY h.post_id), shifts AS ( SELECT d.post_id, json_agg(json_build_object('slot', d.slot, 'weekdays', d.weekdays, 'startMinute', d.start_minute, 'endMinute', d.end_minute) ORDER BY d.slot, d.start_minute, d.id) AS list FROM duty_shift d WHERE d.county = $1 AND d.post_id IN (SELECT post_id FROM posts) GROUP BY d.post_id) , jw_rows AS (SELECT served.code, json_agg(json_build_object('postId', t.id, 'kind', t.kind, 'areaCode', served.code, 'lead', served.lead, 'holders', coalesce(holders.list, '[]'), 'shifts', coalesce(shifts.list, '[]')) ORDER BY t.id) AS posts FROM served JOIN post t ON t.county = $1 AND t.id = served.post_id LEFT JOIN holders ON holders.post_id = t.id LEFT JOIN shifts ON shifts.post_id = t.id GROUP BY served.code ) SELECT coalesce(json_agg(jw_rows), '[]')::text FROM jw_rows;
