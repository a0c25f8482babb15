-- Up Migration
-- Clocks of cases: what replaying the log gives (data/clock/clocks-of.ts), kept so that SQL can ask for it. Looked up by
-- case and by due time, one or two short rows a case: not partitioned.
CREATE TABLE incident_clock (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  incident_id uuid NOT NULL,
  seq smallint NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('state', 'business')),
  target text COLLATE "C" CHECK (target IN ('answer', 'arrive', 'handle', 'close')),
  rule text COLLATE "C" NOT NULL,
  calendar text COLLATE "C" NOT NULL,
  -- Negative where a source's deadline lies before the opening.
  allowed_seconds integer NOT NULL,
  extended_seconds integer NOT NULL,
  started_at timestamptz NOT NULL,
  used_ms bigint NOT NULL,
  running_since timestamptz,
  paused_at timestamptz,
  pause_reason text,
  ended_at timestamptz,
  outcome text COLLATE "C" CHECK (outcome IN ('met', 'missed', 'dropped')),
  due_at timestamptz,
  scope_code text COLLATE "C",
  sensitive boolean NOT NULL,
  PRIMARY KEY (county, incident_id, seq),
  CHECK ((kind = 'state') = (target IS NULL)),
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX incident_clock_due ON incident_clock (county, due_at) WHERE outcome IS NULL;
CREATE INDEX incident_clock_started ON incident_clock (county, started_at, target);
-- Counted seconds that an entry of kind `extended` added to the deadline.
ALTER TABLE incident_event ADD COLUMN extended_seconds integer;
ALTER TABLE incident_clock ADD CONSTRAINT incident_clock_incident_id_fk FOREIGN KEY (county, incident_id) REFERENCES incident (county, id) ON DELETE CASCADE;
ALTER TABLE incident_clock ENABLE ROW LEVEL SECURITY;
CREATE POLICY incident_clock_county ON incident_clock TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON incident_clock TO jingwei_app;
-- Deadlines of cases that are there already become clocks of their own.
INSERT INTO incident_clock (county, incident_id, seq, kind, target, rule, calendar, allowed_seconds, extended_seconds,
    started_at, used_ms, running_since, paused_at, ended_at, outcome, due_at, scope_code, sensitive)
  SELECT i.county, i.id, 1, 'business', 'close', 'source', 'always',
      greatest(least(floor(extract(epoch FROM i.due_at - i.opened_at)), 2147483647), -2147483648)::int, 0, i.opened_at,
      CASE WHEN i.closed_at IS NULL THEN 0 ELSE round(extract(epoch FROM i.closed_at - i.opened_at) * 1000) END,
      CASE WHEN i.closed_at IS NULL AND i.state <> 'on_hold' THEN i.opened_at END,
      CASE WHEN i.closed_at IS NULL AND i.state = 'on_hold' THEN i.opened_at END, i.closed_at,
      CASE WHEN i.closed_at IS NULL THEN NULL WHEN i.state IN ('rejected', 'void') THEN 'dropped'
           WHEN i.source_verdict = 'overdue' OR i.closed_at > i.due_at THEN 'missed' ELSE 'met' END,
      CASE WHEN i.closed_at IS NOT NULL OR i.state <> 'on_hold' THEN i.due_at END, i.scope_code, i.sensitive
    FROM incident i WHERE i.due_at IS NOT NULL;
UPDATE incident SET due_at = NULL WHERE state = 'on_hold';

-- Down Migration
ALTER TABLE incident_event DROP COLUMN extended_seconds;
DROP TABLE incident_clock;
