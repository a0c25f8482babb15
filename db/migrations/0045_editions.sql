-- Up Migration
-- What became of which area: one row for each pair of an old and a new area at the date on which a new edition of the
-- boundaries, or a plan, took effect. An area that lives on under another name, code or parent has a row with itself.
CREATE TABLE area_lineage (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  from_area uuid NOT NULL,
  to_area uuid NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('split', 'merge', 'moved', 'redigitised', 'renamed', 'recoded', 'reparented')),
  -- Codes before and after, as they were then: an old code answers by them.
  from_code text COLLATE "C" NOT NULL,
  to_code text COLLATE "C" NOT NULL,
  -- Share of the old area's ground that went to the new one, and of the new area's ground that came from the old one; null
  -- where nobody measured it.
  share double precision CHECK (share >= 0 AND share <= 1),
  to_share double precision CHECK (to_share >= 0 AND to_share <= 1),
  -- 00:00 of the effective date in the county's zone.
  at timestamptz NOT NULL,
  -- The import or the plan that it came with.
  batch_id uuid,
  plan_id uuid,
  -- Whether what lies in the areas (cases, staff, buildings) carries the new codes: a later date is waited for.
  settled boolean NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE INDEX area_lineage_pair ON area_lineage (county, from_area, to_area, at);
CREATE INDEX area_lineage_to ON area_lineage (county, to_area);
CREATE INDEX area_lineage_code ON area_lineage (county, from_code);
CREATE INDEX area_lineage_open ON area_lineage (county, at) WHERE NOT settled;
ALTER TABLE area_lineage ADD CONSTRAINT area_lineage_from_area_fk FOREIGN KEY (county, from_area) REFERENCES area (county, id) ON DELETE CASCADE;
ALTER TABLE area_lineage ADD CONSTRAINT area_lineage_to_area_fk FOREIGN KEY (county, to_area) REFERENCES area (county, id) ON DELETE CASCADE;
ALTER TABLE area_lineage ENABLE ROW LEVEL SECURITY;
CREATE POLICY area_lineage_county ON area_lineage TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON area_lineage TO jingwei_app;

-- Down Migration
DROP TABLE area_lineage;
