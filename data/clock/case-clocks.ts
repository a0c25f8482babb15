import { AppError, userError } from "../model/errors.ts";
import { INVALID_STATES, type IncidentState } from "../model/incident.ts";
import type { StepEffect } from "./effects.ts";
import type { Clock, ClockRule, ClockSettings, ClockState, ClockTarget } from "./model.ts";
import { pickRule, pickStateRule, type RuledCase } from "./pick-rules.ts";
import { countedTime } from "./working-time.ts";

/** What the clocks of a case are judged by. */
export interface ClockContext {
  readonly settings: ClockSettings;
  /** IANA zone of the county, in which calendars are read. */
  readonly timezone: string;
  readonly one: RuledCase;
}

/** A step as clocks see it. */
export interface ClockStep {
  readonly to: IncidentState;
  readonly atMs: number;
  /** Why it is put on hold; shown with the pause. */
  readonly reason: string | null;
}

const allowedMs = (clock: Clock): number => (clock.allowedSeconds + clock.extendedSeconds) * 1000;

const timeOf = ({ settings, timezone }: ClockContext, clock: Pick<Clock, "calendar">) =>
  countedTime(clock.calendar, settings.calendars, timezone);

/**
 * When a clock is due, epoch ms: the earliest instant at which its time is used up. Null while it is paused. An ended clock
 * answers what it was due at when it ended; null when it was paused then.
 */
export function dueAt(clock: Clock, context: ClockContext): number | null {
  if (clock.pausedMs !== null) return null;
  const from = clock.runningSinceMs ?? clock.endedMs;
  return from === null ? null : timeOf(context, clock).add(from, allowedMs(clock) - clock.usedMs);
}

/** Counted time used up to an instant, ms. */
export function usedAt(clock: Clock, atMs: number, context: ClockContext): number {
  if (clock.runningSinceMs === null) return clock.usedMs;
  return clock.usedMs + timeOf(context, clock).between(clock.runningSinceMs, Math.max(atMs, clock.runningSinceMs));
}

/** How a clock stands at an instant. Due is due: a second later is late, whatever the calendar says of that second. */
export function judge(clock: Clock, atMs: number, context: ClockContext): ClockState {
  if (clock.outcome !== null) return clock.outcome;
  const due = dueAt(clock, context);
  if (due === null) return "paused";
  return atMs > due ? "late" : "running";
}

/** Stops counting: what ran goes into the record. */
const halted = (clock: Clock, atMs: number, context: ClockContext): Clock => ({
  ...clock,
  usedMs: usedAt(clock, atMs, context),
  runningSinceMs: null,
});

function pause(clock: Clock, { atMs, reason }: ClockStep, context: ClockContext): Clock {
  if (clock.runningSinceMs === null) return clock;
  return { ...halted(clock, atMs, context), pausedMs: atMs, pauseReason: reason };
}

/** Lets a paused clock run on, and one that was stopped too early (返工). */
function resume(clock: Clock, atMs: number): Clock {
  if (clock.runningSinceMs !== null || clock.outcome === "dropped") return clock;
  return { ...clock, runningSinceMs: atMs, pausedMs: null, pauseReason: null, endedMs: null, outcome: null };
}

function stop(clock: Clock, { to, atMs }: ClockStep, context: ClockContext): Clock {
  if (clock.outcome !== null) return clock;
  if (INVALID_STATES.includes(to)) return { ...halted(clock, atMs, context), endedMs: atMs, outcome: "dropped" };
  // A clock that is stopped while it is paused runs on for no time at all: its deadline lies ahead.
  const running = resume(clock, atMs);
  const outcome = judge(running, atMs, context) === "late" ? "missed" : "met";
  return { ...halted(running, atMs, context), endedMs: atMs, outcome };
}

const begun = (rule: ClockRule, seq: number, atMs: number): Clock => ({
  seq,
  kind: rule.kind,
  target: rule.target,
  rule: rule.key,
  calendar: rule.calendar,
  allowedSeconds: rule.allowedSeconds,
  extendedSeconds: 0,
  startedMs: atMs,
  usedMs: 0,
  runningSinceMs: atMs,
  pausedMs: null,
  pauseReason: null,
  endedMs: null,
  outcome: null,
});

const isOf = (clock: Clock, target: ClockTarget | null): boolean =>
  target === null ? clock.kind === "state" : clock.kind === "business" && clock.target === target;

const newest = (clocks: readonly Clock[], target: ClockTarget): Clock | undefined =>
  clocks.filter((clock) => isOf(clock, target)).at(-1);

const nextSeq = (clocks: readonly Clock[]): number => Math.max(0, ...clocks.map(({ seq }) => seq)) + 1;

