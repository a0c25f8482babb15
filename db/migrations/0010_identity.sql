-- Up Migration
-- Identity. Sign-in reads and writes these tables as jingwei_auth, which has no right on anything else of a county;
-- administrators manage them as jingwei_accounts, bound to one county by row-level security. Seats have no right here.
DO $$ BEGIN CREATE ROLE jingwei_auth NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE jingwei_accounts NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN EXECUTE format('GRANT jingwei_auth, jingwei_accounts TO %I', current_user); EXCEPTION WHEN OTHERS THEN IF SQLERRM NOT LIKE '%concurrently updated%' THEN RAISE; END IF; END $$;
-- Where a login name or an identity provider's subject leads: small directories under keys of their own, without a tenant.
CREATE TABLE account_login (
  login text COLLATE "C" PRIMARY KEY,
  county text COLLATE "C" NOT NULL,
  account_id uuid NOT NULL
);
CREATE TABLE account_subject (
  issuer text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  county text COLLATE "C" NOT NULL,
  account_id uuid NOT NULL,
  PRIMARY KEY (issuer, subject)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON account_login TO jingwei_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_login TO jingwei_accounts;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_subject TO jingwei_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_subject TO jingwei_accounts;
-- Local accounts. The county is the account's home: whose administrators manage it; 000000 is the server itself.
CREATE TABLE account (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  login text COLLATE "C" NOT NULL CHECK (login ~ '^[a-z0-9][a-z0-9._-]{1,63}$'),
  display_name text NOT NULL,
  -- argon2id in PHC form; null for accounts that only an identity provider signs in.
  password_hash text,
  must_change_password boolean NOT NULL,
  failed_attempts integer NOT NULL,
  locked_until timestamptz,
  demo boolean NOT NULL,
  created_at timestamptz NOT NULL,
  disabled_at timestamptz,
  version integer NOT NULL,
  PRIMARY KEY (county, id),
  UNIQUE (county, login)
);
-- One role on one area, kept under the account's home county. An account works in its own county; one of the server
-- (000000) anywhere.
CREATE TABLE role_grant (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  role text COLLATE "C" NOT NULL CHECK (role IN ('wall', 'leader', 'dispatcher', 'planner', 'grid_worker', 'admin', 'auditor')),
  -- County of the granted area; 000000: every county.
  area_county text COLLATE "C" NOT NULL CHECK (area_county ~ '^[0-9]{6}$'),
  -- Null: the whole county.
  area_id uuid,
  granted_by text NOT NULL,
  granted_at timestamptz NOT NULL,
  revoked_by text,
  revoked_at timestamptz,
  PRIMARY KEY (county, id),
  CHECK (county = '000000' OR area_county = county),
  CHECK (area_county <> '000000' OR area_id IS NULL)
);
CREATE INDEX role_grant_account ON role_grant (county, account_id);
-- Server-side sessions under the account's home county. The cookie holds county, id and a secret; only its SHA-256 is here.
CREATE TABLE session (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  secret_hash text COLLATE "C" NOT NULL,
  -- The grant that the session acts under; null until one is chosen or when the account has none.
  grant_id uuid,
  visitor boolean NOT NULL,
  -- 'password', 'oidc', 'link' or 'demo'.
  method text COLLATE "C" NOT NULL,
  address text NOT NULL,
  agent text NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE INDEX session_account ON session (county, account_id);
-- Links that sign in once: the first administrator's, and resets of a password.
CREATE TABLE one_time_link (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  purpose text COLLATE "C" NOT NULL CHECK (purpose IN ('first', 'reset')),
  secret_hash text COLLATE "C" NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (county, id)
);
-- Tokens for programs: one role on one area, expiring, revocable; only the SHA-256 of the secret is here.
CREATE TABLE api_token (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  name text NOT NULL,
  secret_hash text COLLATE "C" NOT NULL,
  role text COLLATE "C" NOT NULL CHECK (role IN ('wall', 'leader', 'dispatcher', 'planner', 'grid_worker', 'admin', 'auditor')),
  area_id uuid,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_by text,
  revoked_at timestamptz,
  used_at timestamptz,
  PRIMARY KEY (county, id)
);
-- Walls without a keyboard: one area, read-only. The link is exchanged once for a device's cookie; a new link may be issued while the wall goes on.
CREATE TABLE kiosk_link (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  name text NOT NULL,
  area_id uuid,
  -- Where the exchange sends the browser: a path of the client with its settings, e.g. /wall?county=140226.
  start_path text NOT NULL,
  point_days integer NOT NULL CHECK (point_days BETWEEN 0 AND 3660),
  -- Always a visitor, or a visitor until this time (参观模式).
  visitor boolean NOT NULL,
  visitor_until timestamptz,
  link_hash text COLLATE "C",
  link_expires_at timestamptz,
  device_hash text COLLATE "C",
  exchanged_at timestamptz,
  exchanged_from text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_by text,
  revoked_at timestamptz,
  seen_at timestamptz,
  PRIMARY KEY (county, id)
);
ALTER TABLE session ADD CONSTRAINT session_account_id_fk FOREIGN KEY (county, account_id) REFERENCES account (county, id) ON DELETE CASCADE;
ALTER TABLE role_grant ADD CONSTRAINT role_grant_account_id_fk FOREIGN KEY (county, account_id) REFERENCES account (county, id) ON DELETE CASCADE;
ALTER TABLE one_time_link ADD CONSTRAINT one_time_link_account_id_fk FOREIGN KEY (county, account_id) REFERENCES account (county, id) ON DELETE CASCADE;
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY account_auth ON account TO jingwei_auth USING (true) WITH CHECK (true);
CREATE POLICY account_accounts ON account TO jingwei_accounts USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON account TO jingwei_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON account TO jingwei_accounts;
ALTER TABLE role_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY role_grant_auth ON role_grant TO jingwei_auth USING (true) WITH CHECK (true);
CREATE POLICY role_grant_accounts ON role_grant TO jingwei_accounts USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON role_grant TO jingwei_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON role_grant TO jingwei_accounts;
ALTER TABLE session ENABLE ROW LEVEL SECURITY;
CREATE POLICY session_auth ON session TO jingwei_auth USING (true) WITH CHECK (true);
CREATE POLICY session_accounts ON session TO jingwei_accounts USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON session TO jingwei_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON session TO jingwei_accounts;
ALTER TABLE one_time_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY one_time_link_auth ON one_time_link TO jingwei_auth USING (true) WITH CHECK (true);
CREATE POLICY one_time_link_accounts ON one_time_link TO jingwei_accounts USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_link TO jingwei_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_link TO jingwei_accounts;
ALTER TABLE api_token ENABLE ROW LEVEL SECURITY;
CREATE POLICY api_token_auth ON api_token TO jingwei_auth USING (true) WITH CHECK (true);
CREATE POLICY api_token_accounts ON api_token TO jingwei_accounts USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON api_token TO jingwei_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON api_token TO jingwei_accounts;
ALTER TABLE kiosk_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY kiosk_link_auth ON kiosk_link TO jingwei_auth USING (true) WITH CHECK (true);
CREATE POLICY kiosk_link_accounts ON kiosk_link TO jingwei_accounts USING (county = current_setting('app.county', true)) WITH CHECK (county = current_setting('app.county', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON kiosk_link TO jingwei_auth;
GRANT SELECT, INSERT, UPDATE, DELETE ON kiosk_link TO jingwei_accounts;
-- What both need of the county's own tables: codes of granted areas, and the audit log to add to.
GRANT SELECT ON area_version TO jingwei_auth;
CREATE POLICY area_version_auth ON area_version FOR SELECT TO jingwei_auth USING (true);
GRANT SELECT ON area_version TO jingwei_accounts;
CREATE POLICY area_version_accounts ON area_version FOR SELECT TO jingwei_accounts USING (county = current_setting('app.county', true));
GRANT SELECT ON county_profile TO jingwei_auth;
CREATE POLICY county_profile_auth ON county_profile FOR SELECT TO jingwei_auth USING (true);
GRANT SELECT ON county_profile TO jingwei_accounts;
CREATE POLICY county_profile_accounts ON county_profile FOR SELECT TO jingwei_accounts USING (county = current_setting('app.county', true));
GRANT INSERT ON audit_log TO jingwei_auth;
CREATE POLICY audit_log_auth ON audit_log FOR INSERT TO jingwei_auth WITH CHECK (true);
GRANT INSERT ON audit_log TO jingwei_accounts;
CREATE POLICY audit_log_accounts ON audit_log FOR INSERT TO jingwei_accounts WITH CHECK (county = current_setting('app.county', true));

-- Down Migration
DROP POLICY audit_log_accounts ON audit_log;
REVOKE ALL ON audit_log FROM jingwei_accounts;
DROP POLICY audit_log_auth ON audit_log;
REVOKE ALL ON audit_log FROM jingwei_auth;
DROP POLICY county_profile_accounts ON county_profile;
REVOKE ALL ON county_profile FROM jingwei_accounts;
DROP POLICY county_profile_auth ON county_profile;
REVOKE ALL ON county_profile FROM jingwei_auth;
DROP POLICY area_version_accounts ON area_version;
REVOKE ALL ON area_version FROM jingwei_accounts;
DROP POLICY area_version_auth ON area_version;
REVOKE ALL ON area_version FROM jingwei_auth;
DROP TABLE kiosk_link;
DROP TABLE api_token;
DROP TABLE one_time_link;
DROP TABLE session;
DROP TABLE role_grant;
DROP TABLE account;
DROP TABLE account_subject;
DROP TABLE account_login;
