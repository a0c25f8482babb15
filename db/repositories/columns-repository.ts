import type { ColumnTable } from "../../data/columns/format.ts";
import { CAMERA_NETWORKS, CAMERA_STATUSES } from "../../data/model/camera.ts";
import { bugError } from "../../data/model/errors.ts";
import type { Transaction } from "../driver.ts";
import { CASE_SQL } from "./case-sql.ts";
import { type IncidentListFilter, type IncidentReading, incidentParts } from "./incident-filter.ts";
import { indexSql, latticeSql, type PackedColumn, packSql, unpackColumns } from "./packed-columns.ts";

interface Tail {
  readonly version: string;
  readonly dictionaries: Readonly<Record<string, readonly string[]>>;
}

const versionSql = "(SELECT p.content_version::text FROM county_profile p WHERE p.county = $1)";
/** The data version (`dataVersion` in data/model): cases also change between loads. */
const dataVersionSql = "(SELECT p.content_version || '.' || p.live_version FROM county_profile p WHERE p.county = $1)";
/** Dictionary CTE over a column of `f`: sorted distinct values with their indexes. */
const dictionaryCte = (name: string, column: string): string => `${name} AS MATERIALIZED (
    SELECT d.value, (row_number() OVER (ORDER BY d.value COLLATE "C") - 1)::int AS n
    FROM (SELECT DISTINCT ${column} AS value FROM f WHERE ${column} IS NOT NULL) d)`;
const dictionaryJson = (name: string): string =>
  `(SELECT coalesce(json_agg(d.value ORDER BY d.n), '[]') FROM ${name} d)`;

function toTable(
  bytes: Uint8Array | undefined,
  columns: readonly PackedColumn[],
  layer: string,
  county: string,
  asOf: string,
): ColumnTable {
  if (!bytes) throw bugError(`the database gave no ${layer} columns`);
  const { rows, columns: arrays, tail } = unpackColumns<Tail>(bytes, columns);
  return {
    layer,
    county,
    rows,
    version: tail.version,
    asOf: Math.floor(Date.parse(asOf) / 1000),
    columns: arrays,
    dictionaries: tail.dictionaries,
  };
}

const INCIDENT_COLUMNS: readonly PackedColumn[] = [
  { name: "lon", type: "i32", sql: "r.lon" },
  { name: "lat", type: "i32", sql: "r.lat" },
  { name: "opened", type: "i32", sql: "r.opened" },
  { name: "closed", type: "i32", sql: "r.closed" },
  { name: "due", type: "i32", sql: "r.due" },
  { name: "flags", type: "u8", sql: "r.flags" },
  { name: "class", type: "u16", sql: "r.class" },
  { name: "state", type: "u8", sql: "r.state" },
  { name: "severity", type: "u8", sql: "r.severity" },
  { name: "source", type: "u8", sql: "r.source" },
  { name: "grid", type: "u32", sql: "r.grid" },
  { name: "ref", type: "u32", sql: "r.ref" },
];

/**
 * Incidents of a county that the transaction's scope may see as columns (see `IncidentColumns`), oldest first.
 *
 * @param limit how many at most: the newest; undefined = all
 */
export async function incidentColumnTable(
  tx: Transaction,
  reading: IncidentReading,
  filter: IncidentListFilter,
  limit?: number,
): Promise<ColumnTable> {
  const parts = incidentParts(reading, filter);
  const newest =
    limit === undefined ? "" : `ORDER BY i.opened_at DESC, i.id DESC LIMIT ${parts.params.add(limit)}::int`;
  const bytes = await tx.bytes(
    `WITH f AS MATERIALIZED (
       SELECT i.id, i.opened_at, i.class_code, i.scope_code, ${CASE_SQL} FROM incident i WHERE ${parts.where} ${newest}),
     ${dictionaryCte("classes", "class_code")},
     ${dictionaryCte("grids", "scope_code")}
     SELECT ${packSql(
       INCIDENT_COLUMNS,
       `json_build_object('version', ${dataVersionSql}, 'dictionaries',
         json_build_object('classes', ${dictionaryJson("classes")}, 'grids', ${dictionaryJson("grids")}))`,
     )}
     FROM (
       SELECT f.*, c.n AS class, coalesce(g.n, -1) AS grid
       FROM f JOIN classes c ON c.value = f.class_code LEFT JOIN grids g ON g.value = f.scope_code
       ORDER BY f.opened_at, f.id) r`,
    parts.params.values,
  );
  return toTable(bytes, INCIDENT_COLUMNS, "incidents", reading.county, reading.asOf);
}

