-- Up Migration
-- How cases of a county live: its workflows, words, clocks, escalation, whistle items (data/workflow/process.ts). A county
-- without a row walks the default process.
CREATE TABLE county_process (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  process jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (county)
);
ALTER TABLE county_process ENABLE ROW LEVEL SECURITY;
CREATE POLICY county_process_county ON county_process TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE ON county_process TO jingwei_app;
-- Null workflow and step: an import that knows neither walks the county's default, at the first step of its state.
ALTER TABLE incident ADD COLUMN workflow text COLLATE "C";
ALTER TABLE incident ADD COLUMN step text COLLATE "C";
-- Post that handles it: its staff on duty sees the case in the own queue.
ALTER TABLE incident ADD COLUMN post_id uuid;
-- Account that did the work which was reported as done: it does not verify it, whoever has the case by then.
ALTER TABLE incident ADD COLUMN worked_by uuid;
-- Role that should claim it, in the area (today's code) whose staff should; null once somebody has it.
ALTER TABLE incident ADD COLUMN inbox_role text COLLATE "C";
ALTER TABLE incident ADD COLUMN inbox_area text COLLATE "C";
ALTER TABLE incident ADD CONSTRAINT incident_inbox_whole CHECK ((inbox_role IS NULL) = (inbox_area IS NULL));
ALTER TABLE incident ADD COLUMN merged_into uuid;
ALTER TABLE incident ADD COLUMN escalation text COLLATE "C";
ALTER TABLE incident ADD CONSTRAINT incident_escalation_level CHECK (escalation IN ('grid', 'community', 'town', 'county'));
ALTER TABLE incident_event ADD COLUMN kind text COLLATE "C" NOT NULL DEFAULT 'step';
ALTER TABLE incident_event ADD COLUMN step text COLLATE "C";
-- Before this there was one other kind of entry: taking a case, written as a step from a state to itself.
UPDATE incident_event SET kind = 'taken' WHERE from_state = to_state;
ALTER TABLE incident_event ALTER COLUMN kind DROP DEFAULT;
-- Open cases that nobody has wait for the dispatcher of the deepest area.
UPDATE incident SET inbox_role = 'dispatcher', inbox_area = coalesce(scope_code, county)
  WHERE handler_id IS NULL AND organisation_id IS NULL AND state NOT IN ('closed', 'evaluated', 'rejected', 'void');
-- Open cases by what is due first: the dispatcher's queue.
CREATE INDEX incident_due ON incident (county, due_at, id) WHERE state NOT IN ('closed', 'evaluated', 'rejected', 'void');
CREATE INDEX incident_inbox ON incident (county, inbox_role, inbox_area) WHERE inbox_role IS NOT NULL;
CREATE INDEX incident_handler ON incident (county, handler_id) WHERE handler_id IS NOT NULL;
CREATE INDEX incident_post ON incident (county, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX incident_merged ON incident (county, merged_into) WHERE merged_into IS NOT NULL;

-- Down Migration
DROP INDEX incident_merged;
DROP INDEX incident_post;
DROP INDEX incident_handler;
DROP INDEX incident_inbox;
DROP INDEX incident_due;
ALTER TABLE incident_event DROP COLUMN step;
ALTER TABLE incident_event DROP COLUMN kind;
ALTER TABLE incident DROP CONSTRAINT incident_escalation_level;
ALTER TABLE incident DROP COLUMN escalation;
ALTER TABLE incident DROP COLUMN merged_into;
ALTER TABLE incident DROP CONSTRAINT incident_inbox_whole;
ALTER TABLE incident DROP COLUMN inbox_area;
ALTER TABLE incident DROP COLUMN inbox_role;
ALTER TABLE incident DROP COLUMN worked_by;
ALTER TABLE incident DROP COLUMN post_id;
ALTER TABLE incident DROP COLUMN step;
ALTER TABLE incident DROP COLUMN workflow;
DROP TABLE county_process;
