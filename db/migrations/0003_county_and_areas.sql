-- Up Migration
CREATE TABLE county_profile (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  name text NOT NULL,
  name_en text NOT NULL,
  name_sort text COLLATE "C" NOT NULL,
  timezone text NOT NULL,
  demo boolean NOT NULL,
  anchor_at timestamptz,
  grid_term text NOT NULL,
  source text NOT NULL,
  figures jsonb NOT NULL,
  extra_classes jsonb NOT NULL,
  -- Counts that grow with every load: the version of the columns a client may hold.
  content_version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (county)
);
CREATE TABLE area (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  level text COLLATE "C" NOT NULL CHECK (level IN ('county', 'town', 'community', 'grid', 'micro')),
  PRIMARY KEY (county, id)
);
-- A boundary has time: versions are half-open, none of an area or of a code overlap (data rule 4).
CREATE TABLE area_version (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  area_id uuid NOT NULL,
  level text COLLATE "C" NOT NULL CHECK (level IN ('county', 'town', 'community', 'grid', 'micro')),
  kind text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  name text NOT NULL,
  name_sort text COLLATE "C" NOT NULL,
  urban boolean NOT NULL,
  households integer CHECK (households >= 0),
  valid tstzrange NOT NULL,
  geom geometry(MultiPolygon, 4326) NOT NULL,
  label geometry(Point, 4326) NOT NULL,
  area_m2 double precision NOT NULL,
  source_ref text,
  source_crs text NOT NULL,
  -- The plan that made this version and what it came from (split, merge, move, re-digitised).
  plan_id uuid,
  lineage jsonb NOT NULL,
  PRIMARY KEY (county, id),
  CONSTRAINT area_version_one_per_area EXCLUDE USING gist (county WITH =, area_id WITH =, valid WITH &&),
  CONSTRAINT area_version_one_per_code EXCLUDE USING gist (county WITH =, code WITH =, valid WITH &&)
);
CREATE INDEX area_version_code ON area_version (county, code);
CREATE INDEX area_version_name ON area_version (county, level, name_sort, id);
CREATE INDEX area_version_geom ON area_version USING gist (geom);
CREATE TABLE compound (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  community_code text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  name text NOT NULL,
  name_sort text COLLATE "C" NOT NULL,
  households integer NOT NULL CHECK (households >= 0),
  geom geometry(MultiPolygon, 4326) NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE INDEX compound_community ON compound (county, community_code);
CREATE TABLE grid_compound (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  grid_id uuid NOT NULL,
  compound_id uuid NOT NULL,
  share double precision NOT NULL CHECK (share > 0 AND share <= 1),
  PRIMARY KEY (county, grid_id, compound_id)
);
CREATE INDEX grid_compound_compound ON grid_compound (county, compound_id);
CREATE TABLE building (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  compound_id uuid,
  scope_code text COLLATE "C" NOT NULL,
  floors smallint NOT NULL,
  households integer NOT NULL CHECK (households >= 0),
  geom geometry(MultiPolygon, 4326) NOT NULL,
  label geometry(Point, 4326) NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE INDEX building_scope ON building (county, scope_code);
-- Roads, water, railways, parks: what makes the map look like the place without any outside map.
CREATE TABLE context_feature (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('road', 'water', 'rail', 'green')),
  rank text COLLATE "C" NOT NULL,
  name text,
  geom geometry(Geometry, 4326) NOT NULL,
  PRIMARY KEY (county, id)
);

-- Down Migration
DROP TABLE context_feature;
DROP TABLE building;
DROP TABLE grid_compound;
DROP TABLE compound;
DROP TABLE area_version;
DROP TABLE area;
DROP TABLE county_profile;
