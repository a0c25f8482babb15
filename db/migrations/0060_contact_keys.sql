-- Up Migration
-- A key of its own for each reporter's contact, sealed under the key that is not in the database. It is destroyed with the
-- contact and no backup carries it: what an older backup still holds of the contact opens no more.
-- No reference to the case: a backup that is taken back knows nothing of later cases, whose keys stay for a while.
CREATE TABLE contact_key (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  incident_id uuid NOT NULL,
  id uuid NOT NULL,
  handler_id uuid,
  key bytea NOT NULL,
  created_at timestamptz NOT NULL,
  -- Until when a key without its contact stays, after an older backup was taken back; null = as long as the contact.
  kept_until timestamptz,
  PRIMARY KEY (county, incident_id)
);
-- Null: sealed before contacts had keys, under the installation's own; the next start gives it one.
ALTER TABLE reporter_contact ADD COLUMN key_id uuid;
ALTER TABLE contact_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY contact_key_county ON contact_key TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON contact_key TO jingwei_app;

-- Down Migration
ALTER TABLE reporter_contact DROP COLUMN key_id;
DROP TABLE contact_key;