/**
 * The clocks of a case after a step. Effects that find nothing to do change nothing: a matter that is passed to somebody
 * else keeps its clocks as they run. The clock of a state lives as long as the case is in it; its record is the log.
 *
 * @param effects what the step does, in order (`clockEffects`, or what the workflow's transition says)
 */
export function stepClocks(
  clocks: readonly Clock[],
  effects: readonly StepEffect[],
  step: ClockStep,
  context: ClockContext,
): readonly Clock[] {
  let next = clocks;
  const change = (target: ClockTarget | null, work: (clock: Clock) => Clock): void => {
    next = next.map((clock) => (isOf(clock, target) ? work(clock) : clock));
  };
  for (const { target, effect } of effects) {
    if (effect === "pause") change(target, (clock) => pause(clock, step, context));
    else if (effect === "resume")
      change(target, (clock) => (mayResume(clock, next, step) ? resume(clock, step.atMs) : clock));
    else if (target === null) next = stateClock(next, effect, step, context);
    else if (effect === "stop") change(target, (clock) => stop(clock, step, context));
    else next = startBusiness(next, target, step, context);
  }
  return next;
}

/** What is paused runs on. Of what has ended only handling is taken up again, by 返工: coming back from 挂账 undoes no end. */
const mayResume = (clock: Clock, clocks: readonly Clock[], { to }: ClockStep): boolean =>
  clock.outcome === null || (clock.target === "handle" && to === "rework" && clock === newest(clocks, "handle"));

function stateClock(
  clocks: readonly Clock[],
  effect: "start" | "stop",
  { to, atMs }: ClockStep,
  { settings, one }: ClockContext,
): readonly Clock[] {
  const business = clocks.filter(({ kind }) => kind !== "state");
  const rule = effect === "start" ? pickStateRule(settings.clockRules, to, one) : undefined;
  return rule ? [begun(rule, 0, atMs), ...business] : business;
}

function startBusiness(
  clocks: readonly Clock[],
  target: ClockTarget,
  { atMs }: ClockStep,
  { settings, one }: ClockContext,
): readonly Clock[] {
  if (clocks.some((clock) => isOf(clock, target) && clock.outcome === null)) return clocks;
  const rule = pickRule(settings.clockRules, target, one);
  return rule ? [...clocks, begun(rule, nextSeq(clocks), atMs)] : clocks;
}

/** Closing is owed before handling, handling before an answer: the last that a case owes decides when it is due. */
const DECIDES: readonly ClockTarget[] = ["close", "handle", "answer"];

/** The business clock that decides when the case is due; undefined for a case without one. Of several the newest. */
export function decidingClock(clocks: readonly Clock[]): Clock | undefined {
  for (const target of DECIDES) {
    const found = newest(clocks, target);
    if (found) return found;
  }
  return undefined;
}

/**
 * When a case is due, epoch ms: null without a clock and while it is paused; null also when all that was owed is an answer
 * or handling, and that came in time: nothing is due any more, and what takes longer is not late.
 */
export function caseDueAt(clocks: readonly Clock[], context: ClockContext): number | null {
  const clock = decidingClock(clocks);
  if (!clock || (clock.outcome === "met" && clock.target !== "close")) return null;
  return dueAt(clock, context);
}

/** True while the clock that decides is paused. */
export const isPaused = (clocks: readonly Clock[]): boolean => (decidingClock(clocks)?.pausedMs ?? null) !== null;

/**
 * Extends the deciding clock of a case, once.
 *
 * @throws CONFLICT when there is nothing to extend any more, BAD_USER_INPUT for a length that the rule does not allow
 */
export function extendClocks(
  clocks: readonly Clock[],
  seconds: number,
  atMs: number,
  context: ClockContext,
): readonly Clock[] {
  const clock = decidingClock(clocks);
  if (!clock || clock.outcome !== null)
    throw refused("this case has no deadline that runs", "Only a running one moves.");
  if (clock.extendedSeconds > 0)
    throw refused("this deadline was extended before", "A deadline is extended once (延期一次).");
  if (judge(clock, atMs, context) === "late")
    throw refused("this deadline has passed", "An extension is asked for before it does.");
  const most = context.settings.clockRules.find(({ key }) => key === clock.rule)?.extendSeconds ?? 0;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > most)
    throw userError(`a deadline of rule "${clock.rule}" is not extended by ${seconds} seconds`, {
      at: "input.seconds",
      hint: most === 0 ? "This rule knows no extension." : `Between 1 and ${most} counted seconds.`,
    });
  return clocks.map((one) => (one === clock ? { ...one, extendedSeconds: seconds } : one));
}

const refused = (message: string, hint: string): AppError =>
  new AppError("USER", message, { code: "CONFLICT", at: "input.id", hint });
