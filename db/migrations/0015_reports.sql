-- Up Migration
-- Who handles a case now: the row id of an account. Sealed rows carry it too, since a policy compares own columns only.
ALTER TABLE incident ADD COLUMN handler_id uuid;
-- Numbers that are handed out one by one in a county; the row's lock keeps writers apart until they commit.
CREATE TABLE county_counter (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  name text COLLATE "C" NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (county, name)
);
-- Answers of creating mutations by the client's key, 30 days (data rule 10). The hash of the request is keyed and the
-- answer holds ids only: nothing sealed can be read or guessed from a row.
CREATE TABLE idempotency (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  actor text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  request_hash text COLLATE "C" NOT NULL,
  response jsonb,
  created_at timestamptz NOT NULL,
  hits integer NOT NULL,
  PRIMARY KEY (county, actor, key)
);
CREATE INDEX idempotency_created ON idempotency (county, created_at);
-- What a reporter finds the own report by: the order number and a code, of which only a hash is here.
CREATE TABLE incident_report (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  incident_id uuid NOT NULL,
  order_no text COLLATE "C" NOT NULL,
  code_hash text COLLATE "C" NOT NULL,
  failed_attempts integer NOT NULL,
  locked_until timestamptz,
  created_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  PRIMARY KEY (county, incident_id),
  UNIQUE (county, order_no)
);
-- How to reach a reporter: sealed under a key that is not in the database, readable by the current handler only, and
-- really deleted.
CREATE TABLE reporter_contact (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  incident_id uuid NOT NULL,
  handler_id uuid,
  contact bytea NOT NULL,
  created_at timestamptz NOT NULL,
  delete_after timestamptz,
  PRIMARY KEY (county, incident_id)
);
ALTER TABLE incident_report ADD CONSTRAINT incident_report_incident_id_fk FOREIGN KEY (county, incident_id) REFERENCES incident (county, id) ON DELETE CASCADE;
ALTER TABLE reporter_contact ADD CONSTRAINT reporter_contact_incident_id_fk FOREIGN KEY (county, incident_id) REFERENCES incident (county, id) ON DELETE CASCADE;
ALTER TABLE county_counter ENABLE ROW LEVEL SECURITY;
CREATE POLICY county_counter_county ON county_counter TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE ON county_counter TO jingwei_app;
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
CREATE POLICY idempotency_county ON idempotency TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO jingwei_app;
ALTER TABLE incident_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY incident_report_county ON incident_report TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE ON incident_report TO jingwei_app;
ALTER TABLE reporter_contact ENABLE ROW LEVEL SECURITY;
CREATE POLICY reporter_contact_county ON reporter_contact TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON reporter_contact TO jingwei_app;

-- Down Migration
DROP TABLE reporter_contact;
DROP TABLE incident_report;
DROP TABLE idempotency;
DROP TABLE county_counter;
ALTER TABLE incident DROP COLUMN handler_id;
