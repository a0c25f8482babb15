import { bugError } from "../model/errors.ts";
import { ENDED_STATES, type IncidentState } from "../model/incident.ts";
import type { Role } from "../policy/roles.ts";
import type { StepDefinition, TransitionDefinition, WorkflowDefinition } from "./definition.ts";

/** 挂账 and 督查: a case comes back to the step that it left. */
export const RETURNING_STATES: readonly IncidentState[] = ["on_hold", "inspection"];

/** The step where every case begins. */
export function startStep(workflow: WorkflowDefinition): StepDefinition {
  const first = workflow.steps[0];
  if (first) return first;
  throw bugError(`workflow ${workflow.key} has no steps`);
}

export const stepOf = (workflow: WorkflowDefinition, key: string): StepDefinition | undefined =>
  workflow.steps.find((step) => step.key === key);

/** The first step of a state; undefined where the workflow has none. */
export const stepOfState = (workflow: WorkflowDefinition, state: IncidentState): StepDefinition | undefined =>
  workflow.steps.find((step) => step.state === state);

/**
 * The ways on from a step.
 *
 * @param cameFrom step that the case was at before this one; from 挂账 and 督查 nothing else is come back to. Null where it is
 * not known (an import): then the case begins again at the start.
 */
export function waysOn(workflow: WorkflowDefinition, step: string, cameFrom: string | null): TransitionDefinition[] {
  const ways = workflow.transitions.filter(({ from }) => from === step);
  const at = stepOf(workflow, step);
  if (!at || !RETURNING_STATES.includes(at.state)) return ways;
  const back = cameFrom !== null && stepOf(workflow, cameFrom) ? cameFrom : startStep(workflow).key;
  return ways.filter(({ to }) => to === back || stepOf(workflow, to)?.state === "void");
}

/**
 * Whether a case may go through steps in this order, at one position of it: the rule of `waysOn`, over a whole history.
 *
 * @param keys keys of steps, oldest first
 */
export function isAllowedStep(workflow: WorkflowDefinition, keys: readonly string[], position: number): boolean {
  const to = keys[position];
  const from = keys[position - 1];
  if (to === undefined) return false;
  if (from === undefined) return position === 0 && to === startStep(workflow).key;
  return waysOn(workflow, from, keys[position - 2] ?? null).some((way) => way.to === to);
}

/** Ways that lead on through the main steps, none aside. */
export const mainWays = (workflow: WorkflowDefinition, step: string): TransitionDefinition[] =>
  workflow.transitions.filter(({ from, to }) => from === step && stepOf(workflow, to)?.side === false);

/**
 * The role whose inbox a case waits in at a step: who usually takes the next main step; the desk where none is left but side
 * ways. Null when the case has ended.
 */
export function inboxRole(workflow: WorkflowDefinition, step: string): Role | null {
  const at = stepOf(workflow, step);
  if (!at || ENDED_STATES.includes(at.state)) return null;
  return mainWays(workflow, step)[0]?.roles[0] ?? "dispatcher";
}
