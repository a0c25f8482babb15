import type { Clock, ClockTarget } from "../../data/clock/model.ts";
import { codeRange } from "../../data/model/codes.ts";
import type { CopyValue, Transaction } from "../driver.ts";
import { columnOrNull } from "../policy/seat-columns.ts";
import { type IncidentListFilter, type IncidentReading, incidentParts, OPEN_SQL } from "./incident-filter.ts";
import { groupBy } from "./params.ts";

/** Clocks of cases. Every function sends one statement. */

/** A clock with the instant that it is due at, epoch ms; null while it is paused. */
export interface DueClock {
  readonly clock: Clock;
  readonly dueMs: number | null;
}

const isoOrNull = (epochMs: number | null): string | null =>
  epochMs === null ? null : new Date(epochMs).toISOString();

/** Columns of a clock in the order of `clockValues`; scope and sensitivity come from its case. */
export const CLOCK_COLUMNS = [
  "seq",
  "kind",
  "target",
  "rule",
  "calendar",
  "allowed_seconds",
  "extended_seconds",
  "started_at",
  "used_ms",
  "running_since",
  "paused_at",
  "pause_reason",
  "ended_at",
  "outcome",
  "due_at",
] as const;

export const clockValues = ({ clock, dueMs }: DueClock): readonly CopyValue[] => [
  clock.seq,
  clock.kind,
  clock.target,
  clock.rule,
  clock.calendar,
  clock.allowedSeconds,
  clock.extendedSeconds,
  isoOrNull(clock.startedMs),
  clock.usedMs,
  isoOrNull(clock.runningSinceMs),
  isoOrNull(clock.pausedMs),
  clock.pauseReason,
  isoOrNull(clock.endedMs),
  clock.outcome,
  isoOrNull(dueMs),
];

const UPDATED = [...CLOCK_COLUMNS.slice(1), "scope_code", "sensitive"];

/** Clocks as the rows that `json_populate_recordset` makes of them. */
export const clocksJson = (clocks: readonly DueClock[]): string =>
  JSON.stringify(
    clocks.map((one) => {
      const values = clockValues(one);
      return Object.fromEntries(CLOCK_COLUMNS.map((name, k) => [name, values[k]]));
    }),
  );

/** Writes clocks of a case; scope and sensitivity come from the case. */
async function insertClocks(
  tx: Transaction,
  county: string,
  incidentId: string,
  clocks: readonly DueClock[],
): Promise<void> {
  if (clocks.length === 0) return;
  await tx.execute(
    `INSERT INTO incident_clock (county, incident_id, ${CLOCK_COLUMNS.join(", ")}, scope_code, sensitive)
     SELECT $1, $2::uuid, ${CLOCK_COLUMNS.map((name) => `r.${name}`).join(", ")}, i.scope_code, i.sensitive
     FROM json_populate_recordset(NULL::incident_clock, $3::json) r JOIN incident i ON i.county = $1 AND i.id = $2::uuid
     ON CONFLICT (county, incident_id, seq) DO UPDATE SET ${UPDATED.map((name) => `${name} = excluded.${name}`).join(", ")}`,
    [county, incidentId, clocksJson(clocks)],
  );
}

/** Makes the clocks of a case what is given: the clock of a state that it has left goes. */
export async function writeClocks(
  tx: Transaction,
  county: string,
  incidentId: string,
  clocks: readonly DueClock[],
): Promise<void> {
  if (!clocks.some(({ clock }) => clock.kind === "state"))
    await tx.execute("DELETE FROM incident_clock WHERE county = $1 AND incident_id = $2::uuid AND kind = 'state'", [
      county,
      incidentId,
    ]);
  await insertClocks(tx, county, incidentId, clocks);
}

interface ClockRow {
  readonly incidentId: string;
  readonly seq: number;
  readonly kind: Clock["kind"];
  readonly target: Clock["target"];
  readonly rule: string;
  readonly calendar: string;
  readonly allowedSeconds: number;
  readonly extendedSeconds: number;
  readonly startedAt: string;
  readonly usedMs: number;
  readonly runningSince: string | null;
  readonly pausedAt: string | null;
  readonly pauseReason: string | null;
  readonly endedAt: string | null;
  readonly outcome: Clock["outcome"];
  readonly dueAt: string | null;
}

const ms = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));

