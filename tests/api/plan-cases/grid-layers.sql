-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT $1 AS county, m.layer_area_id AS "areaId", m.grid_id AS "gridId", m.layer_id AS "layerId", m.m2, m.sole_m2 AS "soleM2", m.owned_m2 AS "ownedM2", m.grid_m2 AS "gridM2", m.main, m.basis, m.valid_from AS since FROM layer_grid_map m WHERE m.county = $1 AND m.layer_area_id = ANY($2::uuid[]) AND m.valid_to = $3::timestamptz ORDER BY m.layer_area_id, m.m2 DESC, m.grid_id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT a.county, a.id, a.layer_id AS "layerId", a.code, a.name, a.unit, a.source_date::text AS "sourceDate", a.area_m2 AS m2, a.merged_at AS "mergedAt" FROM layer_area a WHERE a.county = $1 AND a.id = ANY($2::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT a.county, a.id, a.layer_id AS "layerId", a.code, a.name, a.unit, a.source_date::text AS "sourceDate", a.area_m2 AS m2, a.merged_at AS "mergedAt" FROM layer_area a WHERE a.county = $1 AND a.layer_id = ANY($2::uuid[]) ORDER BY a.code ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT k.key, h.scope_code AS "scopeCode", h.households, h.exact FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[]) AS k(area, grid, since, key) JOIN layer_grid_households h ON h.county = $1 AND h.layer_area_id = k.area AND h.grid_id = k.grid AND h.valid_from = k.since ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT l.county, l.id, l.kind, l.name, l.source, l.imported_at AS "importedAt", (SELECT max(m.valid_from) FROM layer_grid_map m WHERE m.county = $1 AND m.layer_id = l.id) AS "mappedAt" FROM grid_layer l WHERE l.county = $1 AND ($2::uuid IS NULL OR l.id = $2::uuid) ORDER BY l.name_sort, l.id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT m.county, m.id, m.layer_id AS "layerId", m.layer_area_id AS "layerAreaId", m.from_code AS "fromCode", m.from_name AS "fromName", m.to_area AS "toArea", m.to_code AS "toCode", m.share, m.at, m.author, m.role, m.reason FROM layer_merge m WHERE m.county = $1 AND m.layer_id = ANY($2::uuid[]) ORDER BY m.at DESC, m.from_code, m.to_code, m.id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.area_id = ANY($2::uuid[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;
