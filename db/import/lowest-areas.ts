import type { LocatableArea } from "../../data/geo/locate-index.ts";
import type { Transaction } from "../driver.ts";

/** Current areas that have no area in them: the deepest that a point can fall in. */
export async function readLowestAreas(tx: Transaction, county: string): Promise<LocatableArea[]> {
  return tx.rows(
    `SELECT v.code, ST_AsGeoJSON(v.geom, 7)::json -> 'coordinates' AS geometry FROM area_version v
      WHERE v.county = $1 AND upper_inf(v.valid)
        AND NOT EXISTS (SELECT 1 FROM area_version c WHERE c.county = $1 AND upper_inf(c.valid)
                           AND c.code > v.code AND c.code < v.code || '~')
      ORDER BY v.code`,
    [county],
  );
}

/** Current areas that have areas in them. */
export async function readUpperAreas(tx: Transaction, county: string): Promise<LocatableArea[]> {
  return tx.rows(
    `SELECT v.code, ST_AsGeoJSON(v.geom, 7)::json -> 'coordinates' AS geometry FROM area_version v
      WHERE v.county = $1 AND upper_inf(v.valid)
        AND EXISTS (SELECT 1 FROM area_version c WHERE c.county = $1 AND upper_inf(c.valid)
                       AND c.code > v.code AND c.code < v.code || '~')
      ORDER BY v.code`,
    [county],
  );
}
