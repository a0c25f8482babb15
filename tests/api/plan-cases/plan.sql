-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT a.plan_id AS "planId", a.cell, a.area_id AS "areaId", a.code, a.kind, a.name, ST_AsGeoJSON(a.geom, 7)::json AS geometry FROM plan_area a WHERE a.county = $1 AND a.plan_id = ANY($2::uuid[]) ORDER BY a.code, a.cell ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT a.plan_id AS "planId", a.cell, a.area_id AS "areaId", a.code, a.kind, a.name, ST_AsGeoJSON(a.geom, 7)::json AS geometry FROM plan_area a WHERE a.county = $1 AND a.plan_id = ANY($2::uuid[]) ORDER BY a.code, a.cell ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT a.plan_id AS "planId", a.cell, a.area_id AS "areaId", a.code, a.kind, a.name, ST_AsGeoJSON(a.geom, 7)::json AS geometry FROM plan_area a WHERE a.county = $1 AND a.plan_id = ANY($2::uuid[]) ORDER BY a.code, a.cell ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT b.plan_id AS "planId", b.cell, b.side, b.text, b.author, b.at FROM plan_bound b WHERE b.county = $1 AND b.plan_id = ANY($2::uuid[]) ORDER BY b.plan_id, b.cell, b.side ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT f.kind, f.rank, f.name, ST_AsGeoJSON(f.geom, 7)::json AS geometry FROM area_version s JOIN context_feature f ON f.county = $1 AND f.kind = ANY($4::text[]) AND f.west <= s.east AND f.east >= s.west AND f.south <= s.north AND f.north >= s.south WHERE s.county = $1 AND s.code = $2 AND s.valid_from <= $3::timestamptz AND s.valid_to > $3::timestamptz ORDER BY f.kind, f.rank, f.id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.base FROM plan p WHERE p.county = $1 AND p.id = $2::uuid ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.id, p.scope_code AS "scopeCode", p.name, p.summary, p.state, p.revision, p.base_at AS "baseAt", p.effective_on AS "effectiveOn", p.author_id AS "authorId", p.author, p.editors, p.saved_name AS "savedName", p.saved_at AS "savedAt", p.approved_name AS "approvedName", p.reverts, p.created_at AS "createdAt", p.updated_at AS "updatedAt" FROM plan p WHERE p.county = $1 AND p.id = ANY($2::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.households_source AS "householdsSource", v.households_date AS "householdsDate", v.source_ref AS "sourceRef", v.source_crs AS "sourceCrs", v.valid_from AS "validFrom", ST_AsGeoJSON(v.geom, 7)::json AS geometry FROM area_version v WHERE v.county = $1 AND v.code >= $2 AND v.code < $3 AND v.level <> 'county' AND v.valid_from <= $4::timestamptz AND v.valid_to > $4::timestamptz AND NOT EXISTS (SELECT FROM area_version m WHERE m.county = $1 AND m.code > v.code AND m.code < (v.code || '~') COLLATE "C" AND m.valid_from <= $4::timestamptz AND m.valid_to > $4::timestamptz) ORDER BY v.code ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.households_source AS "householdsSource", v.households_date AS "householdsDate", v.source_ref AS "sourceRef", v.source_crs AS "sourceCrs", v.valid_from AS "validFrom", ST_AsGeoJSON(v.geom, 7)::json AS geometry FROM area_version v WHERE v.county = $1 AND v.id = ANY($2::uuid[]) ORDER BY v.code ) jw_rows;
