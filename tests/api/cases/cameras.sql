-- county
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt", p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion", o.west, o.south, o.east, o.north, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt" FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county WHERE p.county = $1 ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.county, c.id, c.device_code AS "deviceCode", c.name, c.network, c.indoor, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat, c.scope_code AS "scopeCode", c.status AS "status", c.manufacturer AS "manufacturer", c.model AS "model", c.owner_organisation_id AS "ownerOrganisationId", c.ptz_type AS "ptzType", c.position_type AS "positionType", c.azimuth_deg AS "azimuthDeg", c.angle_deg AS "angleDeg", c.range_m AS "rangeM", c.legal_basis AS "legalBasis", c.sign AS "sign", c.filing_no AS "filingNo", c.in_use_since AS "inUseSince", c.retention_days AS "retentionDays" FROM camera c WHERE c.county = $1 AND c.cell = ANY($6::int[]) AND ST_Intersects(c.geom, ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4326)) ORDER BY c.device_code LIMIT $7::int ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT c.county, c.id, c.device_code AS "deviceCode", c.name, c.network, c.indoor, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat, c.scope_code AS "scopeCode", c.status AS "status", c.manufacturer AS "manufacturer", c.model AS "model", c.owner_organisation_id AS "ownerOrganisationId", c.ptz_type AS "ptzType", c.position_type AS "positionType", c.azimuth_deg AS "azimuthDeg", c.angle_deg AS "angleDeg", c.range_m AS "rangeM", c.legal_basis AS "legalBasis", c.sign AS "sign", c.filing_no AS "filingNo", c.in_use_since AS "inUseSince", c.retention_days AS "retentionDays" FROM camera c WHERE c.county = $1 AND c.scope_code >= $2 AND c.scope_code < $3 AND c.network = ANY($4::text[]) AND c.status = ANY($5::text[]) ORDER BY c.device_code LIMIT $6::int ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT count(*)::int AS count FROM camera c WHERE c.county = $1 AND c.cell = ANY($6::int[]) AND ST_Intersects(c.geom, ST_MakeEnvelope($2::float8, $3::float8, $4::float8, $5::float8, 4326)) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT o.county, o.id, o.kind, o.name, o.name_sort AS "nameSort", o.credit_code AS "creditCode", o.unit_level AS "unitLevel", o.duty_phone AS "dutyPhone" FROM organisation o WHERE o.county = $1 AND o.id = ANY($2::uuid[]) ) jw_rows;

-- viewer
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT v.county, v.area_id AS id, v.id AS "versionId", v.code, v.level, v.kind, v.name, v.name_sort AS "nameSort", v.urban, v.households, v.households_exact AS "householdsExact", v.households_basis AS "householdsBasis", v.area_m2 AS "areaM2", coalesce(lower(v.valid), '0001-01-01T00:00:00Z') AS "validFrom", upper(v.valid) AS "validTo", v.source_ref AS "sourceRef", ST_X(v.label) AS lon, ST_Y(v.label) AS lat FROM area_version v WHERE v.county = $1 AND v.code = ANY($2::text[]) AND v.valid_from <= $3::timestamptz AND v.valid_to > $3::timestamptz ) jw_rows;
