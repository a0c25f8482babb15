-- Up Migration
CREATE TABLE organisation (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  name text NOT NULL,
  name_sort text COLLATE "C" NOT NULL,
  credit_code text COLLATE "C" CHECK (credit_code ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
  unit_level smallint CHECK (unit_level IN (1, 2)),
  duty_phone text,
  PRIMARY KEY (county, id)
);
CREATE INDEX organisation_name ON organisation (county, name_sort, id);
CREATE TABLE organisation_role (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  area_id uuid NOT NULL,
  role text COLLATE "C" NOT NULL CHECK (role IN ('responsible', 'stationed', 'joint', 'owner')),
  contract_no text,
  valid tstzrange NOT NULL,
  PRIMARY KEY (county, id),
  -- An area has at most one responsible unit at a time.
  CONSTRAINT organisation_role_one_responsible EXCLUDE USING gist (county WITH =, area_id WITH =, valid WITH &&) WHERE (role = 'responsible')
);
CREATE INDEX organisation_role_area ON organisation_role (county, area_id);
CREATE INDEX organisation_role_organisation ON organisation_role (county, organisation_id);
CREATE TABLE post (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  organisation_id uuid,
  place text NOT NULL,
  geom geometry(Point, 4326) NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE INDEX post_kind ON post (county, kind);
CREATE TABLE post_area (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  post_id uuid NOT NULL,
  area_id uuid NOT NULL,
  lead boolean NOT NULL,
  PRIMARY KEY (county, post_id, area_id)
);
CREATE INDEX post_area_area ON post_area (county, area_id);
CREATE TABLE duty_staff (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  name text NOT NULL,
  name_sort text COLLATE "C" NOT NULL,
  title text NOT NULL,
  organisation_id uuid,
  PRIMARY KEY (county, id)
);
CREATE INDEX duty_staff_name ON duty_staff (county, name_sort, id);
-- Sensitive fields are tables of their own (data rule 7).
CREATE TABLE duty_staff_contact (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  staff_id uuid NOT NULL,
  work_phone text NOT NULL,
  PRIMARY KEY (county, staff_id)
);
CREATE TABLE post_holder (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  post_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  slot text COLLATE "C" NOT NULL CHECK (slot IN ('A', 'B')),
  valid tstzrange NOT NULL,
  PRIMARY KEY (county, post_id, staff_id, slot)
);
CREATE INDEX post_holder_staff ON post_holder (county, staff_id);
-- Weekly pattern in the county's own time: bit 0 = Monday, minutes since midnight, past 1440 into the next day.
CREATE TABLE duty_shift (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  post_id uuid NOT NULL,
  slot text COLLATE "C" NOT NULL CHECK (slot IN ('A', 'B')),
  weekdays smallint NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
  start_minute smallint NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
  end_minute smallint NOT NULL CHECK (end_minute > start_minute AND end_minute <= 2880),
  PRIMARY KEY (county, id)
);
CREATE INDEX duty_shift_post ON duty_shift (county, post_id);
CREATE TABLE staff_absence (
  county text COLLATE "C" NOT NULL CHECK (county ~ '^[0-9]{6}$'),
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  during tstzrange NOT NULL,
  PRIMARY KEY (county, id)
);
CREATE INDEX staff_absence_staff ON staff_absence (county, staff_id);

-- Down Migration
DROP TABLE staff_absence;
DROP TABLE duty_shift;
DROP TABLE post_holder;
DROP TABLE duty_staff_contact;
DROP TABLE duty_staff;
DROP TABLE post_area;
DROP TABLE post;
DROP TABLE organisation_role;
DROP TABLE organisation;
