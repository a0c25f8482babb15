import type { LonLat, MultiPolygonRings } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";
import { multiPolygonEwkb } from "../ewkb.ts";

/** What the database finds of cells; it names them by their places in the list. */
export interface DatabaseFinding {
  readonly what: "invalid" | "overlap" | "ground" | "edges";
  readonly cells: readonly number[];
  readonly point: LonLat | null;
  readonly detail: string;
}

const CELLS = `c AS MATERIALIZED (SELECT g.n - 1 AS n, g.geom::geometry AS geom FROM unnest($1::text[]) WITH ORDINALITY AS g(geom, n))`;
/** Half a square of the lattice (1e-7 degree), in square degrees: no two polygons on it differ by less. */
const LEAST_DIFFERENCE = 0.5e-14;

/**
 * PostGIS's own word on cells, apart from the exact core: each valid, no two with common inner ground, together exactly the
 * ground of before (or more, where ground of nobody was taken), and, where the database can (`ST_CoverageInvalidEdges`, PostGIS 3.4), no edge that a neighbour does not have.
 * Touches no table.
 *
 * @param cells changed cells and those around them
 * @param drawn how many of them, first in the list, are changed
 * @param before ground of the changed cells as it was
 * @param noded the cells with a corner wherever a neighbour has one (`nodedCells`), for the comparison of edges
 * @param grown whether they took ground of nobody as well
 */
export async function databaseFindings(
  tx: Transaction,
  cells: readonly MultiPolygonRings[],
  drawn: number,
  before: readonly MultiPolygonRings[],
  grown: boolean,
  noded: readonly MultiPolygonRings[],
): Promise<DatabaseFinding[]> {
  const texts = cells.map(multiPolygonEwkb);
  const invalid = await tx.rows<DatabaseFinding>(
    `WITH ${CELLS} SELECT 'invalid' AS what, json_build_array(c.n) AS cells, NULL AS point, ST_IsValidReason(c.geom) AS detail
     FROM c WHERE NOT ST_IsValid(c.geom) ORDER BY c.n`,
    [texts],
  );
  // Relations of invalid ground are no answer, and can end the database's session.
  if (invalid.length > 0) return invalid;
  const overlaps = await tx.rows<DatabaseFinding>(
    `WITH ${CELLS} SELECT 'overlap' AS what, json_build_array(a.n, b.n) AS cells, NULL AS point, 'two cells share ground' AS detail
     FROM c a JOIN c b ON b.n > a.n AND a.n < $2::int AND a.geom && b.geom AND ST_Relate(a.geom, b.geom, 'T********') ORDER BY a.n, b.n`,
    [texts, drawn],
  );
  const ground = await tx.rows<DatabaseFinding>(
    `WITH d AS (SELECT ${grown ? "ST_Difference" : "ST_SymDifference"}(
         (SELECT ST_Union(g.geom::geometry) FROM unnest($1::text[]) AS g(geom)),
         (SELECT ST_Union(g.geom::geometry) FROM unnest($2::text[]) AS g(geom))) AS geom)
     SELECT 'ground' AS what, '[]'::json AS cells,
       json_build_array(ST_X(ST_PointOnSurface(d.geom)), ST_Y(ST_PointOnSurface(d.geom))) AS point,
       'the cells together have other ground than before' AS detail
     FROM d WHERE ST_Area(d.geom) >= $3::float8`,
    [before.map(multiPolygonEwkb), texts.slice(0, drawn), LEAST_DIFFERENCE],
  );
  const edges = (await hasCoverageFunctions(tx)) ? await invalidEdges(tx, noded.map(multiPolygonEwkb), drawn) : [];
  return [...overlaps, ...ground, ...edges];
}

async function hasCoverageFunctions(tx: Transaction): Promise<boolean> {
  const rows = await tx.rows<{ there: boolean }>("SELECT to_regproc('st_coverageinvalidedges') IS NOT NULL AS there");
  return rows[0]?.there === true;
}

const invalidEdges = (tx: Transaction, texts: readonly string[], drawn: number): Promise<DatabaseFinding[]> =>
  tx.rows<DatabaseFinding>(
    `WITH ${CELLS}, e AS MATERIALIZED (SELECT c.n, ST_CoverageInvalidEdges(c.geom) OVER () AS geom FROM c)
     SELECT 'edges' AS what, json_build_array(e.n) AS cells,
       json_build_array(ST_X(ST_PointN(ST_GeometryN(e.geom, 1), 1)), ST_Y(ST_PointN(ST_GeometryN(e.geom, 1), 1))) AS point,
       'an edge that the neighbour does not have' AS detail
     FROM e WHERE e.n < $2::int AND e.geom IS NOT NULL ORDER BY e.n`,
    [texts, drawn],
  );