const clockOf = (row: ClockRow): DueClock => ({
  clock: {
    seq: row.seq,
    kind: row.kind,
    target: row.target,
    rule: row.rule,
    calendar: row.calendar,
    allowedSeconds: row.allowedSeconds,
    extendedSeconds: row.extendedSeconds,
    startedMs: Date.parse(row.startedAt),
    usedMs: row.usedMs,
    runningSinceMs: ms(row.runningSince),
    pausedMs: ms(row.pausedAt),
    pauseReason: row.pauseReason,
    endedMs: ms(row.endedAt),
    outcome: row.outcome,
  },
  dueMs: ms(row.dueAt),
});

/** Clocks of cases, by case, in order of their numbers. Who reads no free text gets no reasons of pauses. */
export async function clocksOfCases(
  tx: Transaction,
  county: string,
  ids: readonly string[],
): Promise<Map<string, readonly DueClock[]>> {
  const rows = await tx.rows<ClockRow>(
    `SELECT c.incident_id AS "incidentId", c.seq, c.kind, c.target, c.rule, c.calendar,
       c.allowed_seconds AS "allowedSeconds", c.extended_seconds AS "extendedSeconds", c.started_at AS "startedAt",
       c.used_ms AS "usedMs", c.running_since AS "runningSince", c.paused_at AS "pausedAt",
       ${columnOrNull(tx, "incident_clock", "c.pause_reason", "text")} AS "pauseReason", c.ended_at AS "endedAt", c.outcome,
       c.due_at AS "dueAt"
     FROM incident_clock c WHERE c.county = $1 AND c.incident_id = ANY($2::uuid[]) ORDER BY c.incident_id, c.seq`,
    [county, ids],
    "byKey",
  );
  const groups = groupBy(rows, (row) => row.incidentId);
  return new Map([...groups].map(([id, list]) => [id, list.map(clockOf)]));
}

/** Clocks of a target: how many stand how. */
export interface OnTimeRow {
  readonly target: ClockTarget;
  readonly met: number;
  readonly missed: number;
  readonly late: number;
  readonly running: number;
  readonly paused: number;
}

/** Business clocks of an area that started in a period, counted by target and by how they stand; instants ISO 8601. */
export function countClocks(
  tx: Transaction,
  county: string,
  inside: string,
  period: { readonly from: string | null; readonly to: string | null },
  asOf: string,
): Promise<OnTimeRow[]> {
  const range = codeRange(inside);
  return tx.rows<OnTimeRow>(
    `SELECT c.target, count(*) FILTER (WHERE c.outcome = 'met') AS met,
       count(*) FILTER (WHERE c.outcome = 'missed') AS missed,
       count(*) FILTER (WHERE c.running_since IS NOT NULL AND c.due_at < $6::timestamptz) AS late,
       count(*) FILTER (WHERE c.running_since IS NOT NULL AND c.due_at >= $6::timestamptz) AS running,
       count(*) FILTER (WHERE c.outcome IS NULL AND c.running_since IS NULL) AS paused
     FROM incident_clock c
     WHERE c.county = $1 AND c.kind = 'business'
       AND (length($2::text) = 6 OR (c.scope_code >= $2 AND c.scope_code < $3))
       AND ($4::timestamptz IS NULL OR c.started_at >= $4::timestamptz)
       AND ($5::timestamptz IS NULL OR c.started_at < $5::timestamptz)
     GROUP BY c.target`,
    [county, range.from, range.to, period.from, period.to, asOf],
  );
}

/** Ids of the open cases of a filter that are in time and whose running clocks are due next, first to breach first. */
export async function nextDueCases(
  tx: Transaction,
  reading: IncidentReading,
  filter: IncidentListFilter,
  limit: number,
): Promise<string[]> {
  const { where, params, asOf } = incidentParts(reading, filter);
  const county = params.add(reading.county);
  const rows = await tx.rows<{ id: string }>(
    `SELECT i.id, min(c.due_at) AS due FROM incident_clock c
     JOIN incident i ON i.county = ${county} AND i.id = c.incident_id
     WHERE c.county = ${county} AND c.outcome IS NULL AND c.due_at >= ${asOf}::timestamptz AND ${where} AND ${OPEN_SQL}
       AND (i.due_at IS NULL OR i.due_at >= ${asOf}::timestamptz)
     GROUP BY i.id ORDER BY due, i.id LIMIT ${params.add(limit)}::int`,
    params.values,
  );
  return rows.map(({ id }) => id);
}

/** Sets when a case is due, and counts its version up. */
export const setDue = (tx: Transaction, county: string, id: string, dueMs: number | null): Promise<number> =>
  tx.execute(
    "UPDATE incident SET due_at = $3::timestamptz, version = version + 1 WHERE county = $1 AND id = $2::uuid",
    [county, id, isoOrNull(dueMs)],
  );
