import { rmSync } from "node:fs";
import { createRequire } from "node:module";

/** Tables that make an SQLite database a GeoPackage, with one reference system, EPSG:4490. */
export const GPKG_TABLES = `
  CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
  INSERT INTO gpkg_spatial_ref_sys VALUES ('CGCS2000', 4490, 'EPSG', 4490, 'GEOGCS["CGCS2000"]');
  CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
  CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER);`;

/** Lists a table of features. */
export const gpkgLayer = (name: string): string =>
  `INSERT INTO gpkg_contents VALUES ('${name}', 'features', 4490);
   INSERT INTO gpkg_geometry_columns VALUES ('${name}', 'geom', 'GEOMETRY', 4490);`;

/** Writes an SQLite database. */
export function sqliteFile(path: string, sql: string): string {
  rmSync(path, { force: true });
  const { Database } = createRequire(import.meta.url)("node-sqlite3-wasm") as typeof import("node-sqlite3-wasm");
  const database = new Database(path);
  database.exec(sql);
  database.close();
  return path;
}
