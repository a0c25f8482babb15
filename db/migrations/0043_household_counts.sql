-- Up Migration
-- How a count of households is known: counted by the source; stated by it as a rough figure; a total spread over buildings
-- by floor area or evenly; the sum of what lies inside; unknown (then it reads 0). Only what is not exact shows as "about".
ALTER TABLE building ADD COLUMN households_exact boolean NOT NULL DEFAULT true;
ALTER TABLE building ADD COLUMN households_basis text COLLATE "C" NOT NULL DEFAULT 'counted' CHECK (households_basis IN ('counted', 'stated', 'floor_area', 'even', 'sum', 'unknown'));
ALTER TABLE building ADD COLUMN households_source text;
ALTER TABLE building ADD COLUMN households_date date;
ALTER TABLE compound ADD COLUMN households_exact boolean NOT NULL DEFAULT true;
ALTER TABLE compound ADD COLUMN households_basis text COLLATE "C" NOT NULL DEFAULT 'counted' CHECK (households_basis IN ('counted', 'stated', 'floor_area', 'even', 'sum', 'unknown'));
ALTER TABLE compound ADD COLUMN households_source text;
ALTER TABLE compound ADD COLUMN households_date date;
ALTER TABLE area_version ADD COLUMN households_exact boolean NOT NULL DEFAULT true;
ALTER TABLE area_version ADD COLUMN households_basis text COLLATE "C" NOT NULL DEFAULT 'counted' CHECK (households_basis IN ('counted', 'stated', 'floor_area', 'even', 'sum', 'unknown'));
ALTER TABLE area_version ADD COLUMN households_source text;
ALTER TABLE area_version ADD COLUMN households_date date;
-- The code that a building or compound has in its source; whether its outline was drawn or stands in for a point; whether
-- the floors were told or taken as one.
ALTER TABLE building ADD COLUMN code text;
ALTER TABLE building ADD COLUMN drawn boolean NOT NULL DEFAULT true;
ALTER TABLE building ADD COLUMN floors_known boolean NOT NULL DEFAULT true;
ALTER TABLE compound ADD COLUMN source_ref text;
ALTER TABLE compound ADD COLUMN drawn boolean NOT NULL DEFAULT true;
CREATE INDEX building_compound ON building (county, compound_id);

-- Down Migration
DROP INDEX building_compound;
ALTER TABLE compound DROP COLUMN drawn;
ALTER TABLE compound DROP COLUMN source_ref;
ALTER TABLE building DROP COLUMN floors_known;
ALTER TABLE building DROP COLUMN drawn;
ALTER TABLE building DROP COLUMN code;
ALTER TABLE area_version DROP COLUMN households_date;
ALTER TABLE area_version DROP COLUMN households_source;
ALTER TABLE area_version DROP COLUMN households_basis;
ALTER TABLE area_version DROP COLUMN households_exact;
ALTER TABLE compound DROP COLUMN households_date;
ALTER TABLE compound DROP COLUMN households_source;
ALTER TABLE compound DROP COLUMN households_basis;
ALTER TABLE compound DROP COLUMN households_exact;
ALTER TABLE building DROP COLUMN households_date;
ALTER TABLE building DROP COLUMN households_source;
ALTER TABLE building DROP COLUMN households_basis;
ALTER TABLE building DROP COLUMN households_exact;
