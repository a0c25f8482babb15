-- Up Migration
-- Severe cases that are shown until a named officer acknowledges them. One row a case; raised in the transaction that
-- reports it, so that no page has to be open for it.
CREATE TABLE alarm (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  incident_id uuid NOT NULL,
  -- Both as in the case: a policy compares own columns only.
  scope_code text COLLATE "C",
  sensitive boolean NOT NULL,
  raised_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  -- Row id of the account, null for alarms of demo data; the name as it was then.
  acknowledged_by uuid,
  acknowledged_name text,
  PRIMARY KEY (county, incident_id)
);
CREATE INDEX alarm_waiting ON alarm (county, raised_at) WHERE acknowledged_at IS NULL;
CREATE INDEX alarm_raised ON alarm (county, raised_at);
-- Duty log of the desks of areas, append-only: nobody has the right to change or delete a row.
CREATE TABLE duty_entry (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  -- Area whose desk it is.
  scope_code text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('note', 'handover', 'takeover')),
  author_id uuid NOT NULL,
  author text NOT NULL,
  at timestamptz NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE INDEX duty_entry_desk ON duty_entry (county, scope_code, at);
ALTER TABLE alarm ADD CONSTRAINT alarm_incident_id_fk FOREIGN KEY (county, incident_id) REFERENCES incident (county, id) ON DELETE CASCADE;
ALTER TABLE alarm ENABLE ROW LEVEL SECURITY;
CREATE POLICY alarm_county ON alarm TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE ON alarm TO jingwei_app;
ALTER TABLE duty_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY duty_entry_county ON duty_entry TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT ON duty_entry TO jingwei_app;

-- Down Migration
DROP TABLE duty_entry;
DROP TABLE alarm;
