-- Up Migration
-- Plans of new boundaries, reviewed like pull requests (DESIGN section 6). A plan holds only the cells that it changes, whole,
-- and the versions that it was drawn on.
CREATE TABLE plan (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  -- The area whose cells it may change.
  scope_code text COLLATE "C" NOT NULL,
  name text NOT NULL,
  summary text,
  state text COLLATE "C" NOT NULL CHECK (state IN ('draft', 'submitted', 'changes_requested', 'approved', 'published', 'withdrawn')),
  -- Counts what it draws: a save names the one that it was made on.
  revision integer NOT NULL CHECK (revision > 0),
  base_at timestamptz NOT NULL,
  -- [area id, version id] of each cell that it was drawn on.
  base jsonb NOT NULL,
  effective_on date,
  author_id uuid,
  author text NOT NULL,
  -- Accounts that changed what it draws: none of them approves it.
  editors jsonb NOT NULL,
  saved_name text NOT NULL,
  saved_at timestamptz NOT NULL,
  approved_name text,
  reverts uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE INDEX plan_updated ON plan (county, updated_at, id);
CREATE TABLE plan_area (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  plan_id uuid NOT NULL,
  -- The area's id, or new:<n>.
  cell text COLLATE "C" NOT NULL,
  area_id uuid,
  scope_code text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  name text NOT NULL,
  -- Null: the area ends.
  geom geometry(MultiPolygon, 4326),
  PRIMARY KEY (county, plan_id, cell)
);
CREATE TABLE plan_event (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  plan_id uuid NOT NULL,
  seq integer NOT NULL,
  scope_code text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('created', 'submitted', 'changes_requested', 'approved', 'published', 'withdrawn', 'rebased', 'reverted', 'comment')),
  author_id uuid,
  author text NOT NULL,
  role text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  revision integer NOT NULL,
  text text,
  -- Where a comment is pinned: {"cells": [...], "point": [lon, lat] or null}.
  anchor jsonb,
  -- The comment that it answers.
  thread uuid,
  resolved_at timestamptz,
  resolved_name text,
  PRIMARY KEY (county, id),
  UNIQUE (county, plan_id, seq)
);
ALTER TABLE plan_area ADD CONSTRAINT plan_area_plan_id_fk FOREIGN KEY (county, plan_id) REFERENCES plan (county, id) ON DELETE CASCADE;
ALTER TABLE plan_event ADD CONSTRAINT plan_event_plan_id_fk FOREIGN KEY (county, plan_id) REFERENCES plan (county, id) ON DELETE CASCADE;
ALTER TABLE plan ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_county ON plan TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE ON plan TO jingwei_app;
ALTER TABLE plan_area ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_area_county ON plan_area TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON plan_area TO jingwei_app;
ALTER TABLE plan_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_event_county ON plan_event TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE ON plan_event TO jingwei_app;

-- Down Migration
DROP TABLE plan_event;
DROP TABLE plan_area;
DROP TABLE plan;
