-- reference
SELECT coalesce(json_agg(jw_rows), '[]')::text FROM (SELECT o.code FROM county_outline o WHERE $1::float8 BETWEEN o.west AND o.east AND $2::float8 BETWEEN o.south AND o.north AND ST_Covers(o.geom, ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4326)) ORDER BY o.code ) jw_rows;
