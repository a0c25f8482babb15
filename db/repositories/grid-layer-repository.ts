import type { GridLayerKind, LayerPair } from "../../data/grid-layers/layer.ts";
import type { Geometry } from "../../data/model/geojson.ts";
import type { Transaction } from "../driver.ts";
import { MAP_OPEN_END } from "../grid-layers/remap-layers.ts";
import { groupBy } from "./params.ts";

/** A layer of grids. */
export interface GridLayerRow {
  readonly county: string;
  readonly id: string;
  readonly kind: GridLayerKind;
  readonly name: string;
  readonly source: string;
  readonly importedAt: string;
  /** When its mapping to base grids changed last; null while nothing of it lies in any. */
  readonly mappedAt: string | null;
}

/** Layers of a county by name; `id` for one of them. */
export const gridLayers = (tx: Transaction, county: string, id: string | null = null): Promise<GridLayerRow[]> =>
  tx.rows<GridLayerRow>(
    `SELECT l.county, l.id, l.kind, l.name, l.source, l.imported_at AS "importedAt",
       (SELECT max(m.valid_from) FROM layer_grid_map m WHERE m.county = $1 AND m.layer_id = l.id) AS "mappedAt"
     FROM grid_layer l WHERE l.county = $1 AND ($2::uuid IS NULL OR l.id = $2::uuid) ORDER BY l.name_sort, l.id`,
    [county, id],
  );

/** A layer's grid. */
export interface LayerAreaRow {
  readonly county: string;
  readonly id: string;
  readonly layerId: string;
  readonly code: string;
  readonly name: string;
  readonly unit: string | null;
  readonly sourceDate: string | null;
  readonly m2: number;
  readonly mergedAt: string | null;
}

const AREA = `a.county, a.id, a.layer_id AS "layerId", a.code, a.name, a.unit, a.source_date::text AS "sourceDate", a.area_m2 AS m2,
  a.merged_at AS "mergedAt"`;

/** Grids of layers, by code. */
export const areasOfLayers = async (
  tx: Transaction,
  county: string,
  layerIds: readonly string[],
): Promise<Map<string, LayerAreaRow[]>> =>
  groupBy(
    await tx.rows<LayerAreaRow>(
      `SELECT ${AREA} FROM layer_area a WHERE a.county = $1 AND a.layer_id = ANY($2::uuid[]) ORDER BY a.code`,
      [county, layerIds],
    ),
    ({ layerId }) => layerId,
  );

