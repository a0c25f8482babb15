import type { Clock } from "../../data/clock/model.ts";
import type { CopyValue, Transaction } from "../driver.ts";
import { columnOrNull } from "../policy/seat-columns.ts";
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

/** Writes clocks of a case; scope and sensitivity come from the case. */
export async function insertClocks(
  tx: Transaction,
  county: string,
  incidentId: string,
  clocks: readonly DueClock[],
): Promise<void> {
  if (clocks.length === 0) return;
  const rows = clocks.map((one) => {
    const values = clockValues(one);
    return Object.fromEntries(CLOCK_COLUMNS.map((name, k) => [name, values[k]]));
  });
  await tx.execute(
    `INSERT INTO incident_clock (county, incident_id, ${CLOCK_COLUMNS.join(", ")}, scope_code, sensitive)
     SELECT $1, $2::uuid, ${CLOCK_COLUMNS.map((name) => `r.${name}`).join(", ")}, i.scope_code, i.sensitive
     FROM json_populate_recordset(NULL::incident_clock, $3::json) r JOIN incident i ON i.county = $1 AND i.id = $2::uuid
     ON CONFLICT (county, incident_id, seq) DO UPDATE SET ${UPDATED.map((name) => `${name} = excluded.${name}`).join(", ")}`,
    [county, incidentId, JSON.stringify(rows)],
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
  );
  const groups = groupBy(rows, (row) => row.incidentId);
  return new Map([...groups].map(([id, list]) => [id, list.map(clockOf)]));
}
