import { userError } from "../../data/model/errors.ts";
import { uuidV7LowerBound } from "../../data/model/ids.ts";
import type { Database, Transaction } from "../driver.ts";

/** Tables that are partitioned by month on their UUIDv7 id (data rule 3). */
export const PARTITIONED_TABLES = ["incident", "incident_event"] as const;

/** Times of ids are clamped to 2000 … now + 1 day (data rule 3); this is where partitions may lie. */
const FIRST_YEAR = 2000;
const MAX_MONTHS = 60 * 12;

interface Month {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Calendar months in UTC that hold the instants `fromMs … toMs`, both included. */
export function monthsBetween(fromMs: number, toMs: number): Month[] {
  const start = new Date(fromMs);
  const months: Month[] = [];
  for (let i = 0; ; i++) {
    const begin = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + i);
    if (begin > toMs) return months;
    if (i >= MAX_MONTHS) break;
    const at = new Date(begin);
    const name = `${at.getUTCFullYear()}_${String(at.getUTCMonth() + 1).padStart(2, "0")}`;
    const end = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + i + 1);
    months.push({ name, from: uuidV7LowerBound(begin), to: uuidV7LowerBound(end) });
  }
  throw userError("The times of these incidents span more than 60 years", {
    hint: "Check the columns of the times: such a span is a sign of a wrong date format.",
  });
}

/**
 * Makes the monthly partitions of incidents and their events that hold `fromMs … toMs` (epoch milliseconds). Safe to
 * run twice and from two processes. A month whose rows lie in the DEFAULT partition already stays there.
 *
 * @returns names of the partitions that were made
 */
export async function ensureIncidentPartitions(
  database: Database,
  county: string,
  fromMs: number,
  toMs: number,
): Promise<string[]> {
  if (!(fromMs <= toMs) || fromMs < Date.UTC(FIRST_YEAR, 0)) {
    throw userError("The time span of the incidents cannot be read", {
      hint: `Times must lie between ${FIRST_YEAR} and tomorrow.`,
    });
  }
  return database.transaction({ kind: "loader", county }, (tx) => makeIncidentPartitions(tx, fromMs, toMs));
}

/** The same within a transaction of the loader scope: an import learns its time span only while it reads. */
export async function makeIncidentPartitions(tx: Transaction, fromMs: number, toMs: number): Promise<string[]> {
  const months = monthsBetween(fromMs, toMs);
  // One process at a time: CREATE TABLE IF NOT EXISTS itself is not safe against a second one.
  await tx.execute("SELECT pg_advisory_xact_lock(hashtext('jingwei partitions'))");
  const wanted = PARTITIONED_TABLES.flatMap((table) =>
    months.map((month) => ({ ...month, table, partition: `${table}_${month.name}` })),
  );
  const existing = await tx.rows<{ name: string }>(
    `SELECT child.relname AS name FROM pg_inherits
     JOIN pg_class child ON child.oid = inhrelid JOIN pg_class parent ON parent.oid = inhparent
     WHERE parent.relname = ANY ($1::text[])`,
    [[...PARTITIONED_TABLES]],
  );
  const have = new Set(existing.map(({ name }) => name));
  const missing = wanted.filter(({ partition }) => !have.has(partition));
  const made: string[] = [];
  for (const { table, partition, from, to } of missing) {
    const [inDefault] = await tx.rows<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM ${table}_default WHERE id >= $1::uuid AND id < $2::uuid) AS found`,
      [from, to],
    );
    if (inDefault?.found) continue;
    await tx.execute(`CREATE TABLE ${partition} PARTITION OF ${table} FOR VALUES FROM ('${from}') TO ('${to}')`);
    await tx.execute(`ALTER TABLE ${partition} ENABLE ROW LEVEL SECURITY`);
    made.push(partition);
  }
  return made;
}

/** Months ahead that have their partitions. */
const MONTHS_AHEAD = 2;

/**
 * Makes the partitions of the month that runs and of the coming two, in which cases are going to be reported. Waits at most
 * some seconds for who uses the tables: whoever waited behind would wait as long.
 *
 * @param nowMs the clock, epoch milliseconds
 * @returns names of the partitions that were made
 */
export async function makeComingPartitions(database: Database, nowMs: number): Promise<string[]> {
  const now = new Date(nowMs);
  const last = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + MONTHS_AHEAD);
  const [county] = await database.transaction({ kind: "reviewed", name: "county-list" }, (tx) =>
    tx.rows<{ code: string }>("SELECT county AS code FROM county_profile ORDER BY county LIMIT 1"),
  );
  // Partitions are every county's; without one there is nothing to report.
  if (!county) return [];
  return database.transaction({ kind: "loader", county: county.code }, async (tx) => {
    await tx.execute("SET LOCAL lock_timeout = '5s'");
    return makeIncidentPartitions(tx, nowMs, last);
  });
}
