import type { CameraNetwork, CameraStatus } from "../../data/model/camera.ts";
import { codeRange } from "../../data/model/codes.ts";
import type { Bbox, LonLat } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";
import { columnOrNull, readsColumn } from "../policy/seat-columns.ts";
import { inBox } from "./cells.ts";
import { Params } from "./params.ts";

export interface CameraRow {
  readonly county: string;
  readonly id: string;
  readonly deviceCode: string;
  readonly name: string;
  readonly network: CameraNetwork;
  /** This and the other facts of the device are null for who may not read them. */
  readonly status: CameraStatus | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly ownerOrganisationId: string | null;
  readonly ptzType: number | null;
  readonly positionType: number | null;
  readonly indoor: boolean;
  readonly azimuthDeg: number | null;
  readonly angleDeg: number | null;
  readonly rangeM: number | null;
  readonly lon: number;
  readonly lat: number;
  readonly scopeCode: string | null;
  readonly legalBasis: string | null;
  readonly sign: boolean | null;
  readonly filingNo: string | null;
  readonly inUseSince: string | null;
  readonly retentionDays: number | null;
}

export interface CameraListFilter {
  readonly inside: string;
  readonly networks?: readonly CameraNetwork[] | null | undefined;
  readonly statuses?: readonly CameraStatus[] | null | undefined;
  readonly bbox?: Bbox | undefined;
}

/** Columns with their types and names of `CameraRow` that only some roles may read. */
const DEVICE_COLUMNS: readonly (readonly [column: string, type: string, name: string])[] = [
  ["status", "text", "status"],
  ["manufacturer", "text", "manufacturer"],
  ["model", "text", "model"],
  ["owner_organisation_id", "uuid", "ownerOrganisationId"],
  ["ptz_type", "smallint", "ptzType"],
  ["position_type", "smallint", "positionType"],
  ["azimuth_deg", "real", "azimuthDeg"],
  ["angle_deg", "real", "angleDeg"],
  ["range_m", "real", "rangeM"],
  ["legal_basis", "text", "legalBasis"],
  ["sign", "boolean", "sign"],
  ["filing_no", "text", "filingNo"],
  ["in_use_since", "date", "inUseSince"],
  ["retention_days", "smallint", "retentionDays"],
];

const columns = (tx: Transaction): string =>
  [
    'c.county, c.id, c.device_code AS "deviceCode", c.name, c.network, c.indoor, ST_X(c.geom) AS lon',
    'ST_Y(c.geom) AS lat, c.scope_code AS "scopeCode"',
    ...DEVICE_COLUMNS.map(([column, type, name]) => `${columnOrNull(tx, "camera", `c.${column}`, type)} AS "${name}"`),
  ].join(", ");

function cameraConditions(params: Params, county: string, filter: CameraListFilter): string {
  const conditions = [`c.county = ${params.add(county)}`];
  // A whole county also holds what stands outside every grid.
  if (filter.inside.length > 6) {
    const range = codeRange(filter.inside);
    conditions.push(`c.scope_code >= ${params.add(range.from)} AND c.scope_code < ${params.add(range.to)}`);
  }
  if (filter.networks) conditions.push(`c.network = ANY(${params.add(filter.networks)}::text[])`);
  if (filter.statuses) conditions.push(`c.status = ANY(${params.add(filter.statuses)}::text[])`);
  if (filter.bbox) conditions.push(inBox(params, "c", filter.bbox));
  return conditions.join(" AND ");
}

/** A page of cameras by device code. @param after `[deviceCode]` of the last row of the page before */
export function listCameras(
  tx: Transaction,
  county: string,
  filter: CameraListFilter,
  after: readonly string[] | undefined,
  limit: number,
): Promise<CameraRow[]> {
  const params = new Params();
  const where = cameraConditions(params, county, filter);
  const keyset = after ? `AND c.device_code > ${params.add(after[0] ?? "")}` : "";
  return tx.rows<CameraRow>(
    `SELECT ${columns(tx)} FROM camera c WHERE ${where} ${keyset} ORDER BY c.device_code LIMIT ${params.add(limit)}::int`,
    params.values,
  );
}

export async function countCameras(tx: Transaction, county: string, filter: CameraListFilter): Promise<number> {
  const params = new Params();
  const where = cameraConditions(params, county, filter);
  const rows = await tx.rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM camera c WHERE ${where}`,
    params.values,
  );
  return rows[0]?.count ?? 0;
}

export async function findCamera(tx: Transaction, county: string, id: string): Promise<CameraRow | undefined> {
  const rows = await tx.rows<CameraRow>(`SELECT ${columns(tx)} FROM camera c WHERE c.county = $1 AND c.id = $2::uuid`, [
    county,
    id,
  ]);
  return rows[0];
}

/**
 * Cameras so near to a point that their nominal range may hold it; none for whoever may not read ranges.
 *
 * @param perDegree metres in a degree of longitude and latitude there
 */
export async function camerasReaching(
  tx: Transaction,
  county: string,
  inside: string,
  [lon, lat]: LonLat,
  perDegree: { readonly lon: number; readonly lat: number },
): Promise<CameraRow[]> {
  if (!readsColumn(tx, "camera", "range_m")) return [];
  const [widest] = await tx.rows<{ metres: number | null }>(
    "SELECT max(c.range_m) AS metres FROM camera c WHERE c.county = $1",
    [county],
  );
  if (!widest?.metres) return [];
  // A little more than the widest range: degrees shrink towards the pole.
  const [dx, dy] = [(widest.metres * 1.01) / perDegree.lon, (widest.metres * 1.01) / perDegree.lat];
  const params = new Params();
  const where = cameraConditions(params, county, { inside, bbox: [lon - dx, lat - dy, lon + dx, lat + dy] });
  return tx.rows<CameraRow>(
    `SELECT ${columns(tx)} FROM camera c WHERE ${where} AND c.range_m IS NOT NULL ORDER BY c.device_code`,
    params.values,
  );
}
