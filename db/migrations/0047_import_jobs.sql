-- Up Migration
-- Imports that were asked for in the browser: what of which upload, how far they came, how they ended. The report of one
-- that wrote something is in import_batch as well, which outlives this.
CREATE TABLE import_job (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  client_key text COLLATE "C" NOT NULL,
  upload uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  options jsonb NOT NULL,
  dry_run boolean NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  phase text COLLATE "C",
  row_count bigint NOT NULL,
  byte_count bigint,
  byte_total bigint,
  report jsonb,
  error jsonb,
  batch_id uuid,
  rejected boolean NOT NULL,
  actor text COLLATE "C" NOT NULL,
  actor_name text,
  process uuid NOT NULL,
  created_at timestamptz NOT NULL,
  touched_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (county, id),
  UNIQUE (county, client_key)
);
ALTER TABLE import_job ENABLE ROW LEVEL SECURITY;
CREATE POLICY import_job_county ON import_job TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON import_job TO jingwei_app;

-- Down Migration
DROP TABLE import_job;
