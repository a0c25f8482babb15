import type { ImportLog } from "../../data/importers/report.ts";
import type { AreaLevel } from "../../data/model/codes.ts";
import type { Transaction } from "../driver.ts";
import { recountCases } from "../rollups/apply-delta.ts";

/** Levels that have one below them, deepest first, with that level and the length of their codes. */
const PARENT_LEVELS: readonly { readonly level: AreaLevel; readonly below: AreaLevel; readonly length: number }[] = [
  { level: "grid", below: "micro", length: 15 },
  { level: "community", below: "grid", length: 12 },
  { level: "town", below: "community", length: 9 },
  { level: "county", below: "town", length: 6 },
];

/**
 * Draws every synthetic area anew as the union of what lies directly in it, deepest first. The union runs at the fixed
 * precision of the lattice, where it cannot fail on near-coincident lines.
 */
export async function refreshSynthetic(tx: Transaction, county: string): Promise<void> {
  for (const { level, below, length } of PARENT_LEVELS) {
    await tx.execute(
      `UPDATE area_version v
          SET geom = u.geom, label = ST_SnapToGrid(ST_PointOnSurface(u.geom), 0.0000001), area_m2 = ST_Area(u.geom::geography)
         FROM (SELECT p.code, ST_Multi(ST_CollectionExtract(ST_Union(c.geom, 0.0000001), 3)) AS geom
                 FROM area_version p
                 JOIN area_version c ON c.county = $1 AND c.level = $3 AND upper_inf(c.valid) AND left(c.code, $4::integer) = p.code
                WHERE p.county = $1 AND p.level = $2 AND upper_inf(p.valid) AND p.lineage @> '[{"kind": "synthetic"}]'
                GROUP BY p.code) u
        WHERE v.county = $1 AND v.code = u.code AND upper_inf(v.valid)`,
      [county, level, below, length],
    );
  }
}

/**
 * Households of an area are the sum of those in it, as far as they are known; children sum to their parent. A total that
 * a source gave stays while an area in it has no count, or only an estimate. A sum is exact where all its parts are.
 */
export async function rollUpHouseholds(tx: Transaction, county: string): Promise<void> {
  for (const { level, below, length } of PARENT_LEVELS) {
    await tx.execute(
      `UPDATE area_version v SET households = u.households, households_exact = u.exact, households_basis = 'sum',
              households_source = NULL, households_date = NULL
         FROM (SELECT left(code, $4::integer) AS code, sum(households) AS households, bool_and(households_exact) AS exact,
                      count(*) > count(households) OR bool_or(households IS NOT NULL AND NOT households_exact) AS weak
                 FROM area_version WHERE county = $1 AND level = $3 AND upper_inf(valid) GROUP BY 1) u
        WHERE v.county = $1 AND v.level = $2 AND v.code = u.code AND upper_inf(v.valid) AND u.households IS NOT NULL
          AND (v.households IS DISTINCT FROM u.households OR (v.households_basis = 'sum' AND v.households_exact <> u.exact))
          AND NOT (u.weak AND v.households IS NOT NULL AND v.households_basis IN ('counted', 'stated')
                   AND NOT v.lineage @> '[{"kind": "synthetic"}]')`,
      [county, level, below, length],
    );
  }
}

/** Keeps the small reference table of county outlines equal to the county's own area. */
export async function writeOutline(tx: Transaction, county: string): Promise<void> {
  await tx.execute(
    `INSERT INTO county_outline (code, west, south, east, north, geom)
     SELECT code, ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom), geom FROM area_version
      WHERE county = $1 AND level = 'county' AND upper_inf(valid)
     ON CONFLICT (code) DO UPDATE SET west = EXCLUDED.west, south = EXCLUDED.south, east = EXCLUDED.east,
                                      north = EXCLUDED.north, geom = EXCLUDED.geom`,
    [county],
  );
}

/** Sensitive cases stand at the label point of their area (of the county, outside all): they follow it. */
export async function redrawSensitive(tx: Transaction, county: string): Promise<void> {
  await recountCases(tx, county, "incident i WHERE i.county = $1 AND i.sensitive", async () => {
    await tx.execute(
      `UPDATE incident i SET geom = d.label
         FROM (SELECT s.id, coalesce(v.label, w.label) AS label
                 FROM incident s
                 LEFT JOIN area_version v ON v.county = $1 AND v.code = s.scope_code AND upper_inf(v.valid)
                 LEFT JOIN area_version w ON w.county = $1 AND w.code = $1 AND upper_inf(w.valid)
                WHERE s.county = $1 AND s.sensitive) d
        WHERE i.county = $1 AND i.id = d.id AND d.label IS NOT NULL AND NOT i.geom = d.label`,
      [county],
    );
  });
}

/** Areas of one level should tile their county: overlaps and gaps are loaded as they are, counted and said. */
export async function checkCoverage(tx: Transaction, county: string, level: AreaLevel, log: ImportLog): Promise<void> {
  const [overlaps] = await tx.rows<{ pairs: number; first: string | null }>(
    `SELECT count(*) AS pairs, min(a.code || ' and ' || b.code) AS first
       FROM area_version a
       JOIN area_version b ON b.county = $1 AND b.level = $2 AND upper_inf(b.valid) AND a.code < b.code AND a.geom && b.geom
      WHERE a.county = $1 AND a.level = $2 AND upper_inf(a.valid) AND ST_Relate(a.geom, b.geom, '2********')`,
    [county, level],
  );
  if (overlaps && overlaps.pairs > 0) {
    log.flag(
      "overlap",
      `pairs of areas that overlap, first ${overlaps.first}; a point in both belongs to the lower code`,
      overlaps.pairs,
    );
  }
  const [gaps] = await tx.rows<{ gaps: number | null }>(
    `SELECT sum(ST_NumInteriorRings(part.geom)) AS gaps
       FROM (SELECT (ST_Dump(ST_CollectionExtract(ST_Union(geom, 0.0000001), 3))).geom AS geom
               FROM area_version WHERE county = $1 AND level = $2 AND upper_inf(valid)) part`,
    [county, level],
  );
  if (gaps?.gaps) log.flag("gap", "holes between areas that no area covers; points there have no grid", gaps.gaps);
}
