-- Up Migration
-- Published statistics: the same cells for everybody who may read statistics (docs/need-to-know.md). A sensitive cell of
-- 1 to 4 is stored without its number, so that no statement, dump or copy of this table can give it away.
CREATE TABLE incident_cube (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  -- First day of the calendar month in the county's zone.
  month date NOT NULL,
  -- Code of a county, town or community, or code and * for the part of a county or town outside the smaller areas.
  area_code text COLLATE "C" NOT NULL,
  major text COLLATE "C" NOT NULL CHECK (major ~ '^[0-9]{2}$'),
  sensitive boolean NOT NULL,
  level text COLLATE "C" NOT NULL CHECK (level IN ('county', 'town', 'community')),
  count integer CHECK (count > 0),
  mark text COLLATE "C" NOT NULL CHECK (mark IN ('exact', 'at_least', 'less_than_five', 'hidden')),
  -- End of the last day that is counted.
  through timestamptz NOT NULL,
  -- The month is over: a sensitive cell is never written again.
  frozen boolean NOT NULL,
  PRIMARY KEY (county, month, area_code, major, sensitive),
  CHECK ((count IS NULL) = (mark IN ('less_than_five', 'hidden')))
);
-- What an area holds, as others may know it: counts of places and posts, and cameras by network.
CREATE TABLE area_rollup (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  code text COLLATE "C" NOT NULL,
  level text COLLATE "C" NOT NULL CHECK (level IN ('county', 'town', 'community')),
  as_of timestamptz NOT NULL,
  counts jsonb NOT NULL,
  PRIMARY KEY (county, code)
);
-- The last refresh of a county: what it counted, so that another one is made only when a day or the content has changed.
CREATE TABLE statistic_run (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  through timestamptz NOT NULL,
  content_version bigint NOT NULL,
  refreshed_at timestamptz NOT NULL,
  PRIMARY KEY (county)
);
ALTER TABLE incident_cube ENABLE ROW LEVEL SECURITY;
CREATE POLICY incident_cube_county ON incident_cube TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON incident_cube TO jingwei_app;
ALTER TABLE area_rollup ENABLE ROW LEVEL SECURITY;
CREATE POLICY area_rollup_county ON area_rollup TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON area_rollup TO jingwei_app;
ALTER TABLE statistic_run ENABLE ROW LEVEL SECURITY;
CREATE POLICY statistic_run_county ON statistic_run TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON statistic_run TO jingwei_app;

-- Down Migration
DROP TABLE statistic_run;
DROP TABLE area_rollup;
DROP TABLE incident_cube;
