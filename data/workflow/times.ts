import { ENDED_STATES, type IncidentState } from "../model/incident.ts";
import type { TransitionDefinition } from "./definition.ts";

/** What a case says of its times; instants are epoch milliseconds, null = none. Its clocks say when it is due. */
export interface CaseTimes {
  readonly firstAnswerMs: number | null;
  readonly closedMs: number | null;
}

/** The times after a step: the step that stops the clock of the answer answers the case, the first ended state closes it. */
export function timesAfter(
  times: CaseTimes,
  way: Pick<TransitionDefinition, "clocks">,
  step: { readonly to: IncidentState; readonly at: number },
): CaseTimes {
  const answers = way.clocks.some(({ target, effect }) => target === "answer" && effect === "stop");
  return {
    // A refusal stops every clock; it is an answer all the same.
    firstAnswerMs: times.firstAnswerMs ?? (answers ? step.at : null),
    closedMs: ENDED_STATES.includes(step.to) ? (times.closedMs ?? step.at) : null,
  };
}
