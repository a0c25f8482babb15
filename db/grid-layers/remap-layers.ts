import type { GroundHolder, LayerPair } from "../../data/grid-layers/layer.ts";
import { type CountedBuilding, mapLayer } from "../../data/grid-layers/map-layer.ts";
import type { Transaction } from "../driver.ts";

/** A mapping that holds until further notice. */
export const MAP_OPEN_END = "9999-12-31T00:00:00.000Z";

/** Grids, and communities that have none: what layers are held against; `$2` the instant. */
const BASE_GRIDS = `FROM area_version v WHERE v.county = $1 AND v.level IN ('community', 'grid')
  AND v.valid_from <= $2::timestamptz AND v.valid_to > $2::timestamptz
  AND NOT EXISTS (SELECT FROM area_version c WHERE c.county = $1 AND c.level = 'grid' AND c.code > v.code
    AND c.code < (v.code || '~') COLLATE "C" AND c.valid_from <= $2::timestamptz AND c.valid_to > $2::timestamptz)`;

export const baseGrids = (tx: Transaction, county: string, at: string): Promise<GroundHolder[]> =>
  tx.rows<GroundHolder>(
    `SELECT v.area_id AS id, v.code, ST_AsGeoJSON(v.geom, 7)::json -> 'coordinates' AS geometry ${BASE_GRIDS} ORDER BY v.code`,
    [county, at],
  );

/** Base grids without their ground, by code. */
export const baseGridSizes = (
  tx: Transaction,
  county: string,
  at: string,
): Promise<{ readonly id: string; readonly code: string; readonly m2: number }[]> =>
  tx.rows(`SELECT v.area_id AS id, v.code, v.area_m2 AS m2 ${BASE_GRIDS} ORDER BY v.code`, [county, at]);

interface OpenPair {
  readonly areaId: string;
  readonly gridId: string;
  readonly m2: number;
  readonly soleM2: number;
  readonly ownedM2: number;
  readonly main: boolean;
  readonly basis: string;
  readonly households: number | null;
  readonly exact: boolean | null;
  readonly scope: string | null;
}

/** Areas closer than this are the same, m²: sums of faces differ in their last digits. */
const SAME_M2 = 0.01;

/**
 * Holds the mapping of every layer to what its grids, the base grids and the buildings are at an instant: pairs that changed
 * end there and begin anew, others go on. Merged grids keep the mapping that they were merged by.
 *
 * @param at instant from which it holds, ISO 8601
 * @returns pairs that ended, and that began
 */
