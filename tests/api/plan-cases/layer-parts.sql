-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT $1 AS county, m.layer_area_id AS "areaId", m.grid_id AS "gridId", m.layer_id AS "layerId", m.m2, m.sole_m2 AS "soleM2", m.owned_m2 AS "ownedM2", m.grid_m2 AS "gridM2", m.main, m.basis, m.valid_from AS since FROM layer_grid_map m WHERE m.county = $1 AND m.grid_id = ANY($2::uuid[]) AND m.valid_to = $3::timestamptz ORDER BY m.grid_id, m.layer_id, m.main DESC, m.m2 DESC, m.layer_area_id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT a.county, a.id, a.layer_id AS "layerId", a.code, a.name, a.unit, a.source_date::text AS "sourceDate", a.area_m2 AS m2, a.merged_at AS "mergedAt" FROM layer_area a WHERE a.county = $1 AND a.id = ANY($2::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;
