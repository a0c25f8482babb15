import type { PublishedFigure } from "../../data/model/county.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";

/** A county's profile with the end of its data. Instants are ISO 8601 text. */
export interface CountyRow {
  readonly county: string;
  readonly name: string;
  readonly nameEn: string;
  readonly timezone: string;
  readonly demo: boolean;
  readonly anchorAt: string | null;
  readonly gridTerm: string;
  readonly source: string;
  readonly figures: readonly PublishedFigure[];
  /** Loads, and transactions that changed cases: together the data version of what is derived from cases. */
  readonly contentVersion: string;
  readonly liveVersion: string;
  /** When the newest incident was opened; null where there is none. */
  readonly lastOpenedAt: string | null;
  /** Outline's box in degrees; null until areas are loaded. */
  readonly west: number | null;
  readonly south: number | null;
  readonly east: number | null;
  readonly north: number | null;
}

const COLUMNS = `p.county, p.name, p.name_en AS "nameEn", p.timezone, p.demo, p.anchor_at AS "anchorAt",
  p.grid_term AS "gridTerm", p.source, p.figures, p.content_version::text AS "contentVersion",
  p.live_version::text AS "liveVersion",
  o.west, o.south, o.east, o.north`;

/** All counties by code. Runs under the reviewed scope `county-list`. */
export const listCounties = (tx: Transaction): Promise<CountyRow[]> =>
  tx.rows<CountyRow>(
    `SELECT ${COLUMNS}, (SELECT max(i.opened_at) FROM incident i WHERE i.county = p.county) AS "lastOpenedAt"
     FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county
     ORDER BY p.county`,
  );

/** One county; undefined when there is none with that code. */
export async function findCounty(tx: Transaction, county: string): Promise<CountyRow | undefined> {
  const rows = await tx.rows<CountyRow>(
    `SELECT ${COLUMNS}, (SELECT max(i.opened_at) FROM incident i WHERE i.county = $1) AS "lastOpenedAt"
     FROM county_profile p LEFT JOIN county_outline o ON o.code = p.county
     WHERE p.county = $1`,
    [county],
    "byKey",
  );
  return rows[0];
}

/** Data version `content.live` of a county (docs/data-plane.md), for `Database.readText`; no row when there is none. */
export const DATA_VERSION_SQL =
  "SELECT p.content_version::text || '.' || p.live_version::text FROM county_profile p WHERE p.county = $1";

/**
 * Counties whose outline's box holds a point, by code. Reads the reference table only.
 *
 * @param lon longitude, degrees WGS 84
 * @param lat latitude, degrees WGS 84
 */
export const countiesAround = async (tx: Transaction, lon: number, lat: number): Promise<string[]> => {
  const rows = await tx.rows<{ code: string }>(
    `SELECT o.code FROM county_outline o
     WHERE $1::float8 BETWEEN o.west AND o.east AND $2::float8 BETWEEN o.south AND o.north
       AND ST_Covers(o.geom, ST_SetSRID(ST_MakePoint($1::float8, $2::float8), 4326))
     ORDER BY o.code`,
    [lon, lat],
    "byKey",
  );
  return rows.map((row) => row.code);
};

/** The county's own outline, WGS 84; undefined before its first areas. Reads the reference table only. */
export const countyOutline = async (tx: Transaction, county: string): Promise<MultiPolygonRings | undefined> => {
  const [row] = await tx.rows<{ rings: MultiPolygonRings | null }>(
    "SELECT ST_AsGeoJSON(o.geom, 7)::json -> 'coordinates' AS rings FROM county_outline o WHERE o.code = $1",
    [county],
  );
  return row?.rings ?? undefined;
};
