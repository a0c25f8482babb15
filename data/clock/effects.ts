import { ENDED_STATES, INVALID_STATES, type IncidentState, SOLVED_STATES } from "../model/incident.ts";
import type { ClockTarget } from "./model.ts";

/** What a step does to a clock; `target` null is the clock of the state. */
export interface StepEffect {
  readonly target: ClockTarget | null;
  readonly effect: "start" | "stop" | "pause" | "resume";
}

/** States in which the work at hand is done. */
const DONE_STATES: readonly IncidentState[] = ["fed_back", "verified", ...SOLVED_STATES];
/** States that somebody has to be there for. */
const THERE_STATES: readonly IncidentState[] = ["arrived", "consulted", "handling", ...DONE_STATES];
/** 挂账 and 督查: a case comes back from them to where it was, and so does the clock of its state. */
const ASIDE: readonly IncidentState[] = ["on_hold", "inspection"];

const EVERY: readonly (ClockTarget | null)[] = [null, "answer", "arrive", "handle", "close"];

/**
 * What a step does to the clocks of a case. It follows from the canonical states alone, whatever the workflow calls them:
 * so the clocks of a log can be replayed without the workflow that the case walked.
 *
 * - opening starts answer, handle and close; 派遣 starts arrive;
 * - whatever follows 发现 but a side state or a refusal answers the case;
 * - 挂账 pauses every clock that runs, and coming back lets them run on; 督查 stops none;
 * - 返工 lets the clock of handling run on where it stopped: the work was not done;
 * - 作废 and 不予受理 end all clocks without a verdict (the effect is `stop`);
 * - the clock of the state starts anew with each step, except to side states and back.
 *
 * Effects on clocks that a case does not have, or that are so already, do nothing.
 *
 * @param from null when the case is opened
 */
export function clockEffects(from: IncidentState | null, to: IncidentState): StepEffect[] {
  if (from === to) return [];
  const all = (effect: StepEffect["effect"]): StepEffect[] => EVERY.map((target) => ({ target, effect }));
  const effects: StepEffect[] = [];
  if (from === null) effects.push(...(["answer", "handle", "close"] as const).map((target) => start(target)));
  if (INVALID_STATES.includes(to)) return [...effects, ...all("stop")];
  // Before the rest: what ends or stops below must have run on.
  if (from === "on_hold") effects.push(...all("resume"));
  if (to === "on_hold") return [...effects, ...all("pause")];
  if (to === "inspection") return from === null ? [...effects, start(null)] : effects;
  const unanswered = from === null || from === "found" || ASIDE.includes(from);
  if (unanswered && to !== "found") effects.push({ target: "answer", effect: "stop" });
  if (to === "dispatched" && from !== "on_hold" && from !== "inspection") effects.push(start("arrive"));
  if (to === "rework" && from !== "on_hold") effects.push({ target: "handle", effect: "resume" });
  const was = (states: readonly IncidentState[]): boolean => from !== null && states.includes(from);
  if (THERE_STATES.includes(to) && !was(THERE_STATES)) effects.push({ target: "arrive", effect: "stop" });
  if (DONE_STATES.includes(to) && !was(DONE_STATES)) effects.push({ target: "handle", effect: "stop" });
  if (SOLVED_STATES.includes(to) && !was(SOLVED_STATES)) effects.push({ target: "close", effect: "stop" });
  if (ENDED_STATES.includes(to)) effects.push({ target: null, effect: "stop" });
  else if (from === null || !ASIDE.includes(from)) effects.push(start(null));
  return effects;
}

const start = (target: ClockTarget | null): StepEffect => ({ target, effect: "start" });
