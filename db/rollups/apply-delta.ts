import { notFound } from "../../data/model/errors.ts";
import type { IncidentState } from "../../data/model/incident.ts";
import type { Transaction } from "../driver.ts";
import { Params } from "../repositories/params.ts";
import {
  addCountsParts,
  addCountsSql,
  CELL_EDGES,
  ROLLUP_TABLES,
  type RollupTable,
  rollupKeysSql,
} from "./rollup-sql.ts";
import { stateGroupOf } from "./state-groups.ts";

/** What the roll-ups keep of a case, as `rollupCase` reads it. */
export interface RollupCase {
  /** Nine digits of the town, or the county's code. */
  readonly town: string;
  /** Day of the county's calendar, yyyy-mm-dd. */
  readonly day: string;
  readonly classCode: string;
  readonly state: IncidentState;
  readonly sensitive: boolean;
  readonly suspicious: boolean;
  /** Square of the finer lattice. */
  readonly x: number;
  readonly y: number;
}

/**
 * Locks the county's row, so that nobody else changes its roll-ups until the transaction ends: counts are added to what
 * is there, and a rebuild counts every case exactly once. The live version's writer holds the same row.
 *
 * @returns the county's time zone
 * @throws USER/NOT_FOUND
 */
export async function lockRollups(tx: Transaction, county: string): Promise<string> {
  const [row] = await tx.rows<{ timezone: string }>(
    "WITH held AS (SELECT p.timezone FROM county_profile p WHERE p.county = $1 FOR NO KEY UPDATE) SELECT timezone FROM held",
    [county],
  );
  if (!row) throw notFound(`there is no county ${county}`, { at: "county" });
  return row.timezone;
}

/** What the roll-ups count of a case as it stands in the database; undefined when there is none. */
export async function rollupCase(tx: Transaction, county: string, id: string): Promise<RollupCase | undefined> {
  const [row] = await tx.rows<RollupCase>(
    `SELECT k.town, k.day, k.class_code AS "classCode", k.state, k.sensitive, k.suspicious, k.x, k.y
     FROM (SELECT ${rollupKeysSql("p.timezone")} FROM incident i JOIN county_profile p ON p.county = $1
           WHERE i.county = $1 AND i.id = $2::uuid) k`,
    [county, id],
    "byKey",
  );
  return row;
}

type Key = readonly (string | number | boolean)[];

const dayKeys = (county: string, one: RollupCase): Key[] =>
  [
    [one.town, false],
    [county, true],
  ].map((scope) => [...scope, one.day, one.classCode, one.state, one.sensitive]);

const cellKeys = (one: RollupCase): Key[] =>
  one.suspicious
    ? []
    : [1, CELL_EDGES.coarse / CELL_EDGES.fine].map((by) => [
        one.town,
        CELL_EDGES.fine * by,
        `${one.day.slice(0, 7)}-01`,
        Math.floor(one.x / by),
        Math.floor(one.y / by),
        one.classCode.slice(0, 2),
        stateGroupOf(one.state),
        one.sensitive,
      ]);

/** Signed counts by key; what comes to nothing is left out. */
function netCounts(before: readonly Key[], after: readonly Key[]): (readonly [Key, number])[] {
  const net = new Map<string, [Key, number]>();
  const add = (keys: readonly Key[], sign: number): void => {
    for (const key of keys) {
      const text = JSON.stringify(key);
      net.set(text, [key, (net.get(text)?.[1] ?? 0) + sign]);
    }
  };
  add(before, -1);
  add(after, 1);
  return [...net.values()].filter(([, count]) => count !== 0);
}

const TYPES: Readonly<Record<string, string>> = {
  whole: "boolean",
  day: "date",
  month: "date",
  sensitive: "boolean",
  edge: "int",
  x: "int",
  y: "int",
};

type Net = readonly (readonly [Key, number])[];

/** Counts by the keys of a roll-up, in the order of its key columns. */
export type KeyCounts = Net;

