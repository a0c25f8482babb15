-- Up Migration
-- The local base map of a county: a file in the data directory, or a tile service of the intranet. `source` and
-- `review_number` (审图号) are drawn on every map that shows it.
CREATE TABLE base_map (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('pmtiles', 'geotiff', 'service')),
  source text NOT NULL CHECK (source <> ''),
  review_number text NOT NULL CHECK (review_number <> ''),
  -- Changes with the content: part of the addresses of its tiles.
  version text COLLATE "C" NOT NULL,
  format text COLLATE "C" NOT NULL CHECK (format IN ('png', 'jpeg', 'webp', 'avif', 'mvt')),
  tile_size integer NOT NULL CHECK (tile_size IN (256, 512)),
  min_zoom integer NOT NULL CHECK (min_zoom BETWEEN 0 AND 22),
  max_zoom integer NOT NULL CHECK (max_zoom BETWEEN min_zoom AND 22),
  -- Degrees; null = everywhere.
  west double precision,
  south double precision,
  east double precision,
  north double precision,
  -- Name below <data directory>/basemap; null for services.
  file text,
  byte_count bigint,
  -- Address of a tile with placeholders; null for files.
  url text,
  crs text COLLATE "C" NOT NULL CHECK (crs IN ('EPSG:3857', 'EPSG:4326', 'EPSG:4490')),
  -- Number of the service's first matrix.
  first_matrix integer NOT NULL,
  added_at timestamptz NOT NULL,
  added_by text NOT NULL,
  PRIMARY KEY (county),
  CHECK ((file IS NULL) <> (url IS NULL))
);
ALTER TABLE base_map ADD CONSTRAINT base_map_county_profile_fk FOREIGN KEY (county) REFERENCES county_profile (county);
ALTER TABLE base_map ENABLE ROW LEVEL SECURITY;
CREATE POLICY base_map_county ON base_map TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON base_map TO jingwei_app;

-- Down Migration
DROP TABLE base_map;
