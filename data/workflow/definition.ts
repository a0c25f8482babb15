import type { IncidentState } from "../model/incident.ts";
import type { Role } from "../policy/roles.ts";

/** What a step needs before it is taken: a remark, a reason, a unit, a post, what was done. */
export const STEP_REQUIREMENTS = ["note", "reason", "organisation", "post", "resolution"] as const;
export type StepRequirement = (typeof STEP_REQUIREMENTS)[number];

/** Which clock: how long a case may stay in its state, or how long the matter may take to reach a target. */
export const CLOCK_KINDS = ["state", "business"] as const;
export type ClockKind = (typeof CLOCK_KINDS)[number];

/** What a business clock runs towards: first answer, somebody there, work done, closed. An answer is not a solution. */
export const CLOCK_TARGETS = ["answer", "arrive", "handle", "close"] as const;
export type ClockTarget = (typeof CLOCK_TARGETS)[number];

export const CLOCK_EFFECTS = ["start", "stop", "pause", "resume"] as const;
export type ClockEffect = (typeof CLOCK_EFFECTS)[number];

/** Levels that a case may rise to: 网格, 社区, 镇街, 县区. */
export const ESCALATION_LEVELS = ["grid", "community", "town", "county"] as const;
export type EscalationLevel = (typeof ESCALATION_LEVELS)[number];

/** A step of a workflow. Several steps may stand for one canonical state (议事 and 决事 are both `consulted`). */
export interface StepDefinition {
  /** Key within the workflow. */
  readonly key: string;
  /** The county's word. */
  readonly name: string;
  readonly nameEn: string;
  readonly state: IncidentState;
  /** Void, on hold, rework, inspection, struck off: made by `withSideSteps`. */
  readonly side: boolean;
}

/** What a transition does to the clock of a target; null = the clock of the state, which starts anew with every step. */
export interface TransitionClock {
  readonly target: ClockTarget | null;
  readonly effect: ClockEffect;
}

/** A way from one step to another. */
export interface TransitionDefinition {
  readonly from: string;
  readonly to: string;
  /** What whoever does it says, for example 派单. */
  readonly name: string;
  readonly nameEn: string;
  /** Roles that may; the reporter's evaluation has the desk's roles too, who write down what they were told. */
  readonly roles: readonly Role[];
  readonly requires: readonly StepRequirement[];
  readonly clocks: readonly TransitionClock[];
  /** Nobody verifies their own work. */
  readonly notByHandler: boolean;
}

/**
 * A named workflow as data: a county's words and rules on the canonical states (domain.md section 2.4). The first step is
 * where every case begins.
 */
export interface WorkflowDefinition {
  readonly key: string;
  /** Counts changes of the definition; a case keeps walking under the newest. */
  readonly version: number;
  readonly name: string;
  readonly nameEn: string;
  /** In order, side steps last. */
  readonly steps: readonly StepDefinition[];
  readonly transitions: readonly TransitionDefinition[];
}
