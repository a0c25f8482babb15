-- Up Migration
-- The admission list (准入清单): what departments hand down, and what must not be handed to grid workers or stamped.
CREATE TABLE admission_item (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  department text NOT NULL,
  -- Unit of the department, where the county has it.
  organisation_id uuid,
  item text NOT NULL,
  -- Beginnings of class codes; empty for an item without a class of its own.
  classes text[] NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('undertake', 'assist', 'forbidden', 'no_stamp')),
  batch text NOT NULL,
  -- Place in the list.
  ordinal integer NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE INDEX admission_item_ordinal ON admission_item (county, ordinal);
-- What each area that may own an undecided case near a border sees of it, under row-level security by its own code: the
-- case itself lies in one of them only until somebody decides.
CREATE TABLE incident_candidate (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  incident_id uuid NOT NULL,
  -- Code of the candidate.
  scope_code text COLLATE "C" NOT NULL,
  class_code text COLLATE "C" NOT NULL,
  sensitive boolean NOT NULL,
  state text COLLATE "C" NOT NULL,
  -- As drawn: for sensitive classes the label point of the area that the case lies in meanwhile.
  geom geometry(Point, 4326) NOT NULL,
  opened_at timestamptz NOT NULL,
  version integer NOT NULL,
  -- Codes of all candidates, lowest first.
  candidates text[] NOT NULL,
  PRIMARY KEY (county, incident_id, scope_code)
);
CREATE INDEX incident_candidate_scope ON incident_candidate (county, scope_code, opened_at);
ALTER TABLE admission_item ADD CONSTRAINT admission_item_county_profile_fk FOREIGN KEY (county) REFERENCES county_profile (county);
ALTER TABLE admission_item ADD CONSTRAINT admission_item_organisation_id_fk FOREIGN KEY (county, organisation_id) REFERENCES organisation (county, id);
ALTER TABLE incident_candidate ADD CONSTRAINT incident_candidate_incident_id_fk FOREIGN KEY (county, incident_id) REFERENCES incident (county, id) ON DELETE CASCADE;
ALTER TABLE admission_item ENABLE ROW LEVEL SECURITY;
CREATE POLICY admission_item_county ON admission_item TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON admission_item TO jingwei_app;
ALTER TABLE incident_candidate ENABLE ROW LEVEL SECURITY;
CREATE POLICY incident_candidate_county ON incident_candidate TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON incident_candidate TO jingwei_app;
-- Steps are append-only; where their case lies is not theirs to keep: deciding its owner, as publishing a boundary, moves it.
GRANT UPDATE (scope_code, sensitive) ON incident_event TO jingwei_app;

-- Down Migration
REVOKE UPDATE (scope_code, sensitive) ON incident_event FROM jingwei_app;
DROP TABLE incident_candidate;
DROP TABLE admission_item;
