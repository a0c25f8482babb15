import type { Transaction } from "../driver.ts";
import { type Journal, journalUpdated } from "./import-journal.ts";
import { mergeRows } from "./merge-rows.ts";

/** Smaller parts are where outlines do not quite meet, no share of a compound. */
const SMALLEST_SHARE = 0.02;

interface Part {
  readonly compound: string;
  readonly grid: string;
  readonly weight: number;
}

/**
 * Works out which grids compounds lie in: by the households of their buildings where these are known, else by ground; a
 * compound given as a point lies in the grid of its point. Shares of a compound sum to 1.
 */
export async function refreshShares(tx: Transaction, journal: Journal, compounds: readonly string[]): Promise<void> {
  const { county } = journal;
  const byHouseholds = await tx.rows<Part>(
    `SELECT b.compound_id AS compound, v.area_id AS grid, sum(b.households) AS weight
       FROM building b
       JOIN area_version v ON v.county = $1 AND v.level = 'grid' AND upper_inf(v.valid) AND v.code = left(b.scope_code, 15)
      WHERE b.county = $1 AND b.compound_id = ANY ($2::uuid[]) AND b.households_basis IN ('counted', 'stated')
      GROUP BY 1, 2 HAVING sum(b.households) > 0 ORDER BY 1, 2`,
    [county, compounds],
  );
  const counted = new Set(byHouseholds.map(({ compound }) => compound));
  // Outlines that cross themselves are made valid first: an intersection of them would fail.
  const byGround = await tx.rows<Part>(
    `SELECT c.id AS compound, v.area_id AS grid,
            ST_Area(ST_Intersection(CASE WHEN ST_IsValid(c.geom) THEN c.geom ELSE ST_MakeValid(c.geom) END, v.geom, 0.0000001)::geography) AS weight
       FROM compound c
       JOIN area_version v ON v.county = $1 AND v.level = 'grid' AND upper_inf(v.valid) AND c.geom && v.geom
      WHERE c.county = $1 AND c.id = ANY ($2::uuid[]) AND c.drawn AND NOT c.id = ANY ($3::uuid[])
     UNION ALL
     SELECT c.id, (SELECT v.area_id FROM area_version v
                    WHERE v.county = $1 AND v.level = 'grid' AND upper_inf(v.valid) AND ST_Covers(v.geom, ST_Centroid(c.geom))
                    ORDER BY v.code LIMIT 1), 1
       FROM compound c WHERE c.county = $1 AND c.id = ANY ($2::uuid[]) AND NOT c.drawn AND NOT c.id = ANY ($3::uuid[])
      ORDER BY 1, 2`,
    [county, compounds, [...counted]],
  );
  const rows = sharesOf([...byHouseholds, ...byGround.filter(({ grid }) => grid !== null)]).map(
    ({ compound, grid, weight }) => [county, grid, compound, weight] as const,
  );
  const stays = rows.map(([, grid, compound]) => `${grid}/${compound}`);
  const gone =
    "g.county = $1 AND g.compound_id = ANY ($3::uuid[]) AND NOT g.grid_id::text || '/' || g.compound_id::text = ANY ($4::text[])";
  await journalUpdated(
    tx,
    journal,
    "grid_compound",
    `SELECT g.grid_id::text || '/' || g.compound_id::text FROM grid_compound g WHERE ${gone}`,
    [compounds, stays],
  );
  await tx.execute(
    "DELETE FROM grid_compound g WHERE g.county = $1 AND g.compound_id = ANY ($2::uuid[]) AND NOT g.grid_id::text || '/' || g.compound_id::text = ANY ($3::text[])",
    [county, compounds, stays],
  );
  await mergeRows(tx, journal, {
    table: "grid_compound",
    columns: ["county", "grid_id", "compound_id", "share"],
    rows,
  });
}

/** Weights as shares of their compound; what is hardly any is left out. */
function sharesOf(parts: readonly Part[]): Part[] {
  const total = (list: readonly Part[]): Map<string, number> => {
    const sums = new Map<string, number>();
    for (const { compound, weight } of list) sums.set(compound, (sums.get(compound) ?? 0) + weight);
    return sums;
  };
  const all = total(parts);
  const real = parts.filter(({ compound, weight }) => weight > SMALLEST_SHARE * (all.get(compound) ?? 0));
  const sums = total(real);
  return real.map((part) => ({ ...part, weight: part.weight / (sums.get(part.compound) ?? 1) }));
}
