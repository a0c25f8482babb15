import { ENDED_STATES, type IncidentState, SOLVED_STATES } from "../model/incident.ts";
import type { Role } from "../policy/roles.ts";
import {
  CLOCK_TARGETS,
  type StepDefinition,
  type TransitionClock,
  type TransitionDefinition,
  type WorkflowDefinition,
} from "./definition.ts";

/** Who puts a case aside, sends it back, voids or strikes it: the desk, never the one who handles it in the field. */
const DESK: readonly Role[] = ["dispatcher", "leader"];

const side = (key: string, state: IncidentState, name: string, nameEn: string): StepDefinition => ({
  key,
  name,
  nameEn,
  state,
  side: true,
});

const REJECTED = side("rejected", "rejected", "不予受理", "Refused");
const VOID = side("void", "void", "作废", "Void");
const ON_HOLD = side("on_hold", "on_hold", "挂账", "On hold");
const REWORK = side("rework", "rework", "退回整改", "Rework");
const INSPECTION = side("inspection", "inspection", "督查", "Inspection");

const STATE_CLOCK_STARTS: TransitionClock = { target: null, effect: "start" };
const everyClock = (effect: TransitionClock["effect"]): TransitionClock[] =>
  [null, ...CLOCK_TARGETS].map((target) => ({ target, effect }));

const way = (
  from: StepDefinition,
  to: StepDefinition,
  more: Pick<TransitionDefinition, "name" | "nameEn"> & Partial<TransitionDefinition>,
): TransitionDefinition => ({
  roles: DESK,
  requires: ["reason"],
  clocks: [STATE_CLOCK_STARTS],
  notByHandler: false,
  ...more,
  from: from.key,
  to: to.key,
});

/**
 * Adds what every workflow has (domain.md section 2.4): refusal from the first step; void, on hold and inspection from every
 * open step; rework from the steps where work is or was done; striking off (销号: closed, and off the ledger) from solved
 * ones. On hold pauses all clocks; on hold and inspection lead back to the step they left, whichever that was (`waysOn`).
 *
 * @param main steps in order, each open step before the ended ones, and the ways between them
 * @param reworkTo keys of the steps where work starts again
 */
export function withSideSteps(main: WorkflowDefinition, reworkTo: readonly string[]): WorkflowDefinition {
  const open = main.steps.filter(({ state }) => !ENDED_STATES.includes(state));
  const solved = main.steps.filter(({ state }) => SOLVED_STATES.includes(state));
  const first = main.steps[0];
  const workFrom = open.findIndex(({ key }) => reworkTo.includes(key));
  const again = main.steps.filter(({ key }) => reworkTo.includes(key));
  const struck = solved.map((step): [StepDefinition, StepDefinition] => [
    step,
    side(`struck_${step.key}`, step.state, "销号", "Struck off"),
  ]);
  const stoppable = [...open, REWORK];
  const transitions: TransitionDefinition[] = [];
  if (first) {
    transitions.push(way(first, REJECTED, { name: "不予受理", nameEn: "Refuse", clocks: everyClock("stop") }));
  }
  for (const step of stoppable) {
    transitions.push(
      way(step, ON_HOLD, { name: "挂账", nameEn: "Put on hold", clocks: everyClock("pause") }),
      way(ON_HOLD, step, { name: "恢复", nameEn: "Go on", requires: [], clocks: everyClock("resume") }),
      // Who looks into a case gives nobody more time for it.
      way(step, INSPECTION, { name: "督查", nameEn: "Inspect", clocks: [] }),
      way(INSPECTION, step, { name: "督查毕", nameEn: "Inspected", requires: [], clocks: [] }),
    );
  }
  for (const step of [...stoppable, ON_HOLD, INSPECTION])
    transitions.push(way(step, VOID, { name: "作废", nameEn: "Make void", clocks: everyClock("stop") }));
  for (const step of open.slice(Math.max(workFrom, 0)))
    transitions.push(
      way(step, REWORK, {
        name: "退回整改",
        nameEn: "Send back",
        // The work was not done after all: its clock runs on.
        clocks: [STATE_CLOCK_STARTS, { target: "handle", effect: "resume" }],
      }),
    );
  for (const step of again) {
    const roles: readonly Role[] = ["grid_worker", "dispatcher", "leader"];
    transitions.push(way(REWORK, step, { name: "重新办理", nameEn: "Work again", roles, requires: [] }));
  }
  for (const [step, end] of struck)
    transitions.push(
      way(step, end, { name: "销号", nameEn: "Strike off", requires: ["note"], clocks: [], notByHandler: true }),
    );
  return {
    ...main,
    steps: [...main.steps, REJECTED, ON_HOLD, INSPECTION, REWORK, VOID, ...struck.map(([, end]) => end)],
    transitions: [...main.transitions, ...transitions],
  };
}