export const layerAreasById = async (
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, LayerAreaRow>> => {
  const rows = await tx.rows<LayerAreaRow>(
    `SELECT ${AREA} FROM layer_area a WHERE a.county = $1 AND a.id = ANY($2::uuid[])`,
    [county, ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

export const layersById = async (
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, GridLayerRow>> => {
  const wanted = new Set(ids);
  return new Map((await gridLayers(tx, county)).filter(({ id }) => wanted.has(id)).map((row) => [row.id, row]));
};

export const layerAreaGeometries = async (
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, Geometry>> => {
  const rows = await tx.rows<{ id: string; geometry: Geometry }>(
    `SELECT a.id, ST_AsGeoJSON(a.geom, 7)::json AS geometry FROM layer_area a WHERE a.county = $1 AND a.id = ANY($2::uuid[])`,
    [county, ids],
  );
  return new Map(rows.map(({ id, geometry }) => [id, geometry]));
};

/** A pair as stored; of merged grids the one that they were merged by. */
export interface LayerPairRow extends Omit<LayerPair, "households"> {
  readonly county: string;
  readonly layerId: string;
  readonly since: string;
}

const PAIR = `$1 AS county, m.layer_area_id AS "areaId", m.grid_id AS "gridId", m.layer_id AS "layerId", m.m2, m.sole_m2 AS "soleM2",
  m.owned_m2 AS "ownedM2", m.grid_m2 AS "gridM2", m.main, m.basis, m.valid_from AS since`;

/** Pairs that hold, of layers' grids, largest ground first. */
export const pairsOfLayerAreas = async (
  tx: Transaction,
  county: string,
  areaIds: readonly string[],
): Promise<Map<string, LayerPairRow[]>> =>
  groupBy(
    await tx.rows<LayerPairRow>(
      `SELECT ${PAIR} FROM layer_grid_map m WHERE m.county = $1 AND m.layer_area_id = ANY($2::uuid[])
         AND m.valid_to = $3::timestamptz ORDER BY m.layer_area_id, m.m2 DESC, m.grid_id`,
      [county, areaIds, MAP_OPEN_END],
    ),
    ({ areaId }) => areaId,
  );

/** Pairs that hold, of base grids, those that answer for the grid first. */
export const pairsOfGrids = async (
  tx: Transaction,
  county: string,
  gridIds: readonly string[],
): Promise<Map<string, LayerPairRow[]>> =>
  groupBy(
    await tx.rows<LayerPairRow>(
      `SELECT ${PAIR} FROM layer_grid_map m WHERE m.county = $1 AND m.grid_id = ANY($2::uuid[])
         AND m.valid_to = $3::timestamptz ORDER BY m.grid_id, m.layer_id, m.main DESC, m.m2 DESC, m.layer_area_id`,
      [county, gridIds, MAP_OPEN_END],
    ),
    ({ gridId }) => gridId,
  );

export interface PairHouseholds {
  readonly scopeCode: string;
  readonly households: number;
  readonly exact: boolean;
}

/** Households of pairs, as far as the viewer sees them; keys are `area grid since`. */
export async function householdsOfPairs(
  tx: Transaction,
  county: string,
  keys: readonly string[],
): Promise<Map<string, PairHouseholds>> {
  const parts = keys.map((key) => key.split(" "));
  const rows = await tx.rows<PairHouseholds & { key: string }>(
    `SELECT k.key, h.scope_code AS "scopeCode", h.households, h.exact
     FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[]) AS k(area, grid, since, key)
     JOIN layer_grid_households h ON h.county = $1 AND h.layer_area_id = k.area AND h.grid_id = k.grid AND h.valid_from = k.since`,
    [
      county,
      parts.map(([area]) => area ?? ""),
      parts.map(([, grid]) => grid ?? ""),
      parts.map(([, , at]) => at ?? ""),
      keys,
    ],
  );
  return new Map(rows.map((row) => [row.key, row]));
}

/** A record of a merge. */
export interface LayerMergeRow {
  readonly county: string;
  readonly id: string;
  readonly layerId: string;
  readonly layerAreaId: string;
  readonly fromCode: string;
  readonly fromName: string;
  readonly toArea: string;
  readonly toCode: string;
  readonly share: number;
  readonly at: string;
  readonly author: string;
  readonly role: string;
  readonly reason: string;
}

/** Merges of layers that the viewer sees, newest first. */
export const mergesOfLayers = async (
  tx: Transaction,
  county: string,
  layerIds: readonly string[],
): Promise<Map<string, LayerMergeRow[]>> =>
  groupBy(
    await tx.rows<LayerMergeRow>(
      `SELECT m.county, m.id, m.layer_id AS "layerId", m.layer_area_id AS "layerAreaId", m.from_code AS "fromCode",
         m.from_name AS "fromName", m.to_area AS "toArea", m.to_code AS "toCode", m.share, m.at, m.author, m.role, m.reason
       FROM layer_merge m WHERE m.county = $1 AND m.layer_id = ANY($2::uuid[])
       ORDER BY m.at DESC, m.from_code, m.to_code, m.id`,
      [county, layerIds],
    ),
    ({ layerId }) => layerId,
  );

/** Locks grids of a layer that are not merged yet, by code. */
export const lockLayerAreas = (
  tx: Transaction,
  county: string,
  layerId: string,
  ids: readonly string[] | null,
): Promise<LayerAreaRow[]> =>
  tx.rows<LayerAreaRow>(
    `SELECT ${AREA} FROM layer_area a WHERE a.county = $1 AND a.layer_id = $2::uuid AND a.merged_at IS NULL
       AND ($3::uuid[] IS NULL OR a.id = ANY($3::uuid[])) ORDER BY a.code FOR UPDATE`,
    [county, layerId, ids],
  );

/** Base grids stand for these grids from now on, and the record of it. */
export async function writeMerge(
  tx: Transaction,
  county: string,
  areaIds: readonly string[],
  rows: readonly Omit<LayerMergeRow, "county">[],
  at: string,
): Promise<void> {
  await tx.execute("UPDATE layer_area SET merged_at = $3::timestamptz WHERE county = $1 AND id = ANY($2::uuid[])", [
    county,
    areaIds,
    at,
  ]);
  await tx.execute(
    `INSERT INTO layer_merge (county, id, layer_id, layer_area_id, from_code, from_name, to_area, to_code, scope_code, share, at,
       author, role, reason)
     SELECT $1, r.id, r."layerId", r."layerAreaId", r."fromCode", r."fromName", r."toArea", r."toCode", r."toCode", r.share,
       $3::timestamptz, r.author, r.role, r.reason
     FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, "layerId" uuid, "layerAreaId" uuid, "fromCode" text, "fromName" text,
       "toArea" uuid, "toCode" text, share double precision, author text, role text, reason text)`,
    [county, JSON.stringify(rows), at],
  );
}
