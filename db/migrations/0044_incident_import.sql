-- Up Migration
-- Which import a case came with: an import is taken back as a whole. Cases that were there before it are in its journal.
ALTER TABLE incident ADD COLUMN import_batch uuid;
-- Cases are written in parts, each a transaction of its own: what an import that was interrupted had written already. A part
-- without a `last` one after it belongs to an import that has not ended.
CREATE TABLE import_batch_part (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  batch_id uuid NOT NULL,
  -- 0, 1, … in the order of the lines.
  part integer NOT NULL CHECK (part >= 0),
  -- Hash of the files' bytes and of everything that decides what becomes of their lines.
  file_key text COLLATE "C" NOT NULL CHECK (file_key ~ '^[0-9a-f]{64}$'),
  -- Lines of all files together, counted from 0; half-open.
  first_line integer NOT NULL,
  end_line integer NOT NULL,
  loaded integer NOT NULL,
  updated integer NOT NULL,
  unchanged integer NOT NULL,
  -- Lowest and highest id of the cases that it added; null when it added none.
  from_id uuid,
  to_id uuid,
  last boolean NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (county, batch_id, part),
  CHECK ((from_id IS NULL) = (to_id IS NULL))
);
CREATE INDEX import_batch_part_file ON import_batch_part (county, file_key);
ALTER TABLE import_batch_part ADD CONSTRAINT import_batch_part_batch_fk FOREIGN KEY (county, batch_id) REFERENCES import_batch (county, id) ON DELETE CASCADE;
ALTER TABLE import_batch_part ENABLE ROW LEVEL SECURITY;
CREATE POLICY import_batch_part_county ON import_batch_part TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT ON import_batch_part TO jingwei_app;

-- Down Migration
DROP TABLE import_batch_part;
ALTER TABLE incident DROP COLUMN import_batch;
