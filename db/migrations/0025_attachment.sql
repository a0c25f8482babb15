-- Up Migration
-- Pictures of cases, without metadata. A row carries what policies compare: the area of its case, whether it is sensitive,
-- and who handles it, who alone sees pictures of sensitive cases.
CREATE TABLE incident_photo (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  handler_id uuid,
  type text COLLATE "C" NOT NULL CHECK (type IN ('image/jpeg', 'image/webp')),
  width integer NOT NULL CHECK (width BETWEEN 1 AND 1280),
  height integer NOT NULL CHECK (height BETWEEN 1 AND 1280),
  bytes bytea NOT NULL CHECK (octet_length(bytes) <= 409600),
  actor text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  scope_code text COLLATE "C",
  sensitive boolean NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE INDEX incident_photo_incident ON incident_photo (county, incident_id);
-- Pictures are packed already: trying again only costs time.
ALTER TABLE incident_photo ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE incident_photo ADD CONSTRAINT incident_photo_incident_id_fk FOREIGN KEY (county, incident_id) REFERENCES incident (county, id) ON DELETE CASCADE;
ALTER TABLE incident_photo ENABLE ROW LEVEL SECURITY;
CREATE POLICY incident_photo_county ON incident_photo TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON incident_photo TO jingwei_app;

-- Down Migration
DROP TABLE incident_photo;
