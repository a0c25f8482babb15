-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.code, c.kind, c.major, c.name, c.name_en AS "nameEn", c.standard_ref AS "standardRef", c.is_local_extension AS "isLocalExtension", c.sensitive FROM class_code c ORDER BY c.kind, c.code ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT i.county, i.id, i.ref, i.class_code AS "classCode", i.severity, i.source, i.state, i.title, ST_X(CASE WHEN i.class_code = ANY($4::text[]) THEN coalesce(g.label, w.label) ELSE i.geom END) AS lon, ST_Y(CASE WHEN i.class_code = ANY($4::text[]) THEN coalesce(g.label, w.label) ELSE i.geom END) AS lat, i.grid_code_at AS "gridCodeAt", i.scope_code AS "scopeCode", i.opened_at AS "openedAt", i.due_at AS "dueAt", i.first_answer_at AS "firstAnswerAt", i.closed_at AS "closedAt", i.source_verdict AS "sourceVerdict", i.border, i.suspicious, i.source_ref AS "sourceRef", i.organisation_id AS "organisationId", (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) AS late, CASE WHEN i.state NOT IN ('closed', 'evaluated', 'rejected', 'void') AND (CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue' WHEN i.due_at IS NULL OR NOT (i.state NOT IN ('rejected', 'void')) THEN false ELSE coalesce(i.closed_at, $2::timestamptz) > i.due_at END) THEN 0 ELSE 1 END AS "overdueRank" FROM incident i LEFT JOIN area_version g ON g.county = $1 AND g.code = i.scope_code AND g.valid @> $3::timestamptz LEFT JOIN area_version w ON w.county = $1 AND w.code = $1 AND w.valid @> $3::timestamptz WHERE i.county = $1 AND ($2::timestamptz, $3::timestamptz, $4::text[]) IS NOT NULL AND i.ref = ANY($5::int[]) ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.extra_classes AS classes FROM county_profile p WHERE p.county = $1 ) jw_rows;

-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid @> $3::timestamptz ) jw_rows;
