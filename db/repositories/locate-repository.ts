import { NEAR_BORDER_M } from "../../data/dispatch/candidate-owners.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";

/** A lowest area around a point: nothing lies inside it. */
export interface AreaNearRow {
  readonly code: string;
  readonly level: AreaLevel;
  readonly geometry: { readonly coordinates: MultiPolygonRings };
}

export interface LocateRow {
  /** Deepest area that holds the point, the lowest code on a border; null outside every area. */
  readonly deepest: string | null;
  /** The point lies exactly on the line of a lowest area, and another holds it too. */
  readonly border: boolean;
  /** The lowest areas whose box comes within 5 m of the point: `candidateOwners` tells which of them do themselves. */
  readonly around: readonly AreaNearRow[];
}

/** What each parameter of the statement is called: `$2::float8`, or a column of a row of points. */
export type LocateNames = Readonly<Record<"lon" | "lat" | "at" | "west" | "east" | "south" | "north", string>>;

/** The statement that answers a `LocateRow`; `$1` is the county. */
export const locateStatement = ({ lon, lat, at, west, east, south, north }: LocateNames): string =>
  `WITH q AS (SELECT ST_SetSRID(ST_MakePoint(${lon}, ${lat}), 4326) AS point),
     near AS (
       SELECT v.code, v.level, v.geom, ST_Covers(v.geom, q.point) AS holds, ST_Contains(v.geom, q.point) AS within,
         NOT EXISTS (
           SELECT 1 FROM area_version m WHERE m.county = $1 AND m.code > v.code
             AND m.code < (v.code || '~') COLLATE "C" AND m.valid_from <= ${at} AND m.valid_to > ${at}) AS lowest
       FROM area_version v, q
       WHERE v.county = $1 AND v.valid_from <= ${at} AND v.valid_to > ${at}
         AND v.west <= ${east} AND v.east >= ${west} AND v.south <= ${north} AND v.north >= ${south}
     ),
     grid AS (SELECT min(code) AS code FROM near WHERE holds AND level = 'grid')
     SELECT coalesce(
         (SELECT min(n.code) FROM near n, grid g WHERE n.holds AND n.level = 'micro'
            AND (g.code IS NULL OR (n.code > g.code AND n.code < (g.code || '~') COLLATE "C"))),
         (SELECT code FROM grid),
         (SELECT n.code FROM near n WHERE n.holds ORDER BY length(n.code) DESC, n.code LIMIT 1)) AS deepest,
       (SELECT count(*) > 1 AND NOT bool_and(n.within) FROM near n WHERE n.lowest AND n.holds) AS border,
       coalesce((SELECT json_agg(json_build_object('code', n.code, 'level', n.level,
         'geometry', ST_AsGeoJSON(n.geom, 7)::json) ORDER BY n.code) FROM near n WHERE n.lowest), '[]') AS around`;

const OF_ONE = locateStatement({
  lon: "$2::float8",
  lat: "$3::float8",
  at: "$4::timestamptz",
  west: "$5::float8",
  east: "$6::float8",
  south: "$7::float8",
  north: "$8::float8",
});

/**
 * A box of 5 m and more around a point, in degrees with room for the latitude: most areas are told apart by it cheaply, by
 * plain numbers that an index serves under row-level security (data rule 7).
 */
export function boxAround(lon: number, lat: number): Readonly<Record<"west" | "east" | "south" | "north", number>> {
  const dy = NEAR_BORDER_M / 110_000;
  const dx = NEAR_BORDER_M / 111_000 / Math.max(Math.cos((lat * Math.PI) / 180), 0.01);
  return { west: lon - dx, east: lon + dx, south: lat - dy, north: lat + dy };
}

/**
 * Who owns a point within a county. A point on a border belongs to the lowest code among the grids valid then; where
 * no grid holds it, to the deepest area that does.
 */
export async function locateInCounty(
  tx: Transaction,
  county: string,
  lon: number,
  lat: number,
  at: string,
): Promise<LocateRow> {
  const { west, east, south, north } = boxAround(lon, lat);
  const rows = await tx.rows<LocateRow>(OF_ONE, [county, lon, lat, at, west, east, south, north], "byKey");
  return rows[0] ?? { deepest: null, border: false, around: [] };
}
