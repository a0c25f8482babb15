import { INVALID_STATES, SOLVED_STATES } from "../../data/model/incident.ts";
import { latticeSql } from "../repositories/packed-columns.ts";

/**
 * Edges of the squares of `incident_cell_month`, units of 1e-7 degree: 0.0025° (the cells that kiosks get, about 280 m) and eight
 * times that. Both divide 90 and 180 degrees, so squares counted from the south-west corner are those counted from 0, 0.
 */
export const CELL_EDGES = { fine: 25_000, coarse: 200_000 } as const;

/** South-west corner of the lattice, units of 1e-7 degree: squares are counted from it, so that no number is negative. */
export const LATTICE_WEST = -1_800_000_000;
export const LATTICE_SOUTH = -900_000_000;

const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(", ");

/** The town that a case `i` lies in: nine digits, or the county's code outside all. */
const TOWN = "CASE WHEN length(i.scope_code) >= 9 THEN left(i.scope_code, 9) ELSE i.county END";
const STATE_GROUP = `CASE WHEN i.state IN (${quoted(SOLVED_STATES)}) THEN 'solved' WHEN i.state IN (${quoted(INVALID_STATES)}) THEN 'invalid' ELSE 'open' END`;

/**
 * What roll-ups keep of a case `i`, as a SELECT list. The one place where the keys are computed: deltas of single writes,
 * of loads, rebuild and verification all read from here.
 *
 * @param zone placeholder or column of the county's time zone
 */
export const rollupKeysSql = (
  zone: string,
): string => `${TOWN} AS town, (i.opened_at AT TIME ZONE ${zone})::date AS day,
  i.class_code, i.state, i.sensitive, i.suspicious, left(i.class_code, 2) AS major, ${STATE_GROUP} AS state_group,
  ((${latticeSql("ST_X(i.geom)")}::bigint - (${LATTICE_WEST})) / ${CELL_EDGES.fine})::int AS x,
  ((${latticeSql("ST_Y(i.geom)")}::bigint - (${LATTICE_SOUTH})) / ${CELL_EDGES.fine})::int AS y`;

export const DAY_KEYS = ["scope_code", "whole", "day", "class_code", "state", "sensitive"] as const;
export const CELL_KEYS = ["scope_code", "edge", "month", "x", "y", "major", "state_group", "sensitive"] as const;

const COARSER = CELL_EDGES.coarse / CELL_EDGES.fine;

/**
 * Counts of `incident_day` over a relation `keys` (of `rollupKeysSql`), by `DAY_KEYS`. $1 is the county.
 *
 * @param sign 1 or -1, what each case counts
 */
export const dayCountsSql = (sign: 1 | -1): string => `
  SELECT town AS scope_code, false AS whole, day, class_code, state, sensitive, (${sign} * count(*))::int AS count
    FROM keys GROUP BY town, day, class_code, state, sensitive
  UNION ALL
  SELECT $1::text, true, day, class_code, state, sensitive, (${sign} * count(*))::int
    FROM keys GROUP BY day, class_code, state, sensitive`;

/** Counts of `incident_cell_month` over a relation `keys`, by `CELL_KEYS`. */
export const cellCountsSql = (sign: 1 | -1): string =>
  [
    { edge: CELL_EDGES.fine, by: 1 },
    { edge: CELL_EDGES.coarse, by: COARSER },
  ]
    .map(
      ({ edge, by }) => `
  SELECT town AS scope_code, ${edge} AS edge, date_trunc('month', day)::date AS month, x / ${by} AS x, y / ${by} AS y, major,
      state_group, sensitive, (${sign} * count(*))::int AS count
    FROM keys WHERE NOT suspicious GROUP BY 1, 3, 4, 5, 6, 7, 8`,
    )
    .join("\n  UNION ALL");

/** A roll-up table and what tells its rows apart beside the county. */
export interface RollupTable {
  readonly table: "incident_day" | "incident_cell_month";
  readonly keys: readonly string[];
  readonly counts: (sign: 1 | -1) => string;
}

export const ROLLUP_TABLES: readonly RollupTable[] = [
  { table: "incident_day", keys: DAY_KEYS, counts: dayCountsSql },
  { table: "incident_cell_month", keys: CELL_KEYS, counts: cellCountsSql },
];

/**
 * Adds the signed counts of a relation `d` to a roll-up, as the rest of a statement that defined `d` with WITH. A count
 * that comes to nothing is deleted. The county's row must be locked: then nobody else changes counts meanwhile.
 */
export const addCountsSql = (table: Pick<RollupTable, "table" | "keys">): string => {
  const { lower, raise } = addCountsParts(table, "");
  return `${lower}\n  ${raise}`;
};

/**
 * The same in two parts, so that several roll-ups are brought along by one statement: what lowers counts, as further relations
 * of a WITH, and what raises them.
 *
 * @param suffix of the relation `d` and of the relations that are made
 */
export function addCountsParts(
  { table, keys }: Pick<RollupTable, "table" | "keys">,
  suffix: string,
): { readonly lower: string; readonly raise: string } {
  const d = `d${suffix}`;
  const same = keys.map((key) => `t.${key} = d.${key}`).join(" AND ");
  const list = keys.join(", ");
  return {
    lower: `, gone${suffix} AS (
    DELETE FROM ${table} t USING ${d} d WHERE t.county = $1 AND ${same} AND d.count < 0 AND t.count + d.count <= 0 RETURNING t.county),
  less${suffix} AS (
    UPDATE ${table} t SET count = t.count + d.count FROM ${d} d
     WHERE t.county = $1 AND ${same} AND d.count < 0 AND t.count + d.count > 0 RETURNING t.county)`,
    raise: `INSERT INTO ${table} (county, ${list}, count) SELECT $1, ${list}, d.count FROM ${d} d WHERE d.count > 0
  ON CONFLICT (county, ${list})
  DO UPDATE SET count = ${table}.count + excluded.count`,
  };
}
