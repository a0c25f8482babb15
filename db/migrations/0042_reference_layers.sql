-- Up Migration
-- Reference layers: what the map draws under everything, and what borders are snapped to. `rank` is what they are drawn
-- by, `class` the source's own word.
ALTER TABLE context_feature DROP CONSTRAINT context_feature_kind_check;
ALTER TABLE context_feature ADD CONSTRAINT context_feature_kind_check CHECK (kind IN ('road', 'water', 'rail', 'green', 'block'));
ALTER TABLE context_feature ADD COLUMN class text;
ALTER TABLE context_feature ADD COLUMN length_m double precision;
ALTER TABLE context_feature ADD COLUMN area_m2 double precision;
ALTER TABLE context_feature ADD COLUMN source text;
ALTER TABLE context_feature ADD COLUMN source_ref text;
ALTER TABLE context_feature ADD COLUMN source_date date;
-- Boxes as plain numbers, whose comparisons are leakproof: an index of PostGIS is of no use under a policy (data rule 7).
ALTER TABLE context_feature ADD COLUMN west double precision GENERATED ALWAYS AS (ST_XMin(geom)) STORED;
ALTER TABLE context_feature ADD COLUMN south double precision GENERATED ALWAYS AS (ST_YMin(geom)) STORED;
ALTER TABLE context_feature ADD COLUMN east double precision GENERATED ALWAYS AS (ST_XMax(geom)) STORED;
ALTER TABLE context_feature ADD COLUMN north double precision GENERATED ALWAYS AS (ST_YMax(geom)) STORED;
CREATE INDEX context_feature_box ON context_feature (county, kind, west, east, south, north);
-- Places that people are sent to or that tell something (domain.md 2.6).
CREATE TABLE station (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('party_service', 'party_post', 'rest_stop', 'casual_work', 'enterprise_post', 'neighbour_centre', 'governance_centre', 'police_room', 'council_hall', 'canteen', 'other')),
  name text NOT NULL,
  name_sort text COLLATE "C" NOT NULL,
  hours text,
  duty_phone text,
  scope_code text COLLATE "C" NOT NULL,
  geom geometry(Point, 4326) NOT NULL,
  source text NOT NULL,
  source_ref text,
  PRIMARY KEY (county, id)
);
CREATE INDEX station_scope ON station (county, scope_code);
CREATE TABLE gauge (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('rain', 'water_level')),
  name text NOT NULL,
  name_sort text COLLATE "C" NOT NULL,
  -- Level from which it warns, metres; null for rain and where it is not known.
  warn_level_m double precision,
  scope_code text COLLATE "C" NOT NULL,
  geom geometry(Point, 4326) NOT NULL,
  source text NOT NULL,
  source_ref text,
  PRIMARY KEY (county, id)
);
CREATE INDEX gauge_scope ON gauge (county, scope_code);
CREATE TABLE notice_board (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  name text NOT NULL,
  -- Code of the grid that it tells of; of the deepest area where there is no grid.
  scope_code text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('good', 'damaged', 'missing', 'unknown')),
  printed_on date,
  geom geometry(Point, 4326) NOT NULL,
  source text NOT NULL,
  source_ref text,
  PRIMARY KEY (county, id)
);
CREATE INDEX notice_board_scope ON notice_board (county, scope_code);
ALTER TABLE station ADD CONSTRAINT station_county_profile_fk FOREIGN KEY (county) REFERENCES county_profile (county);
ALTER TABLE gauge ADD CONSTRAINT gauge_county_profile_fk FOREIGN KEY (county) REFERENCES county_profile (county);
ALTER TABLE notice_board ADD CONSTRAINT notice_board_county_profile_fk FOREIGN KEY (county) REFERENCES county_profile (county);
ALTER TABLE station ENABLE ROW LEVEL SECURITY;
CREATE POLICY station_county ON station TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON station TO jingwei_app;
ALTER TABLE gauge ENABLE ROW LEVEL SECURITY;
CREATE POLICY gauge_county ON gauge TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON gauge TO jingwei_app;
ALTER TABLE notice_board ENABLE ROW LEVEL SECURITY;
CREATE POLICY notice_board_county ON notice_board TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON notice_board TO jingwei_app;

-- Down Migration
DROP TABLE notice_board;
DROP TABLE gauge;
DROP TABLE station;
DROP INDEX context_feature_box;
ALTER TABLE context_feature DROP COLUMN north;
ALTER TABLE context_feature DROP COLUMN east;
ALTER TABLE context_feature DROP COLUMN south;
ALTER TABLE context_feature DROP COLUMN west;
ALTER TABLE context_feature DROP COLUMN source_date;
ALTER TABLE context_feature DROP COLUMN source_ref;
ALTER TABLE context_feature DROP COLUMN source;
ALTER TABLE context_feature DROP COLUMN area_m2;
ALTER TABLE context_feature DROP COLUMN length_m;
ALTER TABLE context_feature DROP COLUMN class;
ALTER TABLE context_feature DROP CONSTRAINT context_feature_kind_check;
DELETE FROM context_feature WHERE kind = 'block';
ALTER TABLE context_feature ADD CONSTRAINT context_feature_kind_check CHECK (kind IN ('road', 'water', 'rail', 'green'));
