import type { Database } from "node-sqlite3-wasm";
import { GeometryFault, readWkb } from "../../../../data/importers/formats/wkb.ts";
import type { RawFeature, RawGeometry } from "../../../../data/importers/raw-layer.ts";
import type { ImportLog } from "../../../../data/importers/report.ts";
import { dataError } from "../../../../data/model/errors.ts";

export type SqliteFile = Database;

export interface FeatureTable {
  readonly name: string;
  readonly geometryColumn: string;
  readonly declaredCrs: string | undefined;
  /** All but the geometry. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Column of the primary key: an alias of the rowid. */
  readonly key: string | undefined;
}

/** Rows that one statement fetches: none stays open while others work on the rows. */
const PAGE = 64;
/** Rings of 16 million positions; a blob of more is not loaded. */
const MAX_BLOB = 256 * 2 ** 20;
/** Sizes of the envelope by its code (OGC 12-128r19, 2.1.3). */
const ENVELOPE_BYTES: readonly number[] = [0, 32, 48, 48, 64];

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Feature tables that the package lists. Views and virtual tables run code of whoever made the file: they are flagged and
 * left out.
 *
 * @throws DATA error when the database is no GeoPackage or lists no feature table
 */
export function featureTables(database: Database, file: string, log: ImportLog): FeatureTable[] {
  const tables = new Map(
    database
      .all("select name, type, rootpage from sqlite_master where type in ('table', 'view')")
      .map((row) => [String(row["name"]), row]),
  );
  for (const needed of ["gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"])
    if (!tables.has(needed))
      throw dataError(`${file} is an SQLite database but no GeoPackage: it has no table ${needed}`, {
        at: file,
        hint: "Export the layer as GeoPackage (in QGIS: Save Features As).",
      });
  const listed = database.all(
    `select g.table_name as name, g.column_name as geometry, s.organization as organization,
            s.organization_coordsys_id as code, s.definition as definition
       from gpkg_contents c join gpkg_geometry_columns g on g.table_name = c.table_name
       left join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id
      where c.data_type = 'features' order by g.table_name`,
  );
  const found: FeatureTable[] = [];
  for (const row of listed) {
    const name = String(row["name"]);
    const entry = tables.get(name);
    if (entry?.["type"] !== "table" || !(Number(entry["rootpage"]) > 0)) {
      log.flag("not_a_table", `${file}: layer "${name}" is ${entry ? "a view" : "missing"} and was left out`);
      continue;
    }
    const columns = database
      .all(`pragma table_info(${quoted(name)})`)
      .map((column) => ({ name: String(column["name"]), type: String(column["type"]), key: Number(column["pk"]) }));
    const geometryColumn = String(row["geometry"]);
    const keys = columns.filter(({ key }) => key > 0);
    found.push({
      name,
      geometryColumn,
      declaredCrs: declared(row),
      columns: columns.filter((column) => column.name.toLowerCase() !== geometryColumn.toLowerCase()),
      key: keys.length === 1 ? keys[0]?.name : undefined,
    });
  }
  if (found.length === 0)
    throw dataError(`${file} holds no layer of features`, { at: file, hint: "A GeoPackage of tiles has none." });
  return found;
}

function declared(row: Readonly<Record<string, unknown>>): string | undefined {
  const { organization, code, definition } = row as Record<string, string | number | null>;
  if (typeof organization === "string" && organization.toUpperCase() === "EPSG" && Number(code) > 0)
    return `EPSG:${code}`;
  return typeof definition === "string" && definition !== "" && definition !== "undefined" ? definition : undefined;
}

/** Rows by their rowid, a page at a time. */
export async function* packageFeatures(
  database: Database,
  table: FeatureTable,
  prefix: string,
  log: ImportLog,
): AsyncGenerator<RawFeature> {
  const geometry = quoted(table.geometryColumn);
  const columns = table.columns.map(({ name }, index) => `${quoted(name)} as c${index}`);
  const statement = `select rowid as r, case when length(${geometry}) <= ${MAX_BLOB} then ${geometry} end as g${["", ...columns].join(", ")}
    from ${quoted(table.name)} where rowid > ? order by rowid limit ${PAGE}`;
  let last: number | bigint = Number.MIN_SAFE_INTEGER;
  let number = 0;
  for (;;) {
    const rows = database.all(statement, [last]);
    for (const row of rows) {
      number++;
      const rowid = row["r"] as unknown as number | bigint;
      // Pages that point back at others would be read without end.
      if (rowid <= last && number > 1)
        throw dataError(`${prefix} is damaged: row ${rowid} comes after row ${last}`, { at: `${prefix}#${number}` });
      last = rowid;
      const at = `${prefix}#${number}`;
      const properties = Object.fromEntries(
        table.columns.map(({ name, type }, index) => [name, columnValue(row[`c${index}`], type)]),
      );
      const shape = shapeOf(row["g"], at, log);
      if (shape !== undefined) yield { at, number, id: String(rowid), properties, geometry: shape };
    }
    if (rows.length < PAGE) return;
  }
}

/** `undefined` when it was skipped into the log. */
function shapeOf(blob: unknown, at: string, log: ImportLog): RawGeometry | null | undefined {
  if (!(blob instanceof Uint8Array)) return null;
  try {
    return readPackageGeometry(blob);
  } catch (error) {
    if (!(error instanceof GeometryFault)) throw error;
    log.skip("broken_geometry", { at, value: `${blob.length} bytes`, message: error.message });
    return undefined;
  }
}

/** A geometry blob: "GP", version, flags, srs id, envelope, then well-known binary (OGC 12-128r19, 2.1.3). */
function readPackageGeometry(blob: Uint8Array): RawGeometry | null {
  if (blob.length < 8 || blob[0] !== 0x47 || blob[1] !== 0x50) throw new GeometryFault("it is no GeoPackage geometry");
  const flags = blob[3] as number;
  const envelope = ENVELOPE_BYTES[(flags >> 1) & 7];
  if (envelope === undefined) throw new GeometryFault("its envelope is of no known kind");
  const empty = (flags & 0x10) !== 0;
  return empty ? null : readWkb(blob, 8 + envelope);
}

function columnValue(value: unknown, type: string): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof Uint8Array) return null;
  if (/^bool/i.test(type) && typeof value === "number") return value !== 0;
  return value ?? null;
}
