import { INCIDENT_STATES } from "../model/incident.ts";
import { NULL_TIME } from "./format.ts";
import { FLAG, type IncidentColumns, isLateRow, STATE_ENDED } from "./incident-columns.ts";

/** What a case asks for, most urgent last; how the map draws a point. */
export const INCIDENT_STATUSES = ["suspicious", "closed", "on_hold", "open", "due_soon", "late"] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** An open case whose deadline lies within this time is "due soon": one working shift. */
export const DUE_SOON_SECONDS = 24 * 3600;

const ON_HOLD = INCIDENT_STATES.indexOf("on_hold");

/**
 * Status of row `i` at `asOf` (epoch seconds). A case that ended is `closed` however late it was; an open case past its
 * deadline is `late` even on hold only if its clock is not paused.
 */
export function statusOfRow(columns: IncidentColumns, i: number, asOf: number): IncidentStatus {
  const flags = columns.flags[i] as number;
  if (flags & FLAG.suspicious) return "suspicious";
  const state = columns.state[i] as number;
  if (STATE_ENDED[state]) return "closed";
  if (flags & FLAG.paused || state === ON_HOLD) return "on_hold";
  if (isLateRow(columns, i, asOf)) return "late";
  const due = columns.due[i] as number;
  if (!(flags & FLAG.verdict) && due !== NULL_TIME && due - asOf <= DUE_SOON_SECONDS) return "due_soon";
  return "open";
}
