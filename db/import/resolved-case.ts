import { type ClockContext, caseDueAt, dueAt } from "../../data/clock/case-clocks.ts";
import { type ClockEvent, clocksOf } from "../../data/clock/clocks-of.ts";
import { SOURCE_RULE } from "../../data/clock/loaded-clocks.ts";
import { ALWAYS, type Clock, type ClockOutcome } from "../../data/clock/model.ts";
import type { IncidentDraft } from "../../data/importers/incident-rows.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import { ENDED_STATES, INVALID_STATES } from "../../data/model/incident.ts";
import { type CountyProcess, countyProcessSchema } from "../../data/workflow/process.ts";
import { DEFAULT_PROCESS } from "../../data/workflow/processes/default.ts";
import type { Transaction } from "../driver.ts";
import type { DueClock } from "../repositories/clock-repository.ts";
import { findProcess } from "../repositories/process-repository.ts";
import type { IncidentDictionary } from "./incident-dictionary.ts";

/** A line that is a case, under the id that it is known by. */
export type TakenDraft = IncidentDraft & { readonly sourceRef: string };

/** A line of a file as a case of the county: words are codes and ids, its place is judged. */
export interface ResolvedCase {
  readonly draft: TakenDraft;
  readonly classCode: string;
  readonly sensitive: boolean;
  readonly organisationId: string | null;
  readonly gridId: string | null;
  readonly gridCode: string | null;
  /** Where it may be shown: sensitive classes at the label point of their deepest area. */
  readonly drawn: LonLat;
  readonly suspicious: boolean;
}

/** @param suspicious whether it lies on a default point */
export function resolveCase(draft: TakenDraft, dictionary: IncidentDictionary, suspicious: boolean): ResolvedCase {
  const { code, sensitive } = dictionary.classOf(draft.classText);
  const grid = dictionary.gridOf(draft.areaCode);
  const place: LonLat = [draft.lon, draft.lat];
  return {
    draft,
    classCode: code,
    sensitive,
    organisationId: dictionary.organisationOf(draft.organisation),
    gridId: grid?.id ?? null,
    gridCode: grid?.code ?? null,
    drawn: sensitive ? dictionary.drawnPlace(draft.areaCode, place) : place,
    suspicious,
  };
}

/** What the county's rules make of cases that bring no deadline. */
export interface ClockRules {
  readonly settings: CountyProcess;
  readonly timezone: string;
}

/** The rules that the county's clocks follow. */
export async function readClockRules(tx: Transaction, county: string, timezone: string): Promise<ClockRules> {
  const stored = await findProcess(tx, county);
  return { settings: stored === undefined ? DEFAULT_PROCESS : countyProcessSchema.parse(stored), timezone };
}

const MAX_SECONDS = 2_147_483_647;

/**
 * Clocks of a new case and when it is due: the source's own deadline, judged by the source where it says so; else, while it
 * is open, what the county's rules give. What is over and had no deadline gets none. What is on hold is not due, whatever
 * the source says.
 */
export function clocksOfNew(
  { draft: one, classCode }: ResolvedCase,
  rules: ClockRules,
): { readonly clocks: readonly DueClock[]; readonly dueAt: string | null } {
  if (one.dueAt !== null) {
    const due = one.state === "on_hold" ? null : one.dueAt;
    return {
      clocks: [{ clock: sourceClock(one, one.dueAt), dueMs: due === null ? null : Date.parse(due) }],
      dueAt: due,
    };
  }
  if (one.verdict !== null || ENDED_STATES.includes(one.state)) return { clocks: [], dueAt: null };
  const context: ClockContext = {
    settings: rules.settings,
    timezone: rules.timezone,
    one: { classCode, source: one.source, severity: "normal" },
  };
  const clocks = clocksOf(logOf(one), context);
  const dueMs = caseDueAt(clocks, context);
  return {
    clocks: clocks.map((clock) => ({ clock, dueMs: dueAt(clock, context) })),
    dueAt: dueMs === null ? null : new Date(dueMs).toISOString(),
  };
}

function sourceClock(one: IncidentDraft, due: string): Clock {
  const openedMs = Date.parse(one.openedAt);
  const dueMs = Date.parse(due);
  const ended = ENDED_STATES.includes(one.state);
  const endedMs = ended ? Date.parse(one.closedAt ?? one.openedAt) : null;
  const allowed = Math.floor((dueMs - openedMs) / 1000);
  return {
    seq: 1,
    kind: "business",
    target: "close",
    rule: SOURCE_RULE,
    calendar: ALWAYS,
    allowedSeconds: Math.max(Math.min(allowed, MAX_SECONDS), -MAX_SECONDS - 1),
    extendedSeconds: 0,
    startedMs: openedMs,
    usedMs: endedMs === null ? 0 : endedMs - openedMs,
    runningSinceMs: !ended && one.state !== "on_hold" ? openedMs : null,
    pausedMs: one.state === "on_hold" ? openedMs : null,
    pauseReason: null,
    endedMs,
    outcome: ended ? outcomeOf(one, dueMs) : null,
  };
}

function outcomeOf(one: IncidentDraft, dueMs: number): ClockOutcome {
  if (INVALID_STATES.includes(one.state)) return "dropped";
  if (one.verdict === "overdue") return "missed";
  if (one.verdict === "on_time") return "met";
  if (one.closedAt === null) return "dropped";
  return Date.parse(one.closedAt) > dueMs ? "missed" : "met";
}

/** The log that a new case gets, as clocks read it. */
function logOf(one: IncidentDraft): ClockEvent[] {
  const entry = { note: null, extendedSeconds: null };
  const atMs = Date.parse(one.openedAt);
  if (one.closedEventId === null || one.closedAt === null)
    return [{ ...entry, fromState: null, toState: one.state, atMs }];
  return [
    { ...entry, fromState: null, toState: "accepted", atMs },
    { ...entry, fromState: "accepted", toState: one.state, atMs: Date.parse(one.closedAt) },
  ];
}
