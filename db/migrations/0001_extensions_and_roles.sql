-- Up Migration
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
-- The role that the application reads and writes with: it owns nothing, so row-level security binds it.
-- Roles are shared by all databases of a cluster and may be made by two of them at once.
DO $$ BEGIN CREATE ROLE jingwei_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN EXECUTE format('GRANT jingwei_app TO %I', current_user); EXCEPTION WHEN OTHERS THEN IF SQLERRM NOT LIKE '%concurrently updated%' THEN RAISE; END IF; END $$;

-- Down Migration
DROP EXTENSION IF EXISTS btree_gist;
DROP EXTENSION IF EXISTS postgis;