export async function remapLayers(
  tx: Transaction,
  county: string,
  at: string,
): Promise<{ readonly ended: number; readonly begun: number }> {
  const areas = await tx.rows<GroundHolder & { readonly layer: string }>(
    `SELECT a.id, a.code, a.layer_id AS layer, ST_AsGeoJSON(a.geom, 7)::json -> 'coordinates' AS geometry FROM layer_area a
     WHERE a.county = $1 AND a.merged_at IS NULL ORDER BY a.layer_id, a.code`,
    [county],
  );
  if (areas.length === 0) return { ended: 0, begun: 0 };
  const base = await baseGrids(tx, county, at);
  const codeOf = new Map(base.map(({ id, code }) => [id, code]));
  const buildings = await tx.rows<{ lon: number; lat: number; households: number; exact: boolean }>(
    `SELECT ST_X(b.label) AS lon, ST_Y(b.label) AS lat, b.households, b.households_exact AS exact FROM building b
     WHERE b.county = $1 AND b.households_basis <> 'unknown' ORDER BY b.id`,
    [county],
  );
  const counted = buildings.map(
    ({ lon, lat, households, exact }): CountedBuilding => ({ point: [lon, lat], households, exact }),
  );
  const open = await tx.rows<OpenPair>(
    `SELECT m.layer_area_id AS "areaId", m.grid_id AS "gridId", m.m2, m.sole_m2 AS "soleM2", m.owned_m2 AS "ownedM2", m.main,
       m.basis, h.households, h.exact, h.scope_code AS scope
     FROM layer_grid_map m
     JOIN layer_area a ON a.county = $1 AND a.id = m.layer_area_id AND a.merged_at IS NULL
     LEFT JOIN layer_grid_households h ON h.county = $1 AND h.layer_area_id = m.layer_area_id AND h.grid_id = m.grid_id
       AND h.valid_from = m.valid_from
     WHERE m.county = $1 AND m.valid_to = $2::timestamptz`,
    [county, MAP_OPEN_END],
  );
  const openOf = new Map(open.map((pair) => [`${pair.areaId} ${pair.gridId}`, pair]));
  const layers = [...new Set(areas.map(({ layer }) => layer))];
  const fresh = layers.flatMap((layer) =>
    mapLayer(
      base,
      areas.filter((area) => area.layer === layer),
      counted,
    ).map((pair) => ({ ...pair, layer, scope: codeOf.get(pair.gridId) ?? "" })),
  );
  const kept = new Set<string>();
  const begun = fresh.filter((pair) => {
    const key = `${pair.areaId} ${pair.gridId}`;
    const same = isSame(openOf.get(key), pair, pair.scope);
    if (same) kept.add(key);
    return !same;
  });
  const ended = open.filter(({ areaId, gridId }) => !kept.has(`${areaId} ${gridId}`));
  const pairs = [county, ended.map(({ areaId }) => areaId), ended.map(({ gridId }) => gridId), MAP_OPEN_END];
  if (ended.length > 0) {
    // What began at this very instant never held.
    await tx.execute(
      `DELETE FROM layer_grid_map m USING unnest($2::uuid[], $3::uuid[]) AS e(area, grid)
       WHERE m.county = $1 AND m.layer_area_id = e.area AND m.grid_id = e.grid AND m.valid_to = $4::timestamptz
         AND m.valid_from >= $5::timestamptz`,
      [...pairs, at],
    );
    await tx.execute(
      `UPDATE layer_grid_map m SET valid_to = $5::timestamptz FROM unnest($2::uuid[], $3::uuid[]) AS e(area, grid)
       WHERE m.county = $1 AND m.layer_area_id = e.area AND m.grid_id = e.grid AND m.valid_to = $4::timestamptz`,
      [...pairs, at],
    );
  }
  await insertPairs(tx, county, begun, at);
  return { ended: ended.length, begun: begun.length };
}

function isSame(open: OpenPair | undefined, pair: LayerPair, scope: string): boolean {
  if (!open) return false;
  const near = (a: number, b: number): boolean => Math.abs(a - b) < SAME_M2;
  return (
    near(open.m2, pair.m2) &&
    near(open.soleM2, pair.soleM2) &&
    near(open.ownedM2, pair.ownedM2) &&
    open.main === pair.main &&
    open.basis === pair.basis &&
    open.households === (pair.households?.count ?? null) &&
    open.exact === (pair.households?.exact ?? null) &&
    (open.scope === null || open.scope === scope)
  );
}

async function insertPairs(
  tx: Transaction,
  county: string,
  pairs: readonly (LayerPair & { readonly layer: string; readonly scope: string })[],
  at: string,
): Promise<void> {
  if (pairs.length === 0) return;
  await tx.execute(
    `INSERT INTO layer_grid_map (county, layer_area_id, grid_id, valid_from, valid_to, layer_id, m2, sole_m2, owned_m2, grid_m2,
       main, basis)
     SELECT $1, r."areaId", r."gridId", $3::timestamptz, $4::timestamptz, r.layer, r.m2, r."soleM2", r."ownedM2", r."gridM2",
       r.main, r.basis
     FROM jsonb_to_recordset($2::jsonb) AS r("areaId" uuid, "gridId" uuid, layer uuid, m2 double precision,
       "soleM2" double precision, "ownedM2" double precision, "gridM2" double precision, main boolean, basis text)`,
    [county, JSON.stringify(pairs), at, MAP_OPEN_END],
  );
  const known = pairs.flatMap(({ areaId, gridId, scope, households }) =>
    households ? [{ areaId, gridId, scope, count: households.count, exact: households.exact }] : [],
  );
  if (known.length === 0) return;
  await tx.execute(
    `INSERT INTO layer_grid_households (county, layer_area_id, grid_id, valid_from, scope_code, households, exact)
     SELECT $1, r."areaId", r."gridId", $3::timestamptz, r.scope, r.count, r.exact
     FROM jsonb_to_recordset($2::jsonb) AS r("areaId" uuid, "gridId" uuid, scope text, count integer, exact boolean)`,
    [county, JSON.stringify(known), at],
  );
}
