-- Up Migration
-- Platforms list the recorders of checkpoints (GB/T 28181 type 118) as cameras beside types 131 and 132.
ALTER TABLE camera DROP CONSTRAINT camera_device_code_check;
ALTER TABLE camera ADD CONSTRAINT camera_device_code_check CHECK (device_code ~ '^[0-9]{10}(13[12]|118)[0-9]{7}$');

-- Down Migration
ALTER TABLE camera DROP CONSTRAINT camera_device_code_check;
DELETE FROM camera WHERE device_code ~ '^[0-9]{10}118';
ALTER TABLE camera ADD CONSTRAINT camera_device_code_check CHECK (device_code ~ '^[0-9]{10}13[12][0-9]{7}$');
