-- Up Migration
-- A write adds its change here in its own transaction; a relay appends it to the feed in commit order (data rule 6).
CREATE TABLE outbox (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  op text COLLATE "C" NOT NULL CHECK (op IN ('UPSERT', 'REMOVE', 'BULK')),
  entity jsonb NOT NULL,
  version bigint NOT NULL,
  scope_before text COLLATE "C",
  scope_after text COLLATE "C",
  created_at timestamptz NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE TABLE change_feed (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  seq bigint NOT NULL,
  id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  op text COLLATE "C" NOT NULL CHECK (op IN ('UPSERT', 'REMOVE', 'BULK')),
  entity jsonb NOT NULL,
  version bigint NOT NULL,
  scope_before text COLLATE "C",
  scope_after text COLLATE "C",
  created_at timestamptz NOT NULL,
  PRIMARY KEY (county, seq)
);
CREATE TABLE audit_log (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  actor text NOT NULL,
  action text COLLATE "C" NOT NULL,
  entity jsonb NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (county, id)
);
-- What an import did: its report as given to the person who ran it.
CREATE TABLE import_batch (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  file_name text NOT NULL,
  report jsonb NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (county, id)
);

-- Down Migration
DROP TABLE import_batch;
DROP TABLE audit_log;
DROP TABLE change_feed;
DROP TABLE outbox;
