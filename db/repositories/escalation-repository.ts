import type { IncidentSeverity, IncidentSource } from "../../data/model/incident.ts";
import type { Role } from "../../data/policy/roles.ts";
import { ESCALATION_LEVELS, type EscalationLevel } from "../../data/workflow/definition.ts";
import type { Transaction } from "../driver.ts";
import { OPEN_SQL } from "./incident-filter.ts";

/** What is late and who hears of it. Every function sends one statement. */

/**
 * Takes the county's turn for one run, so that of several processes one does it. A turn is not given back: the next one is
 * free after the pause between two runs.
 *
 * @returns false when another process has had it
 */
export async function takeTurn(tx: Transaction, county: string, nowMs: number, everyMs: number): Promise<boolean> {
  const rows = await tx.rows<{ value: number }>(
    `INSERT INTO county_counter (county, name, value) VALUES ($1, 'escalation_turn', $2::bigint)
     ON CONFLICT (county, name) DO UPDATE SET value = excluded.value
     WHERE county_counter.value <= excluded.value - $3::bigint RETURNING value`,
    [county, nowMs, everyMs],
  );
  return rows.length > 0;
}

/** An open case that may have to rise. */
export interface WaitingCase {
  readonly id: string;
  readonly classCode: string;
  readonly severity: IncidentSeverity;
  readonly source: IncidentSource;
  readonly level: EscalationLevel | null;
  /** Since when it waits in an inbox, ISO 8601; null where somebody has it. */
  readonly inboxSince: string | null;
}

const TOP = ESCALATION_LEVELS.at(-1);

/**
 * Open cases that have not risen to the top and are past due, wait in an inbox, or run under a rule that splits its time over
 * levels; what is longest due first.
 *
 * @param ids only these; null for all of the county
 */
export const waitingCases = (
  tx: Transaction,
  county: string,
  now: string,
  splitRules: readonly string[],
  ids: readonly string[] | null,
): Promise<WaitingCase[]> =>
  tx.rows<WaitingCase>(
    `SELECT i.id, i.class_code AS "classCode", i.severity, i.source, i.escalation AS level,
       CASE WHEN i.inbox_role IS NOT NULL THEN coalesce(
         (SELECT max(e.at) FROM incident_event e WHERE e.county = $1 AND e.incident_id = i.id
            AND e.kind IN ('step', 'taken', 'assigned', 'owner')), i.opened_at) END AS "inboxSince"
     FROM incident i
     WHERE i.county = $1 AND ${OPEN_SQL} AND i.source_verdict IS NULL AND i.escalation IS DISTINCT FROM '${TOP}'
       AND ($4::uuid[] IS NULL OR i.id = ANY($4::uuid[]))
       AND (i.inbox_role IS NOT NULL OR EXISTS (SELECT 1 FROM incident_clock c WHERE c.county = $1
         AND c.incident_id = i.id AND c.outcome IS NULL
         AND (c.due_at < $2::timestamptz OR c.rule = ANY($3::text[]))))
     ORDER BY i.due_at, i.id`,
    [county, now, splitRules, ids],
  );

/** Raises a case to a level; where it waits in an inbox, that one is the level's from now on. */
export const raiseCase = (
  tx: Transaction,
  county: string,
  id: string,
  level: EscalationLevel,
  inbox: { readonly role: Role; readonly area: string },
): Promise<number> =>
  tx.execute(
    `UPDATE incident SET escalation = $3, inbox_role = CASE WHEN inbox_role IS NOT NULL THEN $4 END,
       inbox_area = CASE WHEN inbox_role IS NOT NULL THEN $5 END, version = version + 1
     WHERE county = $1 AND id = $2::uuid`,
    [county, id, level, inbox.role, inbox.area],
  );
