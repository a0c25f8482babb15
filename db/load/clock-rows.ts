import { type ClockContext, dueAt } from "../../data/clock/case-clocks.ts";
import type { ClockEvent } from "../../data/clock/clocks-of.ts";
import { loadedClocks } from "../../data/clock/loaded-clocks.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { DEFAULT_PROCESS } from "../../data/workflow/processes/default.ts";
import type { DueClock } from "../repositories/clock-repository.ts";

/** Clocks of a case that is loaded, and when it is due; ISO 8601. */
export interface CaseClockRows {
  readonly clocks: readonly DueClock[];
  readonly dueAt: string | null;
}

/** The clocks of all cases of a county, replayed from their logs, by the case's id. */
export function caseClockRows(data: CountyDataset): ReadonlyMap<string, CaseClockRows> {
  const settings = data.process ?? DEFAULT_PROCESS;
  const { timezone } = data.profile;
  const logs = new Map<string, ClockEvent[]>();
  for (const event of data.incidentEvents) {
    const log = logs.get(event.incidentId);
    const entry: ClockEvent = {
      fromState: event.fromState,
      toState: event.toState,
      atMs: Date.parse(event.at),
      note: event.note,
      extendedSeconds: null,
    };
    if (log) log.push(entry);
    else logs.set(event.incidentId, [entry]);
  }
  const rows = new Map<string, CaseClockRows>();
  for (const incident of data.incidents) {
    const context: ClockContext = { settings, timezone, one: incident };
    const { clocks, dueMs } = loadedClocks(incident, logs.get(incident.id) ?? [], context);
    rows.set(incident.id, {
      clocks: clocks.map((clock) => ({ clock, dueMs: dueAt(clock, context) })),
      dueAt: dueMs === null ? null : new Date(dueMs).toISOString(),
    });
  }
  return rows;
}
