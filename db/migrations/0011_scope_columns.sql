-- Up Migration
-- What row-level security compares stands in the row itself (data rule 7): the area a row belongs to, and whether a case
-- is of a sensitive class. `scope_code` of staff and posts is the deepest area that holds every area they serve; the
-- county's code where they serve none. Of cases and their steps it is null outside every area.
ALTER TABLE organisation_role ADD COLUMN scope_code text COLLATE "C";
ALTER TABLE post_area ADD COLUMN scope_code text COLLATE "C";
ALTER TABLE post ADD COLUMN scope_code text COLLATE "C";
ALTER TABLE post_holder ADD COLUMN scope_code text COLLATE "C";
ALTER TABLE duty_shift ADD COLUMN scope_code text COLLATE "C";
ALTER TABLE duty_staff ADD COLUMN scope_code text COLLATE "C";
ALTER TABLE duty_staff_contact ADD COLUMN scope_code text COLLATE "C";
ALTER TABLE staff_absence ADD COLUMN scope_code text COLLATE "C";
ALTER TABLE incident_event ADD COLUMN scope_code text COLLATE "C";
ALTER TABLE incident ADD COLUMN sensitive boolean NOT NULL DEFAULT false;
ALTER TABLE incident_event ADD COLUMN sensitive boolean NOT NULL DEFAULT false;
-- True places of sensitive cases, for the current handler of the case only; `incident.geom` is the label point of the area.
CREATE TABLE incident_sealed_place (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  incident_id uuid NOT NULL,
  -- Account of the handler; null while nobody handles the case: then nobody may open it.
  handler_id uuid,
  geom geometry(Point, 4326) NOT NULL,
  PRIMARY KEY (county, incident_id)
);
ALTER TABLE incident_sealed_place ADD CONSTRAINT incident_sealed_place_incident_id_fk FOREIGN KEY (county, incident_id) REFERENCES incident (county, id) ON DELETE CASCADE;
ALTER TABLE incident_sealed_place ENABLE ROW LEVEL SECURITY;
-- The system writes true places and hands them from handler to handler; it cannot read them.
CREATE POLICY incident_sealed_place_county ON incident_sealed_place TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT INSERT ON incident_sealed_place TO jingwei_app;
GRANT SELECT (county, incident_id, handler_id) ON incident_sealed_place TO jingwei_app;
GRANT UPDATE (handler_id) ON incident_sealed_place TO jingwei_app;
-- Rows that are there already. The code of an area is that of its newest version.
UPDATE organisation_role r SET scope_code = v.code
  FROM (SELECT DISTINCT ON (county, area_id) county, area_id, code FROM area_version ORDER BY county, area_id, lower(valid) DESC) v
  WHERE v.county = r.county AND v.area_id = r.area_id;
UPDATE post_area p SET scope_code = v.code
  FROM (SELECT DISTINCT ON (county, area_id) county, area_id, code FROM area_version ORDER BY county, area_id, lower(valid) DESC) v
  WHERE v.county = p.county AND v.area_id = p.area_id;
UPDATE post t SET scope_code = s.code
  FROM (SELECT county, post_id, CASE WHEN min(scope_code) = max(scope_code) THEN min(scope_code)
      WHEN left(min(scope_code), 15) = left(max(scope_code), 15) THEN left(min(scope_code), 15)
      WHEN left(min(scope_code), 12) = left(max(scope_code), 12) THEN left(min(scope_code), 12)
      WHEN left(min(scope_code), 9) = left(max(scope_code), 9) THEN left(min(scope_code), 9)
      ELSE left(min(scope_code), 6) END AS code
    FROM post_area WHERE scope_code IS NOT NULL GROUP BY county, post_id) s
  WHERE s.county = t.county AND s.post_id = t.id;
-- Staff: by the posts that they hold without an end, else by those that they held.
UPDATE duty_staff d SET scope_code = s.code
  FROM (SELECT h.county, h.staff_id, CASE WHEN min(p.scope_code) = max(p.scope_code) THEN min(p.scope_code)
      WHEN left(min(p.scope_code), 15) = left(max(p.scope_code), 15) THEN left(min(p.scope_code), 15)
      WHEN left(min(p.scope_code), 12) = left(max(p.scope_code), 12) THEN left(min(p.scope_code), 12)
      WHEN left(min(p.scope_code), 9) = left(max(p.scope_code), 9) THEN left(min(p.scope_code), 9)
      ELSE left(min(p.scope_code), 6) END AS code
    FROM post_holder h JOIN post_area p ON p.county = h.county AND p.post_id = h.post_id
    WHERE p.scope_code IS NOT NULL AND upper_inf(h.valid) GROUP BY h.county, h.staff_id) s
  WHERE s.county = d.county AND s.staff_id = d.id;
