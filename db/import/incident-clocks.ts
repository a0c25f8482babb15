import { type ClockContext, caseDueAt, dueAt } from "../../data/clock/case-clocks.ts";
import { type ClockEvent, clocksOf } from "../../data/clock/clocks-of.ts";
import { SOURCE_RULE } from "../../data/clock/loaded-clocks.ts";
import { ENDED_STATES, INVALID_STATES, type IncidentSeverity, type IncidentSource } from "../../data/model/incident.ts";
import { countyProcessSchema } from "../../data/workflow/process.ts";
import { DEFAULT_PROCESS } from "../../data/workflow/processes/default.ts";
import type { CopyValue, Transaction } from "../driver.ts";
import { CLOCK_COLUMNS, clockValues } from "../repositories/clock-repository.ts";
import { findProcess } from "../repositories/process-repository.ts";

const quoted = (states: readonly string[]): string => states.map((state) => `'${state}'`).join(", ");
const ENDED = `i.state IN (${quoted(ENDED_STATES)})`;
const SECONDS = "floor(extract(epoch FROM s.due_at - i.opened_at))";

/**
 * Gives imported cases their clocks: the source's own deadline, judged by the source where it says so; else, while they are
 * open, what the county's rules give. What is over and had no deadline gets none.
 *
 * @param rows rows `s` of the staged cases that were written, as a condition; `key` is the id that each has as a case
 */
export async function importClocks(
  tx: Transaction,
  county: string,
  timezone: string,
  rows: { readonly from: string; readonly key: string },
): Promise<void> {
  await tx.execute(
    `DELETE FROM incident_clock c USING (SELECT ${rows.key} AS id FROM ${rows.from}) w
      WHERE c.county = $1 AND c.incident_id = w.id`,
    [county],
  );
  await tx.execute(
    `INSERT INTO incident_clock (county, incident_id, seq, kind, target, rule, calendar, allowed_seconds, extended_seconds,
       started_at, used_ms, running_since, paused_at, ended_at, outcome, due_at, scope_code, sensitive)
     SELECT $1, i.id, 1, 'business', 'close', '${SOURCE_RULE}', 'always',
       greatest(least(${SECONDS}, 2147483647), -2147483648)::int, 0, i.opened_at,
       CASE WHEN ${ENDED} THEN round(extract(epoch FROM coalesce(i.closed_at, i.opened_at) - i.opened_at) * 1000) ELSE 0 END,
       CASE WHEN NOT (${ENDED}) AND i.state <> 'on_hold' THEN i.opened_at END,
       CASE WHEN i.state = 'on_hold' THEN i.opened_at END,
       CASE WHEN ${ENDED} THEN coalesce(i.closed_at, i.opened_at) END,
       CASE WHEN NOT (${ENDED}) THEN NULL WHEN i.state IN (${quoted(INVALID_STATES)}) THEN 'dropped'
            WHEN i.source_verdict = 'overdue' THEN 'missed' WHEN i.source_verdict = 'on_time' THEN 'met'
            WHEN i.closed_at IS NULL THEN 'dropped' WHEN i.closed_at > s.due_at THEN 'missed' ELSE 'met' END,
       i.due_at, i.scope_code, i.sensitive
     FROM (SELECT ${rows.key} AS case_id, s.due_at FROM ${rows.from}) s
     JOIN incident i ON i.county = $1 AND i.id = s.case_id WHERE s.due_at IS NOT NULL`,
    [county],
  );
  await clocksByRules(tx, county, timezone, rows);
}

interface OpenCase {
  readonly id: string;
  readonly classCode: string;
  readonly severity: IncidentSeverity;
  readonly source: IncidentSource;
  readonly scopeCode: string | null;
  readonly sensitive: boolean;
  readonly log: readonly (Omit<ClockEvent, "atMs"> & { readonly at: string })[];
}

async function clocksByRules(
  tx: Transaction,
  county: string,
  timezone: string,
  rows: { readonly from: string; readonly key: string },
): Promise<void> {
  const cases = await tx.rows<OpenCase>(
    `SELECT i.id, i.class_code AS "classCode", i.severity, i.source, i.scope_code AS "scopeCode", i.sensitive,
       (SELECT json_agg(json_build_object('fromState', e.from_state, 'toState', e.to_state, 'at', e.at, 'note', e.note,
          'extendedSeconds', e.extended_seconds) ORDER BY e.seq)
        FROM incident_event e WHERE e.county = $1 AND e.incident_id = i.id) AS log
     FROM (SELECT ${rows.key} AS case_id, s.due_at FROM ${rows.from}) s
     JOIN incident i ON i.county = $1 AND i.id = s.case_id
     WHERE s.due_at IS NULL AND i.source_verdict IS NULL AND NOT (${ENDED})`,
    [county],
  );
  if (cases.length === 0) return;
  const stored = await findProcess(tx, county);
  const settings = stored === undefined ? DEFAULT_PROCESS : countyProcessSchema.parse(stored);
  const values: (readonly CopyValue[])[] = [];
  const dues: { readonly id: string; readonly due: string }[] = [];
  for (const one of cases) {
    const context: ClockContext = { settings, timezone, one };
    const clocks = clocksOf(
      one.log.map(({ at, ...event }) => ({ ...event, atMs: Date.parse(at) })),
      context,
    );
    const dueMs = caseDueAt(clocks, context);
    if (dueMs !== null) dues.push({ id: one.id, due: new Date(dueMs).toISOString() });
    for (const clock of clocks)
      values.push([
        county,
        one.id,
        ...clockValues({ clock, dueMs: dueAt(clock, context) }),
        one.scopeCode,
        one.sensitive,
      ]);
  }
  if (values.length > 0)
    await tx.copyIn("incident_clock", ["county", "incident_id", ...CLOCK_COLUMNS, "scope_code", "sensitive"], values);
  if (dues.length > 0)
    await tx.execute(
      `UPDATE incident i SET due_at = d.due FROM unnest($2::uuid[], $3::timestamptz[]) AS d(id, due)
       WHERE i.county = $1 AND i.id = d.id`,
      [county, dues.map(({ id }) => id), dues.map(({ due }) => due)],
    );
}
