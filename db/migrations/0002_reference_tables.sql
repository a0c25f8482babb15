-- Up Migration
-- Reference tables: small, without a tenant, never referring to tenant tables (data rule 1).
CREATE TABLE class_code (
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('component', 'matter', 'local')),
  code text COLLATE "C" NOT NULL CHECK (code ~ '^[0-9]{5}$'),
  major text COLLATE "C" NOT NULL CHECK (major ~ '^[0-9]{2}$'),
  name text NOT NULL,
  name_en text NOT NULL,
  standard_ref text NOT NULL,
  is_local_extension boolean NOT NULL,
  sensitive boolean NOT NULL,
  PRIMARY KEY (kind, code)
);
-- Where each county lies: lets a point or box find its county without reading tenant tables.
CREATE TABLE county_outline (
  code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[0-9]{6}$'),
  west double precision NOT NULL,
  south double precision NOT NULL,
  east double precision NOT NULL,
  north double precision NOT NULL,
  geom geometry(MultiPolygon, 4326) NOT NULL
);

-- Down Migration
DROP TABLE county_outline;
DROP TABLE class_code;
