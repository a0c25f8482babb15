import type { IncidentSeverity, IncidentSource, IncidentState } from "../model/incident.ts";
import type { Role } from "../policy/roles.ts";
import type { ClockKind, ClockTarget, EscalationLevel } from "../workflow/definition.ts";

export type { ClockKind, ClockTarget, EscalationLevel };

/** How a clock stands; `paused` is neither in time nor late. */
export const CLOCK_STATES = ["running", "paused", "met", "late", "missed", "dropped"] as const;
export type ClockState = (typeof CLOCK_STATES)[number];

/** How a clock ended; `dropped`: the case was void or refused before it got there. */
export type ClockOutcome = "met" | "missed" | "dropped";

/** Key of the calendar in which every second counts. */
export const ALWAYS = "always";

/** A calendar of working time. */
export interface WorkCalendar {
  readonly key: string;
  readonly name: string;
  readonly nameEn: string;
  /** Working hours as minutes since midnight in pairs from, to; rising, at most 1440. */
  readonly hours: readonly number[];
  /** Days of the week that are worked: 1 Monday … 7 Sunday. */
  readonly weekdays: readonly number[];
  /** `YYYY-MM-DD`: dates on which nobody works though it is such a day. */
  readonly holidays: readonly string[];
  /** `YYYY-MM-DD`: dates on which people work though it is none (调休). */
  readonly makeUpDays: readonly string[];
}

/** The time that one level of a matter may take out of the whole (三级七天调解法). */
export interface LevelShare {
  readonly level: EscalationLevel;
  /** Counted seconds. */
  readonly seconds: number;
}

/** Class → target → time allowed → calendar. */
export interface ClockRule {
  readonly key: string;
  readonly name: string;
  readonly nameEn: string;
  readonly kind: ClockKind;
  /** Null for the clock of a state. */
  readonly target: ClockTarget | null;
  /** For clocks of states: the states that they limit; empty for all open ones. */
  readonly states: readonly IncidentState[];
  /** Class codes that start so; empty for all. */
  readonly classes: readonly string[];
  /** Empty for all. */
  readonly severities: readonly IncidentSeverity[];
  /** Empty for all. */
  readonly sources: readonly IncidentSource[];
  /** Counted seconds. */
  readonly allowedSeconds: number;
  /** The most that the one extension may add, counted seconds; 0 = none. */
  readonly extendSeconds: number;
  /** Key of the calendar, or `ALWAYS`. */
  readonly calendar: string;
  /** Split of the time over the levels; a case rises when the time of its level is used up. The whole is never reset. */
  readonly levels?: readonly LevelShare[] | undefined;
}

/** One step of the chain: a case rises to `level` so long after it became due. */
export interface EscalationStep {
  readonly level: EscalationLevel;
  /** Role whose inbox holds it there. */
  readonly role: Role;
  /** Seconds of plain time past the due time of the clock (of an inbox: past `inboxSeconds`); 0 = at once. */
  readonly afterSeconds: number;
}

/** What a county's process says of clocks. */
export interface ClockSettings {
  readonly clockRules: readonly ClockRule[];
  readonly calendars: readonly WorkCalendar[];
  /** Levels in the order in which a case rises. */
  readonly escalation: readonly EscalationStep[];
  /** Seconds of plain time that a case may wait in a role's inbox before it rises. */
  readonly inboxSeconds: number;
}

/** A clock of a case. Instants are epoch ms, null = not so. Lengths are counted ms of the clock's calendar. */
export interface Clock {
  /** 0 is the clock of the state, of which there is one; business clocks are numbered from 1. */
  readonly seq: number;
  readonly kind: ClockKind;
  readonly target: ClockTarget | null;
  /** Key of the rule that set it. */
  readonly rule: string;
  readonly calendar: string;
  readonly allowedSeconds: number;
  /** What an extension added; 0 before. */
  readonly extendedSeconds: number;
  readonly startedMs: number;
  /** Counted up to `runningSinceMs`; up to the pause or the end where it does not run. */
  readonly usedMs: number;
  readonly runningSinceMs: number | null;
  readonly pausedMs: number | null;
  readonly pauseReason: string | null;
  readonly endedMs: number | null;
  readonly outcome: ClockOutcome | null;
}
