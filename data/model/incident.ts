import type { Role } from "../policy/roles.ts";
import type { LonLat } from "./geometry.ts";
import type { Uuid } from "./ids.ts";

/** Canonical states (domain.md 2.4); a county's workflow names them in its own words. Index = code in columns. */
export const INCIDENT_STATES = [
  "found",
  "accepted",
  "rejected",
  "dispatched",
  "arrived",
  "consulted",
  "handling",
  "fed_back",
  "verified",
  "closed",
  "evaluated",
  "void",
  "on_hold",
  "rework",
  "inspection",
] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** States in which nothing more is owed: the case is counted as closed, rejected or void. */
export const ENDED_STATES: readonly IncidentState[] = ["closed", "evaluated", "rejected", "void"];
/** States that count as solved for the closing rate (办结). */
export const SOLVED_STATES: readonly IncidentState[] = ["closed", "evaluated"];
/** States that count as not valid (无效件) for the valid rate. */
export const INVALID_STATES: readonly IncidentState[] = ["rejected", "void"];

export const isOpenState = (state: IncidentState): boolean => !ENDED_STATES.includes(state);

/** Index = code in columns. */
export const INCIDENT_SEVERITIES = ["minor", "normal", "serious", "critical"] as const;
export type IncidentSeverity = (typeof INCIDENT_SEVERITIES)[number];

/** 巡查, 小程序/请您反映, 12345, 走访, 视频发现 (by a human operator), 无人机, 窗口, 邻近系统, 其他. Index = code in columns. */
export const INCIDENT_SOURCES = [
  "patrol",
  "app",
  "hotline",
  "visit",
  "video",
  "drone",
  "walk_in",
  "system",
  "other",
] as const;
export type IncidentSource = (typeof INCIDENT_SOURCES)[number];

/** What the source file itself says of the deadline; null = Jingwei computes it from due and closed. */
export const SOURCE_VERDICTS = ["on_time", "overdue", "none"] as const;
export type SourceVerdict = (typeof SOURCE_VERDICTS)[number];

/**
 * Cases of sensitive classes are numbered from here, the others from 1. In one row of numbers the gaps would tell those
 * who see ordinary cases only how many sensitive ones came in between two of them, and when.
 */
export const SENSITIVE_REF_FROM = 500_000_000;

export interface IncidentRecord {
  /** UUIDv7 whose time is `openedAt`. */
  readonly id: Uuid;
  /** Stable number within the county, 1… or `SENSITIVE_REF_FROM`…; what columns carry. */
  readonly ref: number;
  readonly classCode: string;
  readonly severity: IncidentSeverity;
  readonly source: IncidentSource;
  readonly state: IncidentState;
  readonly title: string;
  readonly point: LonLat;
  readonly gridId: Uuid | null;
  /** Grid code as it fell; never changed. */
  readonly gridCodeAt: string | null;
  /** Code of the deepest area today; null outside every area. */
  readonly scopeCode: string | null;
  /** ISO 8601 instants. */
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly firstAnswerAt: string | null;
  readonly closedAt: string | null;
  readonly sourceVerdict: SourceVerdict | null;
  /** On a border of two grids: owned by the lowest code. */
  readonly border: boolean;
  /** On a default point where too many cases pile up: counted, but left out of heat and points. */
  readonly suspicious: boolean;
  readonly sourceRef: string | null;
  readonly organisationId: Uuid | null;
  /** Workflow that the case walks and the step where it is; absent = the county's default, at the state's first step. */
  readonly workflow?: string;
  readonly step?: string;
  /** Role inbox that it waits in, and the area whose staff should claim it. */
  readonly inbox?: { readonly role: Role; readonly area: string };
}

/** Kinds of entries in a case's timeline (`IncidentEventKind`); only `step` moves the case. */
export const EVENT_KINDS = [
  "step",
  "taken",
  "assigned",
  "extended",
  "escalated",
  "merged",
  "owner",
  "acknowledged",
  "whistle",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** One entry of a case's timeline: append-only. */
export interface IncidentEventRecord {
  readonly id: Uuid;
  readonly incidentId: Uuid;
  readonly seq: number;
  readonly fromState: IncidentState | null;
  readonly toState: IncidentState;
  readonly actor: string;
  readonly at: string;
  readonly note: string | null;
  /** Absent = `step`. */
  readonly kind?: EventKind;
  /** Key of the workflow's step after it; absent where the workflow does not tell, and for kinds that move nothing. */
  readonly step?: string;
  /** Unit that has the case from this entry on; absent where the entry hands it to nobody new. */
  readonly organisationId?: Uuid;
}

/**
 * Late = past its due time when solved, or still open past it. The source's own verdict wins where it has one.
 *
 * @param asOfMs the instant to judge open cases at, epoch milliseconds
 */
export function isLate(
  incident: Pick<IncidentRecord, "dueAt" | "closedAt" | "state" | "sourceVerdict">,
  asOfMs: number,
): boolean {
  if (incident.sourceVerdict) return incident.sourceVerdict === "overdue";
  if (!incident.dueAt || INVALID_STATES.includes(incident.state)) return false;
  const end = incident.closedAt ? Date.parse(incident.closedAt) : asOfMs;
  return end > Date.parse(incident.dueAt);
}
