-- Up Migration
-- The audit log says who, when, from where, what and why, in the write's own transaction, with a hash under a key that
-- is kept outside the database (data rule 8). Everything is text, so that the hash is over exactly what is stored.
ALTER TABLE audit_log ADD COLUMN actor_name text;
ALTER TABLE audit_log ADD COLUMN role text COLLATE "C";
ALTER TABLE audit_log ADD COLUMN address text;
ALTER TABLE audit_log ADD COLUMN reason text;
-- 'v1:<key id>:<HMAC-SHA-256>'. Rows from before say 'legacy'; the first start after this migration signs them as such,
-- and from then on the bare word is a forgery.
ALTER TABLE audit_log ADD COLUMN mac text COLLATE "C" NOT NULL DEFAULT 'legacy';
ALTER TABLE audit_log ALTER COLUMN mac DROP DEFAULT;
ALTER TABLE audit_log ALTER COLUMN entity TYPE text USING entity::text;
-- The chain of a county: each row's number, the hash before it and the hash with it. Written by the sealer alone.
CREATE TABLE audit_seal (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  seq bigint NOT NULL CHECK (seq > 0),
  audit_id uuid NOT NULL,
  previous_hash text COLLATE "C" NOT NULL,
  hash text COLLATE "C" NOT NULL,
  sealed_at timestamptz NOT NULL,
  -- Name of the file outside the database that the head of this batch went to.
  head_file text COLLATE "C" NOT NULL,
  PRIMARY KEY (county, seq),
  UNIQUE (county, audit_id)
);
-- Seals what was written and reads it back to prove it; changes and deletes nothing. It works in every county.
DO $$ BEGIN CREATE ROLE jingwei_sealer NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN EXECUTE format('GRANT jingwei_sealer TO %I', current_user); EXCEPTION WHEN OTHERS THEN IF SQLERRM NOT LIKE '%concurrently updated%' THEN RAISE; END IF; END $$;
CREATE POLICY audit_log_sealer ON audit_log FOR SELECT TO jingwei_sealer USING (true);
GRANT SELECT ON audit_log TO jingwei_sealer;
ALTER TABLE audit_seal ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_seal_sealer_read ON audit_seal FOR SELECT TO jingwei_sealer USING (true);
CREATE POLICY audit_seal_sealer_add ON audit_seal FOR INSERT TO jingwei_sealer WITH CHECK (true);
GRANT SELECT, INSERT ON audit_seal TO jingwei_sealer;

-- Down Migration
DROP TABLE audit_seal;
REVOKE ALL ON audit_log FROM jingwei_sealer;
DROP POLICY audit_log_sealer ON audit_log;
ALTER TABLE audit_log ALTER COLUMN entity TYPE jsonb USING entity::jsonb;
ALTER TABLE audit_log DROP COLUMN mac;
ALTER TABLE audit_log DROP COLUMN reason;
ALTER TABLE audit_log DROP COLUMN address;
ALTER TABLE audit_log DROP COLUMN role;
ALTER TABLE audit_log DROP COLUMN actor_name;