/** Adds net counts to the roll-ups in one statement, whatever how many of them change: a write pays for each statement. */
async function addNet(
  tx: Transaction,
  county: string,
  changes: readonly (readonly [RollupTable, Net])[],
): Promise<void> {
  const params = new Params();
  params.add(county);
  const parts = changes.map(([table, net], n) => {
    const lists = table.keys.map(
      (key, at) => `${params.add(net.map(([values]) => values[at] ?? null))}::${TYPES[key] ?? "text"}[]`,
    );
    const counts = `${params.add(net.map(([, count]) => count))}::int[]`;
    const names = `${table.keys.join(", ")}, count`;
    const deltas = `d${n} AS (SELECT * FROM unnest(${[...lists, counts].join(", ")}) AS u(${names}))`;
    return { deltas, ...addCountsParts(table, String(n)) };
  });
  const last = parts.at(-1);
  if (!last) return;
  const raised = parts.slice(0, -1).map(({ raise }, n) => `, more${n} AS (${raise} RETURNING 1)`);
  await tx.execute(
    `WITH ${parts.map(({ deltas }) => deltas).join(", ")}
     ${parts.map(({ lower }) => lower).join("")}${raised.join("")}
     ${last.raise}`,
    params.values,
  );
}

/** Adds counts that were made elsewhere. The county's row must be locked (`lockRollups`). */
export async function addKeyCounts(
  tx: Transaction,
  county: string,
  table: RollupTable["table"],
  counts: KeyCounts,
): Promise<void> {
  for (const one of ROLLUP_TABLES) if (one.table === table) await addNet(tx, county, [[one, counts]]);
}

/**
 * Brings the roll-ups from a case as it was to as it is, in the transaction of the write. What did not change of it costs
 * nothing.
 *
 * @param before null for a new case
 * @param after null for a case that is removed
 * @param holdsCounty the transaction has locked the county's row already (`bumpLiveVersion` does)
 */
export async function applyRollupDelta(
  tx: Transaction,
  county: string,
  before: RollupCase | null,
  after: RollupCase | null,
  holdsCounty = false,
): Promise<void> {
  const keysOf = { incident_day: (one: RollupCase) => dayKeys(county, one), incident_cell_month: cellKeys };
  const changes = ROLLUP_TABLES.map(
    (table) =>
      [table, netCounts(before ? keysOf[table.table](before) : [], after ? keysOf[table.table](after) : [])] as const,
  ).filter(([, net]) => net.length > 0);
  if (changes.length === 0) return;
  if (!holdsCounty) await lockRollups(tx, county);
  await addNet(tx, county, changes);
}

/**
 * Counts many cases at once: one statement per table. A load calls it for what it has written; for what it is going to
 * change use `recountCases`.
 *
 * @param from what follows FROM: `incident i`, joined with what names the cases, and a WHERE that names `i.county = $1`
 */
export async function countCases(tx: Transaction, county: string, from: string, sign: 1 | -1 = 1): Promise<void> {
  const zone = await lockRollups(tx, county);
  for (const table of ROLLUP_TABLES)
    await tx.execute(
      `WITH keys AS MATERIALIZED (SELECT ${rollupKeysSql("$2::text")} FROM ${from}),
       d AS MATERIALIZED (${table.counts(sign)})
       ${addCountsSql(table)}`,
      [county, zone],
    );
}

/**
 * Runs a change of many cases and brings the roll-ups along. The cases are locked before the county's row, as single
 * writes do: in the other order the two would wait for each other.
 *
 * @param from the cases, as for `countCases`; must name the same ones after the change
 */
export async function recountCases(
  tx: Transaction,
  county: string,
  from: string,
  change: () => Promise<void>,
): Promise<void> {
  const [held] = await tx.rows<{ cases: number }>(
    `SELECT count(*)::int AS cases FROM (SELECT i.id FROM ${from} FOR UPDATE OF i) held`,
    [county],
  );
  if (!held?.cases) return change();
  await countCases(tx, county, from, -1);
  await change();
  await countCases(tx, county, from);
}
