import { dueAt } from "../../data/clock/case-clocks.ts";
import type { ClockEvent } from "../../data/clock/clocks-of.ts";
import { clocksOf } from "../../data/clock/clocks-of.ts";
import { loadedClocks, SOURCE_RULE } from "../../data/clock/loaded-clocks.ts";
import type { IncidentSeverity, IncidentSource, IncidentState } from "../../data/model/incident.ts";
import { countyProcessSchema } from "../../data/workflow/process.ts";
import { DEFAULT_PROCESS } from "../../data/workflow/processes/default.ts";
import type { Database } from "../../db/driver.ts";
import { clocksOfCases, type DueClock } from "../../db/repositories/clock-repository.ts";
import { findProcess } from "../../db/repositories/process-repository.ts";

type ByCase = ReadonlyMap<string, readonly DueClock[]>;

interface CaseRow {
  readonly id: string;
  readonly classCode: string;
  readonly severity: IncidentSeverity;
  readonly source: IncidentSource;
  readonly state: IncidentState;
  readonly openedAt: string;
  readonly closedAt: string | null;
}
interface EventRow {
  readonly incidentId: string;
  readonly fromState: IncidentState | null;
  readonly toState: IncidentState;
  readonly at: string;
  readonly note: string | null;
  readonly extendedSeconds: number | null;
}

const inCounty = <T>(database: Database, county: string, work: Parameters<typeof database.transaction<T>>[1]) =>
  database.transaction({ kind: "county", county }, work);

const caseRows = (database: Database, county: string): Promise<CaseRow[]> =>
  inCounty(database, county, (tx) =>
    tx.rows<CaseRow>(
      `SELECT i.id, i.class_code AS "classCode", i.severity, i.source, i.state, i.opened_at AS "openedAt",
         i.closed_at AS "closedAt" FROM incident i WHERE i.county = $1`,
      [county],
    ),
  );

/** The clocks that the table holds, of cases with any. */
export async function storedClocks(database: Database, county: string): Promise<ByCase> {
  const ids = (await caseRows(database, county)).map(({ id }) => id);
  return inCounty(database, county, (tx) => clocksOfCases(tx, county, ids));
}

/**
 * The clocks that replaying each case's log gives. A deadline that came with the data is no part of the log: where the table
 * has one, its length is taken from there and everything else is replayed.
 */
export async function replayedClocks(database: Database, county: string, timezone: string): Promise<ByCase> {
  const stored = await storedClocks(database, county);
  const events = await inCounty(database, county, (tx) =>
    tx.rows<EventRow>(
      `SELECT e.incident_id AS "incidentId", e.from_state AS "fromState", e.to_state AS "toState", e.at, e.note,
         e.extended_seconds AS "extendedSeconds"
       FROM incident_event e WHERE e.county = $1 ORDER BY e.incident_id, e.seq`,
      [county],
    ),
  );
  const process = await inCounty(database, county, (tx) => findProcess(tx, county));
  const settings = process === undefined ? DEFAULT_PROCESS : countyProcessSchema.parse(process);
  const logs = new Map<string, ClockEvent[]>();
  for (const { incidentId, at, ...event } of events) {
    const log = logs.get(incidentId) ?? [];
    logs.set(incidentId, [...log, { ...event, atMs: Date.parse(at) }]);
  }
  const replayed = new Map<string, readonly DueClock[]>();
  for (const one of await caseRows(database, county)) {
    const kept = stored.get(one.id);
    // Without a deadline of its own and without rules that give one, a case that was loaded has none.
    if (!kept) continue;
    const context = { settings, timezone, one };
    const log = logs.get(one.id) ?? [];
    const source = kept.find(({ clock }) => clock.rule === SOURCE_RULE);
    const givenMs = source && (source.dueMs ?? source.clock.startedMs + source.clock.allowedSeconds * 1000);
    const clocks =
      givenMs === undefined
        ? clocksOf(log, context)
        : loadedClocks({ ...one, dueAt: new Date(givenMs).toISOString() }, log, context).clocks;
    replayed.set(
      one.id,
      clocks.map((clock) => ({ clock, dueMs: dueAt(clock, context) })),
    );
  }
  return replayed;
}
