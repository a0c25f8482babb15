-- Up Migration
-- The four bounds (四至) of a plan's grids as its planner wrote them; where there is none, they are worked out.
CREATE TABLE plan_bound (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  plan_id uuid NOT NULL,
  cell text COLLATE "C" NOT NULL,
  side text COLLATE "C" NOT NULL CHECK (side IN ('east', 'south', 'west', 'north')),
  scope_code text COLLATE "C" NOT NULL,
  text text NOT NULL,
  author text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (county, plan_id, cell, side)
);
ALTER TABLE plan_bound ADD CONSTRAINT plan_bound_plan_id_fk FOREIGN KEY (county, plan_id) REFERENCES plan (county, id) ON DELETE CASCADE;
ALTER TABLE plan_bound ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_bound_county ON plan_bound TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON plan_bound TO jingwei_app;

-- Down Migration
DROP TABLE plan_bound;
