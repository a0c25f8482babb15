import { ENDED_STATES, type IncidentRecord } from "../model/incident.ts";
import { type ClockContext, caseDueAt, dueAt } from "./case-clocks.ts";
import { type ClockEvent, clocksOf } from "./clocks-of.ts";
import { ALWAYS, type Clock, type ClockRule } from "./model.ts";

/** Key of the rule of a deadline that a case brought along. */
export const SOURCE_RULE = "source";

/** What is loaded of a case, as far as its clocks go. */
export type LoadedCase = Pick<IncidentRecord, "openedAt" | "dueAt" | "closedAt" | "state">;

/** Clocks of a case that is loaded, and when it is due, epoch ms. */
export interface LoadedClocks {
  readonly clocks: readonly Clock[];
  readonly dueMs: number | null;
}

/**
 * The clocks of a case that comes with its log. Where it brings another due time than the rules give, that one holds: it
 * becomes a clock of its own towards closing, rule `SOURCE_RULE`, in plain time. A case that brings none, although the rules
 * would give one, has no clock. Whatever it brought, nothing is due while it is on hold.
 *
 * @param events the case's log, oldest first; empty where there is none, then it is told by opening and closing
 */
export function loadedClocks(one: LoadedCase, events: readonly ClockEvent[], context: ClockContext): LoadedClocks {
  const log = events.length > 0 ? events : shortLog(one);
  const givenMs = one.dueAt === null ? null : Date.parse(one.dueAt);
  const clocks = clocksOf(log, context);
  const dueMs = caseDueAt(clocks, context);
  if (dueMs === givenMs) return { clocks, dueMs };
  if (givenMs === null) return { clocks: [], dueMs: null };
  return sourceClocks(one, givenMs, log, context);
}

function sourceClocks(
  one: LoadedCase,
  givenMs: number,
  log: readonly ClockEvent[],
  context: ClockContext,
): LoadedClocks {
  const openedMs = Date.parse(one.openedAt);
  const allowed = Math.floor((givenMs - openedMs) / 1000);
  const sourced: ClockContext = { ...context, settings: { ...context.settings, clockRules: [sourceRule(allowed)] } };
  const [clock] = clocksOf(log, sourced);
  if (!clock) return { clocks: [], dueMs: givenMs };
  const due = dueAt(clock, sourced);
  if (due === null) return { clocks: [clock], dueMs: null };
  // Its due time was given as of now: what it was on hold for is in it already.
  const moved = { ...clock, allowedSeconds: allowed + Math.floor((givenMs - due) / 1000) };
  const outcome =
    moved.endedMs === null || moved.outcome === "dropped" ? moved.outcome : verdict(moved.endedMs, givenMs);
  return { clocks: [{ ...moved, outcome }], dueMs: givenMs };
}

const verdict = (endedMs: number, dueMs: number): "met" | "missed" => (endedMs > dueMs ? "missed" : "met");

const sourceRule = (allowedSeconds: number): ClockRule => ({
  key: SOURCE_RULE,
  name: "来源期限",
  nameEn: "Deadline of the source",
  kind: "business",
  target: "close",
  states: [],
  classes: [],
  severities: [],
  sources: [],
  allowedSeconds,
  extendSeconds: 0,
  calendar: ALWAYS,
});

function shortLog({ openedAt, closedAt, state }: LoadedCase): ClockEvent[] {
  const entry = { note: null, extendedSeconds: null };
  const ended = ENDED_STATES.includes(state);
  const opened = { ...entry, fromState: null, toState: ended ? ("found" as const) : state, atMs: Date.parse(openedAt) };
  if (!ended) return [opened];
  return [opened, { ...entry, fromState: opened.toState, toState: state, atMs: Date.parse(closedAt ?? openedAt) }];
}
