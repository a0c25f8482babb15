import type { IncidentState } from "../model/incident.ts";
import { type ClockContext, decidingClock, stepClocks } from "./case-clocks.ts";
import { clockEffects, type StepEffect } from "./effects.ts";
import type { Clock } from "./model.ts";

/** An entry of a case's log as clocks read it, oldest first. */
export interface ClockEvent {
  readonly fromState: IncidentState | null;
  readonly toState: IncidentState;
  readonly atMs: number;
  readonly note: string | null;
  /** Counted seconds that an entry of kind `extended` added; null for all others. */
  readonly extendedSeconds: number | null;
  /** What the step did to clocks, where its workflow says something else than `clockEffects`. */
  readonly effects?: readonly StepEffect[] | undefined;
}

/** The clocks of a case, replayed from its log: what the table must hold. */
export function clocksOf(events: readonly ClockEvent[], context: ClockContext): readonly Clock[] {
  let clocks: readonly Clock[] = [];
  let state: IncidentState | null = null;
  for (const event of events) {
    if (event.extendedSeconds !== null) {
      const extended = decidingClock(clocks);
      const seconds = event.extendedSeconds;
      clocks = clocks.map((clock) => (clock === extended ? { ...clock, extendedSeconds: seconds } : clock));
    }
    // A log may begin in the middle (imports): its first entry opens the case, whatever it says was before.
    const effects =
      state === null ? clockEffects(null, event.toState) : (event.effects ?? clockEffects(state, event.toState));
    const step = { to: event.toState, atMs: event.atMs, reason: event.note };
    clocks = stepClocks(clocks, effects, step, context);
    state = event.toState;
  }
  return clocks;
}
