import type { LocatableArea } from "../../data/geo/locate-index.ts";
import type { Transaction } from "../driver.ts";

/** Whether a version holds at the instant `$2`. */
const holds = (alias: string): string =>
  `${alias}.valid_from <= $2::timestamptz AND ${alias}.valid_to > $2::timestamptz`;

const INNER = `SELECT 1 FROM area_version c WHERE c.county = $1 AND ${holds("c")} AND c.code > v.code AND c.code < v.code || '~'`;

const areas = (tx: Transaction, county: string, nowMs: number, which: string): Promise<LocatableArea[]> =>
  tx.rows(
    `SELECT v.code, ST_AsGeoJSON(v.geom, 7)::json -> 'coordinates' AS geometry FROM area_version v
      WHERE v.county = $1 AND ${holds("v")} AND ${which} ORDER BY v.code`,
    [county, new Date(nowMs).toISOString()],
  );

/** Areas of today that have no area in them: the deepest that a point can fall in. @param nowMs the clock, epoch ms */
export const readLowestAreas = (tx: Transaction, county: string, nowMs: number): Promise<LocatableArea[]> =>
  areas(tx, county, nowMs, `NOT EXISTS (${INNER})`);

/** Areas of today that have areas in them. @param nowMs the clock, epoch ms */
export const readUpperAreas = (tx: Transaction, county: string, nowMs: number): Promise<LocatableArea[]> =>
  areas(tx, county, nowMs, `EXISTS (${INNER})`);
