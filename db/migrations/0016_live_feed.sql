-- Up Migration
-- Transactions that changed cases of a county: each adds 1 and holds the row until it commits, so versions are commits in
-- order and without gaps (docs/data-plane.md).
ALTER TABLE county_profile ADD COLUMN live_version bigint NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN live_version bigint NOT NULL DEFAULT 0;
ALTER TABLE outbox ALTER COLUMN live_version DROP DEFAULT;
ALTER TABLE change_feed ADD COLUMN live_version bigint NOT NULL DEFAULT 0;
ALTER TABLE change_feed ALTER COLUMN live_version DROP DEFAULT;
CREATE INDEX outbox_live ON outbox (county, live_version, id);
CREATE INDEX change_feed_created ON change_feed (county, created_at);
-- End of a county's feed. Whoever holds the row's lock is the relay. The epoch (milliseconds) is of the feed's beginning:
-- numbers of a county that was removed and loaded anew begin again and are told apart by it.
CREATE TABLE feed_head (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  epoch bigint NOT NULL,
  seq bigint NOT NULL,
  live_version bigint NOT NULL,
  PRIMARY KEY (county)
);
ALTER TABLE feed_head ENABLE ROW LEVEL SECURITY;
CREATE POLICY feed_head_county ON feed_head TO jingwei_app USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE ON feed_head TO jingwei_app;
GRANT DELETE ON change_feed TO jingwei_app;

-- Down Migration
REVOKE DELETE ON change_feed FROM jingwei_app;
DROP TABLE feed_head;
DROP INDEX change_feed_created;
DROP INDEX outbox_live;
ALTER TABLE change_feed DROP COLUMN live_version;
ALTER TABLE outbox DROP COLUMN live_version;
ALTER TABLE county_profile DROP COLUMN live_version;
