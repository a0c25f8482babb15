-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM plan p WHERE p.county = $1 AND p.scope_code >= $2 AND p.scope_code < $3 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.id, p.scope_code AS "scopeCode", p.name, p.summary, p.state, p.revision, p.base_at AS "baseAt", p.effective_on AS "effectiveOn", p.author_id AS "authorId", p.author, p.editors, p.saved_name AS "savedName", p.saved_at AS "savedAt", p.approved_name AS "approvedName", p.reverts, p.created_at AS "createdAt", p.updated_at AS "updatedAt" FROM plan p WHERE p.county = $1 AND p.scope_code >= $2 AND p.scope_code < $3 ORDER BY p.updated_at DESC, p.id DESC LIMIT $4::int ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.id, NOT EXISTS ( SELECT FROM jsonb_array_elements(p.base) b LEFT JOIN area_version v ON v.county = $1 AND v.id = (b ->> 1)::uuid AND v.valid_from <= $3::timestamptz WHERE v.id IS NULL OR v.valid_to <> 'infinity' OR (v.level = 'community' AND EXISTS (SELECT FROM area_version m WHERE m.county = $1 AND m.code > v.code AND m.code < (v.code || '~') COLLATE "C" AND m.valid_from <= $3::timestamptz AND m.valid_to = 'infinity'))) AS current FROM plan p WHERE p.county = $1 AND p.id = ANY($2::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;
