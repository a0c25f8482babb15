import { ENDED_STATES, type IncidentState } from "../model/incident.ts";

/**
 * Forward steps of the canonical machine (domain.md section 2.4): the union of what the named workflows there do, since each
 * leaves out states of its own (七步 has no 受理, 五单 no 报到, 五事 goes from 提事 to 议事). From 核查 a case is closed or sent
 * back, nothing else; 整改 follows 办理 or what comes after it and starts again there, or at 会商 where a workflow has no 办理.
 */
const FORWARD: Readonly<Record<IncidentState, readonly IncidentState[]>> = {
  found: ["accepted", "rejected", "dispatched", "consulted", "handling"],
  accepted: ["dispatched", "arrived", "consulted", "handling"],
  rejected: [],
  dispatched: ["arrived", "consulted", "handling"],
  arrived: ["consulted", "handling"],
  consulted: ["handling", "fed_back", "rework"],
  handling: ["fed_back", "closed", "evaluated", "rework"],
  fed_back: ["verified", "closed", "evaluated", "rework"],
  verified: ["closed", "rework"],
  closed: ["evaluated"],
  evaluated: [],
  void: [],
  on_hold: [],
  rework: ["handling", "consulted"],
  inspection: [],
};

/** 挂账 and 督查: from any open state, and back to the same one. */
export const SIDE_STATES: readonly IncidentState[] = ["on_hold", "inspection"];

/**
 * States that a case may go to from where it is.
 *
 * @param before the state that a case on hold or under inspection came from; null elsewhere, or where it is not known
 */
export function nextStates(from: IncidentState, before: IncidentState | null): readonly IncidentState[] {
  if (SIDE_STATES.includes(from)) return before === null || SIDE_STATES.includes(before) ? ["void"] : [before, "void"];
  if (ENDED_STATES.includes(from)) return FORWARD[from];
  return [...FORWARD[from], ...SIDE_STATES, "void"];
}

/** What a case's clock says; instants are epoch milliseconds, null = none. */
export interface CaseClock {
  readonly dueMs: number | null;
  readonly firstAnswerMs: number | null;
  readonly closedMs: number | null;
}

/**
 * The clock after a step: the first step away from 发现 answers the case, the first ended state closes it, and the time that
 * it was on hold is added to its deadline (挂账 stops the clock and keeps its record, domain.md section 2.4).
 *
 * @param since when the case came into the state that it leaves, epoch ms
 */
export function clockAfter(
  clock: CaseClock,
  step: { readonly from: IncidentState; readonly to: IncidentState; readonly since: number; readonly at: number },
): CaseClock {
  const held = step.from === "on_hold" ? Math.max(step.at - step.since, 0) : 0;
  return {
    dueMs: clock.dueMs === null ? null : clock.dueMs + held,
    firstAnswerMs: clock.firstAnswerMs ?? (step.from === "found" ? step.at : null),
    closedMs: ENDED_STATES.includes(step.to) ? (clock.closedMs ?? step.at) : null,
  };
}
