-- Up Migration
-- Counts of cases, kept by deltas in the transaction of each write (db/rollups). They speak of single cases of a town, so
-- row-level security shows them to those only who may read every one of these cases.
CREATE TABLE incident_day (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  -- Nine digits of a town, or the county's code: for what lies outside all towns, or (`whole`) for everything.
  scope_code text COLLATE "C" NOT NULL CHECK (scope_code ~ '^[0-9]{6}([0-9]{3})?$'),
  whole boolean NOT NULL,
  -- Day of the county's own calendar on which the cases were opened.
  day date NOT NULL,
  class_code text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  sensitive boolean NOT NULL,
  count integer NOT NULL CHECK (count > 0),
  PRIMARY KEY (county, scope_code, whole, day, class_code, state, sensitive)
);
-- Cases in squares of the lattice of 1e-7 degree, counted from its south-west corner (180 W, 90 S): column and row of the
-- square whose edge is `edge` units. Suspicious cases (default points) are not in it.
CREATE TABLE incident_cell_month (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  -- Nine digits of a town; the county's code for what lies outside all towns.
  scope_code text COLLATE "C" NOT NULL CHECK (scope_code ~ '^[0-9]{6}([0-9]{3})?$'),
  edge integer NOT NULL CHECK (edge > 0),
  -- First day of a month of the county's own calendar.
  month date NOT NULL,
  x integer NOT NULL CHECK (x >= 0),
  y integer NOT NULL CHECK (y >= 0),
  major text COLLATE "C" NOT NULL,
  state_group text COLLATE "C" NOT NULL CHECK (state_group IN ('open', 'solved', 'invalid')),
  sensitive boolean NOT NULL,
  count integer NOT NULL CHECK (count > 0),
  PRIMARY KEY (county, edge, month, scope_code, x, y, major, state_group, sensitive)
);
ALTER TABLE incident_day ENABLE ROW LEVEL SECURITY;
CREATE POLICY incident_day_county ON incident_day TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON incident_day TO jingwei_app;
ALTER TABLE incident_cell_month ENABLE ROW LEVEL SECURITY;
CREATE POLICY incident_cell_month_county ON incident_cell_month TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON incident_cell_month TO jingwei_app;
-- Cases that are there already.
INSERT INTO incident_day (county, scope_code, whole, day, class_code, state, sensitive, count)
  SELECT i.county, CASE WHEN length(i.scope_code) >= 9 THEN left(i.scope_code, 9) ELSE i.county END, false,
      (i.opened_at AT TIME ZONE p.timezone)::date, i.class_code, i.state, i.sensitive, count(*)
    FROM incident i JOIN county_profile p ON p.county = i.county GROUP BY 1, 2, 4, 5, 6, 7;
INSERT INTO incident_day (county, scope_code, whole, day, class_code, state, sensitive, count)
  SELECT county, county, true, day, class_code, state, sensitive, sum(count) FROM incident_day GROUP BY 1, 4, 5, 6, 7;
INSERT INTO incident_cell_month (county, scope_code, edge, month, x, y, major, state_group, sensitive, count)
  SELECT i.county, CASE WHEN length(i.scope_code) >= 9 THEN left(i.scope_code, 9) ELSE i.county END, e.edge,
      date_trunc('month', i.opened_at AT TIME ZONE p.timezone)::date,
      (round(ST_X(i.geom) * 10000000)::bigint + 1800000000) / e.edge, (round(ST_Y(i.geom) * 10000000)::bigint + 900000000) / e.edge,
      left(i.class_code, 2),
      CASE WHEN i.state IN ('closed', 'evaluated') THEN 'solved' WHEN i.state IN ('rejected', 'void') THEN 'invalid' ELSE 'open' END,
      i.sensitive, count(*)
    FROM incident i JOIN county_profile p ON p.county = i.county CROSS JOIN (VALUES (25000), (200000)) AS e(edge)
    WHERE NOT i.suspicious GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9;

-- Down Migration
DROP TABLE incident_cell_month;
DROP TABLE incident_day;
