-- Up Migration
-- What an import wrote, row by row, so that it can be undone as a whole: the row as it stood before (null: it was not
-- there) and a hash of it as the import left it, by which later changes are noticed.
CREATE TABLE import_row (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  batch_id uuid NOT NULL,
  entity_kind text COLLATE "C" NOT NULL,
  -- The row's key after the county; keys of several columns are joined by "/".
  entity_id text COLLATE "C" NOT NULL,
  before jsonb,
  after_hash text COLLATE "C",
  PRIMARY KEY (county, batch_id, entity_kind, entity_id)
);
CREATE INDEX import_row_entity ON import_row (county, entity_kind, entity_id);
ALTER TABLE import_row ENABLE ROW LEVEL SECURITY;
-- Only the owner's loads and undo touch the journal: it may hold what one role alone may read.
CREATE POLICY import_row_county ON import_row TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
ALTER TABLE import_batch ADD COLUMN options jsonb;
ALTER TABLE import_batch ADD COLUMN actor text;
ALTER TABLE import_batch ADD COLUMN undone_at timestamptz;
ALTER TABLE import_batch ADD COLUMN undone_by text;

-- Down Migration
ALTER TABLE import_batch DROP COLUMN undone_by;
ALTER TABLE import_batch DROP COLUMN undone_at;
ALTER TABLE import_batch DROP COLUMN actor;
ALTER TABLE import_batch DROP COLUMN options;
DROP TABLE import_row;