/** Columns of cameras. @param devices whether the role may read view and status; without, all stand all-round and unknown */
const cameraColumns = (devices: boolean): readonly PackedColumn[] => [
  { name: "lon", type: "i32", sql: latticeSql("ST_X(r.geom)") },
  { name: "lat", type: "i32", sql: latticeSql("ST_Y(r.geom)") },
  // Tenths of a degree; 65535 = all-round.
  { name: "azimuth", type: "u16", sql: devices ? "coalesce(round(r.azimuth_deg * 10)::int % 3600, 65535)" : "65535" },
  { name: "angle", type: "u16", sql: devices ? "coalesce(round(r.angle_deg)::int, 360)" : "360" },
  { name: "range", type: "u16", sql: devices ? "least(coalesce(round(r.range_m)::int, 0), 65535)" : "0" },
  { name: "network", type: "u8", sql: indexSql("r.network", CAMERA_NETWORKS, CAMERA_NETWORKS.length - 1) },
  {
    name: "status",
    type: "u8",
    sql: devices
      ? indexSql("r.status", CAMERA_STATUSES, CAMERA_STATUSES.indexOf("unknown"))
      : String(CAMERA_STATUSES.indexOf("unknown")),
  },
  { name: "grid", type: "u32", sql: "coalesce(r.grid, -1)" },
];

/**
 * Cameras of a county as columns (see `CameraColumns` of the client) by device code; `ids` are global ids.
 *
 * @param devices whether the role may read view and status of cameras
 */
export async function cameraColumnTable(
  tx: Transaction,
  county: string,
  asOf: string,
  devices: boolean,
): Promise<ColumnTable> {
  const columns = cameraColumns(devices);
  const bytes = await tx.bytes(
    `WITH f AS MATERIALIZED (
       SELECT c.id, c.device_code, c.name, c.geom, c.network, c.scope_code${
         devices ? ", c.azimuth_deg, c.angle_deg, c.range_m, c.status" : ""
       } FROM camera c WHERE c.county = $1),
     ${dictionaryCte("grids", "scope_code")}
     SELECT ${packSql(
       columns,
       `json_build_object('version', ${versionSql}, 'dictionaries', json_build_object(
         'ids', coalesce(json_agg('Camera:' || $1::text || ':' || r.id), '[]'),
         'names', coalesce(json_agg(r.name), '[]'), 'grids', ${dictionaryJson("grids")}))`,
     )}
     FROM (SELECT f.*, g.n AS grid FROM f LEFT JOIN grids g ON g.value = f.scope_code ORDER BY f.device_code) r`,
    [county],
  );
  return toTable(bytes, columns, "cameras", county, asOf);
}

const BUILDING_COLUMNS: readonly PackedColumn[] = [
  { name: "lon", type: "i32", sql: latticeSql("ST_X(r.label)") },
  { name: "lat", type: "i32", sql: latticeSql("ST_Y(r.label)") },
  { name: "households", type: "u16", sql: "least(r.households, 65535)" },
  { name: "floors", type: "u8", sql: "least(r.floors, 255)" },
  { name: "grid", type: "u32", sql: "r.grid" },
];

/** Buildings of a county as columns (see `BuildingColumns` of the client), by the grid they stand in. */
export async function buildingColumnTable(tx: Transaction, county: string, asOf: string): Promise<ColumnTable> {
  const bytes = await tx.bytes(
    `WITH f AS MATERIALIZED (
       SELECT b.id, b.scope_code, b.label, b.households, b.floors FROM building b WHERE b.county = $1),
     ${dictionaryCte("grids", "scope_code")}
     SELECT ${packSql(
       BUILDING_COLUMNS,
       `json_build_object('version', ${versionSql}, 'dictionaries',
         json_build_object('grids', ${dictionaryJson("grids")}))`,
     )}
     FROM (SELECT f.*, g.n AS grid FROM f JOIN grids g ON g.value = f.scope_code ORDER BY g.n, f.id) r`,
    [county],
  );
  return toTable(bytes, BUILDING_COLUMNS, "buildings", county, asOf);
}
