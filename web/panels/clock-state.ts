import { NULL_TIME } from "../../data/columns/format.ts";
import { FLAG, type IncidentColumns, isLateRow, STATE_ENDED } from "../../data/columns/incident-columns.ts";
import { DUE_SOON_SECONDS } from "../../data/columns/status.ts";

/** State of an open case's clock; an open case has exactly one. */
export type ClockState = "onTime" | "dueSoon" | "overdueOpen" | "paused" | "noClock";

/** State of the clock of an open case; undefined when the case has ended. */
export function clockState(columns: IncidentColumns, row: number, asOf: number): ClockState | undefined {
  if (STATE_ENDED[columns.state[row] as number]) return undefined;
  if (isLateRow(columns, row, asOf)) return "overdueOpen";
  const flags = columns.flags[row] as number;
  if (flags & FLAG.paused) return "paused";
  const due = columns.due[row] as number;
  if (due === NULL_TIME || flags & FLAG.verdict) return "noClock";
  return due - asOf <= DUE_SOON_SECONDS ? "dueSoon" : "onTime";
}
