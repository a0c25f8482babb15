import type { HouseholdBasis, HouseholdCount } from "../../data/households/count.ts";
import type { SpreadArea, SpreadBuilding, SpreadCompound, SpreadCount } from "../../data/households/plan-spread.ts";
import { planSpread } from "../../data/households/plan-spread.ts";
import type { ImportLog } from "../../data/importers/report.ts";
import type { CopyValue, Transaction } from "../driver.ts";
import { type Journal, journalUpdated } from "./import-journal.ts";
import type { ImportContext } from "./import-transaction.ts";

/** Columns in which areas, compounds and buildings keep their count. */
export const HOUSEHOLD_COLUMNS = [
  "households",
  "households_exact",
  "households_basis",
  "households_source",
  "households_date",
] as const;

/** Values of `HOUSEHOLD_COLUMNS` for a count of a file. @param unknown what an unknown count reads: null for areas */
export const householdValues = (
  count: HouseholdCount | null | undefined,
  context: ImportContext,
  unknown: number | null = null,
): readonly CopyValue[] =>
  count
    ? [
        count.households,
        count.exact,
        count.exact ? "counted" : "stated",
        context.files.map((file) => file.replace(/^.*[\\/]/, "")).join(", "),
        count.date,
      ]
    : [unknown, unknown === null, unknown === null ? "counted" : "unknown", null, null];

/**
 * SQL of an area's count (`v`) after a file (`s`) came: what the file does not say stays, and a rough figure never replaces
 * an exact one.
 */
export const keptHouseholds = (column: (typeof HOUSEHOLD_COLUMNS)[number]): string =>
  `CASE WHEN s.households IS NULL OR (NOT s.households_exact AND v.households IS NOT NULL AND v.households_exact AND v.households_basis = 'counted')
    THEN v.${column} ELSE s.${column} END`;

/** The same for compounds and buildings, whose row there is `t`: what was worked out or not known gives way to any figure. */
export const mergedHouseholds: Readonly<Record<string, string>> = Object.fromEntries(
  HOUSEHOLD_COLUMNS.map((column) => [
    column,
    `CASE WHEN s.households_basis = 'unknown' OR (s.households_basis = 'stated' AND t.households_basis = 'counted')
      THEN t.${column} ELSE s.${column} END`,
  ]),
);

interface BuildingRow extends Omit<SpreadBuilding, "floors" | "footprintM2"> {
  readonly floors: number;
  readonly floorsKnown: boolean;
  readonly drawn: boolean;
  readonly m2: number;
}

/**
 * Spreads totals of compounds and areas over buildings whose households nobody counted, and gives grids without a count the
 * sum of their buildings. Works on the whole county, so that counts never depend on the order of imports. `rollUpHouseholds`
 * comes after it.
 */
export async function spreadHouseholds(tx: Transaction, journal: Journal, log: ImportLog): Promise<void> {
  const { county } = journal;
  const buildings = await tx.rows<BuildingRow>(
    `SELECT id, compound_id AS "compoundId", scope_code AS "scopeCode", floors, floors_known AS "floorsKnown", drawn,
            CASE WHEN households_basis IN ('counted', 'stated') THEN 0 ELSE ST_Area(geom::geography) END AS m2,
            households, households_exact AS exact, households_basis AS basis
       FROM building WHERE county = $1 ORDER BY id`,
    [county],
  );
  if (buildings.length === 0) return;
  const compounds = await tx.rows<SpreadCompound>(
    `SELECT c.id, c.community_code AS "communityCode", c.households, c.households_exact AS exact, c.households_basis AS basis,
            coalesce((SELECT json_agg(json_build_object('code', v.code, 'share', g.share) ORDER BY v.code)
                        FROM grid_compound g
                        JOIN area_version v ON v.county = $1 AND v.area_id = g.grid_id AND upper_inf(v.valid)
                       WHERE g.county = $1 AND g.compound_id = c.id), '[]') AS grids
       FROM compound c WHERE c.county = $1 ORDER BY c.id`,
    [county],
  );
  const areas = await tx.rows<SpreadArea>(
    `SELECT v.code, v.households, v.households_exact AS exact, v.households_basis AS basis,
            NOT EXISTS (SELECT 1 FROM area_version c WHERE c.county = $1 AND upper_inf(c.valid)
                           AND c.code > v.code AND c.code < v.code || '~') AS lowest
       FROM area_version v WHERE v.county = $1 AND upper_inf(v.valid) ORDER BY v.code`,
    [county],
  );
  const parts = buildings.map(({ floorsKnown, drawn, m2, ...building }) => ({
    ...building,
    floors: floorsKnown ? building.floors : null,
    footprintM2: drawn ? m2 : null,
  }));
  const plan = planSpread(parts, compounds, areas, log);
  await writeCounts(tx, journal, "building", "id", plan.buildings);
  await writeCounts(tx, journal, "area_version", "code", plan.areas);
}

/** Writes counts that were worked out. @param key column that they are by; of areas the current version */
async function writeCounts(
  tx: Transaction,
  journal: Journal,
  table: "building" | "area_version",
  key: "id" | "code",
  counts: ReadonlyMap<string, SpreadCount>,
): Promise<void> {
  if (counts.size === 0) return;
  const staged = `spread_${table}`;
  await tx.execute(
    `CREATE TEMP TABLE ${staged} (key text COLLATE "C", households integer, exact boolean, basis text COLLATE "C") ON COMMIT DROP`,
  );
  const rows = [...counts].map(([name, count]): [string, number, boolean, HouseholdBasis] => [
    name,
    count.households,
    count.exact,
    count.basis,
  ]);
  await tx.copyIn(staged, ["key", "households", "exact", "basis"], rows);
  const same = `t.county = $1 AND t.${key}::text = s.key${table === "area_version" ? " AND upper_inf(t.valid)" : ""}`;
  await journalUpdated(tx, journal, table, `SELECT t.id::text FROM ${table} t JOIN ${staged} s ON ${same}`);
  await tx.execute(
    `UPDATE ${table} t SET households = s.households, households_exact = s.exact, households_basis = s.basis,
            households_source = NULL, households_date = NULL FROM ${staged} s WHERE ${same}`,
    [journal.county],
  );
  await tx.execute(`DROP TABLE ${staged}`);
}

/** Notes the areas whose sums a change of buildings or compounds may move: all above the grids. */
export const noteSums = (tx: Transaction, journal: Journal): Promise<void> =>
  journalUpdated(
    tx,
    journal,
    "area_version",
    "SELECT v.id::text FROM area_version v WHERE v.county = $1 AND upper_inf(v.valid) AND v.level <> 'micro'",
  );
