-- Up Migration
-- Partitioned by month on the id, whose time bits are opened_at (data rule 3); partitions are made before a load.
CREATE TABLE incident (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  ref integer NOT NULL CHECK (ref > 0),
  class_code text COLLATE "C" NOT NULL CHECK (class_code ~ '^[0-9]{5}$'),
  severity text COLLATE "C" NOT NULL CHECK (severity IN ('minor', 'normal', 'serious', 'critical')),
  source text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  title text NOT NULL,
  geom geometry(Point, 4326) NOT NULL,
  grid_id uuid,
  grid_code_at text COLLATE "C",
  scope_code text COLLATE "C",
  opened_at timestamptz NOT NULL,
  due_at timestamptz,
  first_answer_at timestamptz,
  closed_at timestamptz,
  source_verdict text COLLATE "C" CHECK (source_verdict IN ('on_time', 'overdue', 'none')),
  border boolean NOT NULL,
  suspicious boolean NOT NULL,
  source_ref text COLLATE "C",
  organisation_id uuid,
  version integer NOT NULL,
  PRIMARY KEY (county, id)
) PARTITION BY RANGE (id);
CREATE TABLE incident_default PARTITION OF incident DEFAULT;
CREATE INDEX incident_ref ON incident (county, ref);
CREATE INDEX incident_scope ON incident (county, scope_code, opened_at);
CREATE INDEX incident_opened ON incident (county, opened_at, id);
CREATE INDEX incident_source_ref ON incident (county, source_ref);
CREATE INDEX incident_geom ON incident USING gist (geom);
-- Every step of a case, append-only.
CREATE TABLE incident_event (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  seq smallint NOT NULL,
  from_state text COLLATE "C",
  to_state text COLLATE "C" NOT NULL,
  actor text NOT NULL,
  at timestamptz NOT NULL,
  note text,
  PRIMARY KEY (county, id)
) PARTITION BY RANGE (id);
CREATE TABLE incident_event_default PARTITION OF incident_event DEFAULT;
CREATE INDEX incident_event_incident ON incident_event (county, incident_id, seq);

-- Down Migration
DROP TABLE incident_event;
DROP TABLE incident;
