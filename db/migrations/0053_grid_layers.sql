-- Up Migration
-- Layers of grids (domain.md 2.1): grids that party, governance, urban management and others drew for themselves, mapped to
-- base grids, and what was merged.
CREATE TABLE grid_layer (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('party', 'governance', 'urban', 'hr', 'market', 'police', 'other')),
  name text NOT NULL,
  name_sort text COLLATE "C" NOT NULL,
  source text NOT NULL,
  source_crs text NOT NULL,
  imported_at timestamptz NOT NULL,
  PRIMARY KEY (county, id),
  UNIQUE (county, name)
);
CREATE TABLE layer_area (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  layer_id uuid NOT NULL,
  -- As the layer's own office writes it.
  code text COLLATE "C" NOT NULL,
  name text NOT NULL,
  unit text,
  source_date date,
  area_m2 double precision NOT NULL,
  geom geometry(MultiPolygon, 4326) NOT NULL,
  -- Since when base grids stand for it; null while it is a grid of its own.
  merged_at timestamptz,
  PRIMARY KEY (county, id),
  UNIQUE (county, layer_id, code)
);
-- Which ground of which base grid a layer's grid holds, from when to when. Of ground that several hold, `owned_m2` counts it
-- for the lowest code and `sole_m2` for none.
CREATE TABLE layer_grid_map (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  layer_area_id uuid NOT NULL,
  grid_id uuid NOT NULL,
  valid_from timestamptz NOT NULL,
  valid_to timestamptz NOT NULL,
  layer_id uuid NOT NULL,
  m2 double precision NOT NULL CHECK (m2 > 0),
  sole_m2 double precision NOT NULL,
  owned_m2 double precision NOT NULL,
  grid_m2 double precision NOT NULL,
  -- The one of the layer that answers for the base grid, and what decided it.
  main boolean NOT NULL,
  basis text COLLATE "C" NOT NULL CHECK (basis IN ('households', 'ground')),
  PRIMARY KEY (county, layer_area_id, grid_id, valid_from)
);
CREATE INDEX layer_grid_map_grid ON layer_grid_map (county, grid_id);
CREATE INDEX layer_grid_map_layer ON layer_grid_map (county, layer_id);
-- Households of a pair, apart: who may see them is another question.
CREATE TABLE layer_grid_households (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  layer_area_id uuid NOT NULL,
  grid_id uuid NOT NULL,
  valid_from timestamptz NOT NULL,
  scope_code text COLLATE "C" NOT NULL,
  households integer NOT NULL CHECK (households >= 0),
  exact boolean NOT NULL,
  PRIMARY KEY (county, layer_area_id, grid_id, valid_from)
);
-- Which grid of a layer became which base grid; written once.
CREATE TABLE layer_merge (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  layer_id uuid NOT NULL,
  layer_area_id uuid NOT NULL,
  from_code text COLLATE "C" NOT NULL,
  from_name text NOT NULL,
  to_area uuid NOT NULL,
  to_code text COLLATE "C" NOT NULL,
  scope_code text COLLATE "C" NOT NULL,
  -- Part of the old grid's ground, 0 … 1.
  share double precision NOT NULL,
  at timestamptz NOT NULL,
  author text NOT NULL,
  role text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE INDEX layer_merge_layer ON layer_merge (county, layer_id);
ALTER TABLE layer_area ADD CONSTRAINT layer_area_layer_id_fk FOREIGN KEY (county, layer_id) REFERENCES grid_layer (county, id);
ALTER TABLE layer_grid_map ADD CONSTRAINT layer_grid_map_layer_area_id_fk FOREIGN KEY (county, layer_area_id) REFERENCES layer_area (county, id) ON DELETE CASCADE;
ALTER TABLE layer_grid_households ADD CONSTRAINT layer_grid_households_pair_fk FOREIGN KEY (county, layer_area_id, grid_id, valid_from) REFERENCES layer_grid_map (county, layer_area_id, grid_id, valid_from) ON DELETE CASCADE;
ALTER TABLE layer_merge ADD CONSTRAINT layer_merge_layer_area_id_fk FOREIGN KEY (county, layer_area_id) REFERENCES layer_area (county, id);
ALTER TABLE grid_layer ENABLE ROW LEVEL SECURITY;
CREATE POLICY grid_layer_county ON grid_layer TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON grid_layer TO jingwei_app;
ALTER TABLE layer_area ENABLE ROW LEVEL SECURITY;
CREATE POLICY layer_area_county ON layer_area TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON layer_area TO jingwei_app;
ALTER TABLE layer_grid_map ENABLE ROW LEVEL SECURITY;
CREATE POLICY layer_grid_map_county ON layer_grid_map TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON layer_grid_map TO jingwei_app;
ALTER TABLE layer_grid_households ENABLE ROW LEVEL SECURITY;
CREATE POLICY layer_grid_households_county ON layer_grid_households TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON layer_grid_households TO jingwei_app;
ALTER TABLE layer_merge ENABLE ROW LEVEL SECURITY;
CREATE POLICY layer_merge_county ON layer_merge TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT ON layer_merge TO jingwei_app;

-- Down Migration
DROP TABLE layer_merge;
DROP TABLE layer_grid_households;
DROP TABLE layer_grid_map;
DROP TABLE layer_area;
DROP TABLE grid_layer;
