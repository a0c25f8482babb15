-- Up Migration
-- An inventory: no address, port, account, certificate or stream has a column here (domain.md 4.6 and 5).
CREATE TABLE camera (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  device_code text COLLATE "C" NOT NULL CHECK (device_code ~ '^[0-9]{10}13[12][0-9]{7}$'),
  name text NOT NULL,
  network text COLLATE "C" NOT NULL CHECK (network IN ('xueliang', 'tianwang', 'huiyan', 'unit')),
  status text COLLATE "C" NOT NULL CHECK (status IN ('online', 'offline', 'faulty', 'unknown')),
  manufacturer text,
  model text,
  owner_organisation_id uuid,
  ptz_type smallint CHECK (ptz_type BETWEEN 1 AND 7),
  position_type smallint CHECK (position_type BETWEEN 1 AND 10),
  indoor boolean NOT NULL,
  azimuth_deg real CHECK (azimuth_deg >= 0 AND azimuth_deg < 360),
  angle_deg real CHECK (angle_deg > 0 AND angle_deg <= 360),
  range_m real CHECK (range_m > 0),
  geom geometry(Point, 4326) NOT NULL,
  scope_code text COLLATE "C",
  legal_basis text,
  sign boolean,
  filing_no text,
  in_use_since date,
  retention_days smallint,
  PRIMARY KEY (county, id),
  UNIQUE (county, device_code)
);
CREATE INDEX camera_scope ON camera (county, scope_code);
CREATE INDEX camera_geom ON camera USING gist (geom);

-- Down Migration
DROP TABLE camera;
