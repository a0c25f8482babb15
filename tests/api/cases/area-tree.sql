-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT * FROM ( SELECT c.county, c.id, c.community_code AS "communityCode", c.kind, c.name, c.name_sort AS "nameSort", c.households, p.code AS parent, row_number() OVER (PARTITION BY p.code ORDER BY c.name_sort, c.id) AS place FROM unnest($2::text[]) AS p(code) JOIN compound c ON c.county = $1 AND CASE WHEN length(p.code) <= 12 THEN c.community_code >= p.code COLLATE "C" AND c.community_code < (p.code || '~') COLLATE "C" ELSE EXISTS (SELECT 1 FROM grid_compound gc JOIN area_version v ON v.county = $1 AND v.area_id = gc.grid_id AND v.valid @> $3::timestamptz WHERE gc.county = $1 AND gc.compound_id = c.id AND v.code >= p.code COLLATE "C" AND v.code < (p.code || '~') COLLATE "C") END WHERE (c.name_sort, c.id) > ($4, $5::uuid) AND $3::timestamptz IS NOT NULL ) q WHERE q.place <= $6::int ORDER BY q.parent, q.place ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT * FROM ( SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat, p.code AS parent, row_number() OVER (PARTITION BY p.code ORDER BY v.code) AS place FROM unnest($2::text[]) AS p(code) JOIN area_version v ON v.county = $1 AND v.code > p.code COLLATE "C" AND v.code < (p.code || '~') COLLATE "C" AND v.valid @> $3::timestamptz AND left(v.code, CASE v.level WHEN 'town' THEN 6 WHEN 'community' THEN 9 WHEN 'grid' THEN 12 WHEN 'micro' THEN 15 ELSE 0 END) = p.code AND v.code > $4 ) c WHERE c.place <= $5::int ORDER BY c.parent, c.code ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT * FROM ( SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat, p.code AS parent, row_number() OVER (PARTITION BY p.code ORDER BY v.code) AS place FROM unnest($2::text[]) AS p(code) JOIN area_version v ON v.county = $1 AND v.code > p.code COLLATE "C" AND v.code < (p.code || '~') COLLATE "C" AND v.valid @> $3::timestamptz AND left(v.code, CASE v.level WHEN 'town' THEN 6 WHEN 'community' THEN 9 WHEN 'grid' THEN 12 WHEN 'micro' THEN 15 ELSE 0 END) = p.code AND v.code > $4 ) c WHERE c.place <= $5::int ORDER BY c.parent, c.code ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT gc.compound_id AS "compoundId", gc.grid_id AS "gridId", gc.share FROM grid_compound gc WHERE gc.county = $1 AND gc.compound_id = ANY($2::uuid[]) ORDER BY gc.compound_id, gc.share DESC, gc.grid_id ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.code AS parent, count(*)::int AS count FROM unnest($2::text[]) AS p(code) JOIN area_version v ON v.county = $1 AND v.code > p.code COLLATE "C" AND v.code < (p.code || '~') COLLATE "C" AND v.valid @> $3::timestamptz AND left(v.code, CASE v.level WHEN 'town' THEN 6 WHEN 'community' THEN 9 WHEN 'grid' THEN 12 WHEN 'micro' THEN 15 ELSE 0 END) = p.code GROUP BY p.code ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.code AS parent, count(*)::int AS count FROM unnest($2::text[]) AS p(code) JOIN area_version v ON v.county = $1 AND v.code > p.code COLLATE "C" AND v.code < (p.code || '~') COLLATE "C" AND v.valid @> $3::timestamptz AND left(v.code, CASE v.level WHEN 'town' THEN 6 WHEN 'community' THEN 9 WHEN 'grid' THEN 12 WHEN 'micro' THEN 15 ELSE 0 END) = p.code GROUP BY p.code ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.code AS parent, count(*)::int AS count FROM unnest($2::text[]) AS p(code) JOIN compound c ON c.county = $1 AND CASE WHEN length(p.code) <= 12 THEN c.community_code >= p.code COLLATE "C" AND c.community_code < (p.code || '~') COLLATE "C" ELSE EXISTS (SELECT 1 FROM grid_compound gc JOIN area_version v ON v.county = $1 AND v.area_id = gc.grid_id AND v.valid @> $3::timestamptz WHERE gc.county = $1 AND gc.compound_id = c.id AND v.code >= p.code COLLATE "C" AND v.code < (p.code || '~') COLLATE "C") END WHERE $3::timestamptz IS NOT NULL GROUP BY p.code ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT r.county, r.organisation_id AS "organisationId", v.code AS "areaCode", r.contract_no AS "contractNo", coalesce(lower(r.valid), '0001-01-01T00:00:00Z') AS "from", upper(r.valid) AS "to", false AS expired FROM area_version v JOIN organisation_role r ON r.county = $1 AND r.area_id = v.area_id AND r.role = 'responsible' AND r.valid @> $3::timestamptz WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid @> $3::timestamptz ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.area_id = ANY($2::uuid[]) AND v.valid @> $3::timestamptz ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid @> $3::timestamptz ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid @> $3::timestamptz ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat, a.code AS of FROM area_version a JOIN area_version v ON v.county = $1 AND v.level = a.level AND v.code <> a.code AND v.west <= a.east AND v.east >= a.west AND v.south <= a.north AND v.north >= a.south AND v.valid @> $3::timestamptz AND ST_Relate(a.geom, v.geom, '****1****') WHERE a.county = $1 AND a.code = ANY($2::text[]) AND a.valid @> $3::timestamptz ORDER BY a.code, v.code ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.id, ST_AsGeoJSON(v.geom, 7)::json AS geometry FROM area_version v WHERE v.county = $1 AND v.id = ANY($2::uuid[]) ) jw_rows;
