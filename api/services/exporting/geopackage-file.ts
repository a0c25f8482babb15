import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sqlite from "node-sqlite3-wasm";
import type { ColumnType, ExportRow, ExportValue } from "../../../data/exporters/column.ts";
import { noteLines, watermark } from "../../../data/exporters/export-note.ts";
import { envelopeOf, geopackageGeometry } from "../../../data/exporters/geopackage-geometry.ts";
import { type TableColumn, tableColumns } from "../../../data/exporters/table.ts";
import { WGS84_WKT } from "../../../data/exporters/wgs84-wkt.ts";
import type { ExportTask } from "./writers.ts";

const SRS = 4326;

/** Column types of GeoPackage (OGC 12-128r19, table 1). */
const TYPES: Readonly<Record<ColumnType, string>> = {
  text: "TEXT",
  code: "TEXT",
  integer: "INTEGER",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  instant: "DATETIME",
  date: "DATE",
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Tables that every GeoPackage has, and those of its metadata extension (clauses 1.1, 2.1 and annex F.8). */
const SCHEMA = `
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id));
INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', NULL);
INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL);
INSERT INTO gpkg_extensions VALUES ('gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec131/#extension_metadata', 'read-write');
INSERT INTO gpkg_extensions VALUES ('gpkg_metadata_reference', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec131/#extension_metadata', 'read-write');
`;

function stored({ type }: TableColumn, value: ExportValue): string | number | null {
  if (value === null) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  // The standard has times in UTC with milliseconds and Z.
  return type === "instant" ? new Date(String(value)).toISOString() : value;
}

/** Makes the tables of one layer. @returns the statement that adds a row */
function createLayer(file: sqlite.Database, task: ExportTask, table: readonly TableColumn[]): sqlite.Statement {
  const { kind, note } = task;
  const spatial = kind.geometry !== "none";
  const name = note.kind;
  file.exec(SCHEMA);
  file.run("INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84 geodetic', ?, 'EPSG', ?, ?, ?)", [
    SRS,
    SRS,
    WGS84_WKT,
    "longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid",
  ]);
  const columns = table.map((one) => `${quoted(one.name)} ${TYPES[one.type]}`);
  const geometry = spatial ? [`geom ${kind.geometry.toUpperCase()}`] : [];
  file.exec(
    `CREATE TABLE ${quoted(name)} (${["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", ...geometry, ...columns].join(", ")})`,
  );
  file.run(
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) VALUES (?, ?, ?, ?, ?, ?)",
    [
      name,
      spatial ? "features" : "attributes",
      name,
      watermark(note),
      new Date(note.exportedAt).toISOString(),
      spatial ? SRS : null,
    ],
  );
  if (spatial)
    file.run("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", [
      name,
      kind.geometry.toUpperCase(),
      SRS,
    ]);
  file.run(
    "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'https://www.ogc.org/standard/geopackage/', 'text/plain', ?)",
    [
      noteLines(note)
        .map(([label, value]) => `${label}: ${value}`)
        .join("\n"),
    ],
  );
  file.run("INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)", [
    new Date(note.exportedAt).toISOString(),
  ]);
  const names = [...(spatial ? ["geom"] : []), ...table.map((one) => quoted(one.name))];
  return file.prepare(`INSERT INTO ${quoted(name)} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`);
}

async function writeRows(file: sqlite.Database, task: ExportTask): Promise<void> {
  const spatial = task.kind.geometry !== "none";
  // Places stand in the geometry, not in columns beside it.
  const table = tableColumns({ ...task.kind, geometry: "none" }, task.columns, undefined, false);
  const insert = createLayer(file, task, table);
  let box: [number, number, number, number] | undefined;
  try {
    for await (const rows of task.pages) {
      file.exec("BEGIN");
      for (const row of rows) {
        insert.run([...(spatial ? [blobOf(row)] : []), ...table.map((one) => stored(one, one.value(row)))]);
        const own = row.geometry ? envelopeOf(row.geometry) : undefined;
        if (own && box)
          box = [
            Math.min(box[0], own[0]),
            Math.min(box[1], own[1]),
            Math.max(box[2], own[2]),
            Math.max(box[3], own[3]),
          ];
        else box = own ?? box;
      }
      file.exec("COMMIT");
    }
  } finally {
    insert.finalize();
  }
  if (box)
    file.run("UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE table_name = ?", [
      ...box,
      task.note.kind,
    ]);
}

const blobOf = (row: ExportRow): Uint8Array | null => (row.geometry ? geopackageGeometry(row.geometry, SRS) : null);

/** A GeoPackage 1.3 with one layer. It is made in a folder of its own, which goes when it was sent. */
export async function* geopackageBytes(task: ExportTask): AsyncGenerator<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "jingwei-export-"));
  try {
    const path = join(folder, "export.gpkg");
    const file = new sqlite.Database(path);
    try {
      await writeRows(file, task);
    } finally {
      file.close();
    }
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 })) yield chunk as Uint8Array;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
