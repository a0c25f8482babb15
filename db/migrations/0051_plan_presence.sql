-- Up Migration
-- Who has a plan open and which cells they hold in their hand: soft locks, which run out by themselves.
CREATE TABLE plan_presence (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  plan_id uuid NOT NULL,
  account_id uuid NOT NULL,
  scope_code text COLLATE "C" NOT NULL,
  name text NOT NULL,
  cells jsonb NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (county, plan_id, account_id)
);
ALTER TABLE plan_presence ADD CONSTRAINT plan_presence_plan_id_fk FOREIGN KEY (county, plan_id) REFERENCES plan (county, id) ON DELETE CASCADE;
ALTER TABLE plan_presence ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_presence_county ON plan_presence TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON plan_presence TO jingwei_app;

-- Down Migration
DROP TABLE plan_presence;
