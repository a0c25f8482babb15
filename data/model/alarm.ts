import type { IncidentSeverity } from "./incident.ts";

/** Severities that raise an alarm (docs/incidents.md, "Alarms, duty log"). */
export const ALARM_SEVERITIES: readonly IncidentSeverity[] = ["serious", "critical"];

/** How long an acknowledged alarm stays in lists that show all. */
export const ALARM_KEPT_DAYS = 7;

/** How soon an open case must be due to be named at a handover, hours: a shift. */
export const HANDOVER_SOON_HOURS = 8;

export const DUTY_ENTRY_KINDS = ["note", "handover", "takeover"] as const;
/** Kind of an entry of the duty log. */
export type DutyEntryKind = (typeof DUTY_ENTRY_KINDS)[number];

export const raisesAlarm = (severity: IncidentSeverity): boolean => ALARM_SEVERITIES.includes(severity);
