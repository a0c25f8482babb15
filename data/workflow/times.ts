import { ENDED_STATES, type IncidentState } from "../model/incident.ts";
import type { TransitionDefinition } from "./definition.ts";

/** What a case says of its times; instants are epoch milliseconds, null = none. */
export interface CaseTimes {
  readonly dueMs: number | null;
  readonly firstAnswerMs: number | null;
  readonly closedMs: number | null;
}

/**
 * The times after a step: the step that stops the clock of the answer answers the case, the first ended state closes it, and
 * the time that it was on hold is added to its deadline (挂账 stops the clock and keeps its record, domain.md section 2.4).
 *
 * @param since when the case came into the state that it leaves, epoch ms
 */
export function timesAfter(
  times: CaseTimes,
  way: Pick<TransitionDefinition, "clocks">,
  step: { readonly from: IncidentState; readonly to: IncidentState; readonly since: number; readonly at: number },
): CaseTimes {
  const held = step.from === "on_hold" ? Math.max(step.at - step.since, 0) : 0;
  const answers = way.clocks.some(({ target, effect }) => target === "answer" && effect === "stop");
  return {
    dueMs: times.dueMs === null ? null : times.dueMs + held,
    firstAnswerMs: times.firstAnswerMs ?? (answers ? step.at : null),
    closedMs: ENDED_STATES.includes(step.to) ? (times.closedMs ?? step.at) : null,
  };
}