UPDATE duty_staff d SET scope_code = s.code
  FROM (SELECT h.county, h.staff_id, CASE WHEN min(p.scope_code) = max(p.scope_code) THEN min(p.scope_code)
      WHEN left(min(p.scope_code), 15) = left(max(p.scope_code), 15) THEN left(min(p.scope_code), 15)
      WHEN left(min(p.scope_code), 12) = left(max(p.scope_code), 12) THEN left(min(p.scope_code), 12)
      WHEN left(min(p.scope_code), 9) = left(max(p.scope_code), 9) THEN left(min(p.scope_code), 9)
      ELSE left(min(p.scope_code), 6) END AS code
    FROM post_holder h JOIN post_area p ON p.county = h.county AND p.post_id = h.post_id
    WHERE p.scope_code IS NOT NULL GROUP BY h.county, h.staff_id) s
  WHERE s.county = d.county AND s.staff_id = d.id AND d.scope_code IS NULL;
UPDATE organisation_role SET scope_code = county WHERE scope_code IS NULL;
UPDATE post_area SET scope_code = county WHERE scope_code IS NULL;
UPDATE post SET scope_code = county WHERE scope_code IS NULL;
UPDATE duty_staff SET scope_code = county WHERE scope_code IS NULL;
UPDATE post_holder x SET scope_code = s.scope_code FROM post s WHERE s.county = x.county AND s.id = x.post_id;
UPDATE duty_shift x SET scope_code = s.scope_code FROM post s WHERE s.county = x.county AND s.id = x.post_id;
UPDATE duty_staff_contact x SET scope_code = s.scope_code FROM duty_staff s WHERE s.county = x.county AND s.id = x.staff_id;
UPDATE staff_absence x SET scope_code = s.scope_code FROM duty_staff s WHERE s.county = x.county AND s.id = x.staff_id;
UPDATE incident i SET sensitive = true
  FROM class_code c WHERE c.code = i.class_code AND c.sensitive;
UPDATE incident i SET sensitive = true
  FROM county_profile p, jsonb_array_elements(p.extra_classes) AS extra
  WHERE p.county = i.county AND extra ->> 'code' = i.class_code AND extra ->> 'sensitive' = 'true';
INSERT INTO incident_sealed_place (county, incident_id, geom)
  SELECT county, id, geom FROM incident WHERE sensitive;
-- Where no area holds the case: the county's own label; where the county has no areas yet: a lattice of 0.05 degrees.
UPDATE incident i SET geom = ST_SnapToGrid(i.geom, 0.05) WHERE i.sensitive;
UPDATE incident i SET geom = v.label FROM area_version v
  WHERE i.sensitive AND v.county = i.county AND v.code = i.county AND upper_inf(v.valid);
UPDATE incident i SET geom = v.label FROM area_version v
  WHERE i.sensitive AND v.county = i.county AND v.code = i.scope_code AND upper_inf(v.valid);
UPDATE incident_event e SET scope_code = i.scope_code, sensitive = i.sensitive
  FROM incident i WHERE i.county = e.county AND i.id = e.incident_id;
