-- Up Migration
-- 吹哨报到: an area calls departments for a case. Rows carry their case's area and sensitivity, since a policy compares own
-- columns only.
CREATE TABLE whistle (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  scope_code text COLLATE "C",
  sensitive boolean NOT NULL,
  -- Code of the area that blew it, as it was called then.
  area_code text COLLATE "C" NOT NULL,
  item text COLLATE "C" NOT NULL,
  class text COLLATE "C" NOT NULL CHECK (class IN ('routine', 'joint', 'urgent')),
  note text,
  blown_at timestamptz NOT NULL,
  ended_at timestamptz,
  outcome text,
  rating smallint CHECK (rating BETWEEN 1 AND 5),
  version integer NOT NULL,
  PRIMARY KEY (county, id),
  CHECK ((ended_at IS NULL) = (rating IS NULL))
);
CREATE INDEX whistle_incident ON whistle (county, incident_id);
CREATE INDEX whistle_scope ON whistle (county, scope_code, blown_at);
CREATE INDEX whistle_blown ON whistle (county, blown_at, id);
CREATE TABLE whistle_call (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  whistle_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  scope_code text COLLATE "C",
  sensitive boolean NOT NULL,
  arrive_by timestamptz NOT NULL,
  arrived_at timestamptz,
  PRIMARY KEY (county, id),
  UNIQUE (county, whistle_id, organisation_id)
);
-- 评单: what a resident thinks of the own order.
CREATE TABLE incident_rating (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  incident_id uuid NOT NULL,
  scope_code text COLLATE "C",
  sensitive boolean NOT NULL,
  rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
  at timestamptz NOT NULL,
  PRIMARY KEY (county, incident_id)
);
CREATE INDEX incident_rating_scope ON incident_rating (county, scope_code);
-- Who has the case after an entry that hands it over: so the log says who passed it on.
ALTER TABLE incident_event ADD COLUMN organisation_id uuid;
ALTER TABLE incident_event ADD COLUMN post_id uuid;
ALTER TABLE whistle ADD CONSTRAINT whistle_incident_id_fk FOREIGN KEY (county, incident_id) REFERENCES incident (county, id) ON DELETE CASCADE;
ALTER TABLE whistle_call ADD CONSTRAINT whistle_call_whistle_id_fk FOREIGN KEY (county, whistle_id) REFERENCES whistle (county, id) ON DELETE CASCADE;
ALTER TABLE whistle_call ADD CONSTRAINT whistle_call_organisation_id_fk FOREIGN KEY (county, organisation_id) REFERENCES organisation (county, id);
ALTER TABLE incident_rating ADD CONSTRAINT incident_rating_incident_id_fk FOREIGN KEY (county, incident_id) REFERENCES incident (county, id) ON DELETE CASCADE;
ALTER TABLE whistle ENABLE ROW LEVEL SECURITY;
CREATE POLICY whistle_county ON whistle TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE ON whistle TO jingwei_app;
ALTER TABLE whistle_call ENABLE ROW LEVEL SECURITY;
CREATE POLICY whistle_call_county ON whistle_call TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE ON whistle_call TO jingwei_app;
ALTER TABLE incident_rating ENABLE ROW LEVEL SECURITY;
CREATE POLICY incident_rating_county ON incident_rating TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE ON incident_rating TO jingwei_app;

-- Down Migration
ALTER TABLE incident_event DROP COLUMN post_id;
ALTER TABLE incident_event DROP COLUMN organisation_id;
DROP TABLE incident_rating;
DROP TABLE whistle_call;
DROP TABLE whistle;