ALTER TABLE organisation_role ALTER COLUMN scope_code SET NOT NULL;
ALTER TABLE post_area ALTER COLUMN scope_code SET NOT NULL;
ALTER TABLE post ALTER COLUMN scope_code SET NOT NULL;
ALTER TABLE post_holder ALTER COLUMN scope_code SET NOT NULL;
ALTER TABLE duty_shift ALTER COLUMN scope_code SET NOT NULL;
ALTER TABLE duty_staff ALTER COLUMN scope_code SET NOT NULL;
ALTER TABLE duty_staff_contact ALTER COLUMN scope_code SET NOT NULL;
ALTER TABLE staff_absence ALTER COLUMN scope_code SET NOT NULL;
ALTER TABLE incident ALTER COLUMN sensitive DROP DEFAULT;
ALTER TABLE incident_event ALTER COLUMN sensitive DROP DEFAULT;
-- Under row-level security an index of PostGIS is of no use, since its operators are not leakproof (data rule 7). Points
-- carry the cell of a lattice of 0.01 degrees instead, areas their box: plain numbers, whose comparisons are leakproof.
ALTER TABLE incident ADD COLUMN cell integer GENERATED ALWAYS AS (floor((ST_Y(geom) + 90) * 100)::integer * 36001 + floor((ST_X(geom) + 180) * 100)::integer) STORED;
ALTER TABLE camera ADD COLUMN cell integer GENERATED ALWAYS AS (floor((ST_Y(geom) + 90) * 100)::integer * 36001 + floor((ST_X(geom) + 180) * 100)::integer) STORED;
ALTER TABLE area_version ADD COLUMN west double precision GENERATED ALWAYS AS (ST_XMin(geom)) STORED;
ALTER TABLE area_version ADD COLUMN south double precision GENERATED ALWAYS AS (ST_YMin(geom)) STORED;
ALTER TABLE area_version ADD COLUMN east double precision GENERATED ALWAYS AS (ST_XMax(geom)) STORED;
ALTER TABLE area_version ADD COLUMN north double precision GENERATED ALWAYS AS (ST_YMax(geom)) STORED;
-- The same for times: without a leakproof operator the planner may not look at its statistics and takes one row for all.
ALTER TABLE area_version ADD COLUMN valid_from timestamptz GENERATED ALWAYS AS (CASE WHEN isempty(valid) THEN 'infinity'::timestamptz ELSE coalesce(lower(valid), '-infinity'::timestamptz) END) STORED;
ALTER TABLE area_version ADD COLUMN valid_to timestamptz GENERATED ALWAYS AS (CASE WHEN isempty(valid) THEN '-infinity'::timestamptz ELSE coalesce(upper(valid), 'infinity'::timestamptz) END) STORED;
ALTER TABLE organisation_role ADD COLUMN valid_from timestamptz GENERATED ALWAYS AS (CASE WHEN isempty(valid) THEN 'infinity'::timestamptz ELSE coalesce(lower(valid), '-infinity'::timestamptz) END) STORED;
ALTER TABLE organisation_role ADD COLUMN valid_to timestamptz GENERATED ALWAYS AS (CASE WHEN isempty(valid) THEN '-infinity'::timestamptz ELSE coalesce(upper(valid), 'infinity'::timestamptz) END) STORED;
ALTER TABLE post_holder ADD COLUMN valid_from timestamptz GENERATED ALWAYS AS (CASE WHEN isempty(valid) THEN 'infinity'::timestamptz ELSE coalesce(lower(valid), '-infinity'::timestamptz) END) STORED;
ALTER TABLE post_holder ADD COLUMN valid_to timestamptz GENERATED ALWAYS AS (CASE WHEN isempty(valid) THEN '-infinity'::timestamptz ELSE coalesce(upper(valid), 'infinity'::timestamptz) END) STORED;
DROP INDEX incident_geom;
DROP INDEX camera_geom;
CREATE INDEX area_version_area ON area_version (county, area_id);
CREATE INDEX incident_cell ON incident (county, cell);
CREATE INDEX camera_cell ON camera (county, cell);
CREATE INDEX area_version_box ON area_version (county, west, east, south, north);
CREATE INDEX organisation_role_scope ON organisation_role (county, scope_code);
CREATE INDEX post_area_scope ON post_area (county, scope_code);
CREATE INDEX post_scope ON post (county, scope_code);
CREATE INDEX post_holder_scope ON post_holder (county, scope_code);
CREATE INDEX duty_shift_scope ON duty_shift (county, scope_code);
CREATE INDEX duty_staff_scope ON duty_staff (county, scope_code);
CREATE INDEX duty_staff_contact_scope ON duty_staff_contact (county, scope_code);
CREATE INDEX staff_absence_scope ON staff_absence (county, scope_code);

-- Down Migration
UPDATE incident i SET geom = p.geom FROM incident_sealed_place p WHERE p.county = i.county AND p.incident_id = i.id;
DROP TABLE incident_sealed_place;
DROP INDEX area_version_area;
CREATE INDEX camera_geom ON camera USING gist (geom);
CREATE INDEX incident_geom ON incident USING gist (geom);
ALTER TABLE post_holder DROP COLUMN valid_to;
ALTER TABLE post_holder DROP COLUMN valid_from;
ALTER TABLE organisation_role DROP COLUMN valid_to;
ALTER TABLE organisation_role DROP COLUMN valid_from;
ALTER TABLE area_version DROP COLUMN valid_to;
ALTER TABLE area_version DROP COLUMN valid_from;
ALTER TABLE area_version DROP COLUMN north;
ALTER TABLE area_version DROP COLUMN east;
ALTER TABLE area_version DROP COLUMN south;
ALTER TABLE area_version DROP COLUMN west;
ALTER TABLE camera DROP COLUMN cell;
ALTER TABLE incident DROP COLUMN cell;
ALTER TABLE incident_event DROP COLUMN sensitive;
ALTER TABLE incident DROP COLUMN sensitive;
ALTER TABLE incident_event DROP COLUMN scope_code;
ALTER TABLE staff_absence DROP COLUMN scope_code;
ALTER TABLE duty_staff_contact DROP COLUMN scope_code;
ALTER TABLE duty_staff DROP COLUMN scope_code;
ALTER TABLE duty_shift DROP COLUMN scope_code;
ALTER TABLE post_holder DROP COLUMN scope_code;
ALTER TABLE post DROP COLUMN scope_code;
ALTER TABLE post_area DROP COLUMN scope_code;
ALTER TABLE organisation_role DROP COLUMN scope_code;
