import { clockEffects } from "../clock/effects.ts";
import { bugError } from "../model/errors.ts";
import type { IncidentState } from "../model/incident.ts";
import type { Role } from "../policy/roles.ts";
import type { StepDefinition, StepRequirement, TransitionDefinition, WorkflowDefinition } from "./definition.ts";
import { withSideSteps } from "./side-steps.ts";

/** A main step as it is written down: what it is called, and how one gets there. */
export interface MainStep {
  readonly key: string;
  readonly state: IncidentState;
  readonly name: string;
  readonly nameEn: string;
  /** What whoever takes the step says; the step's own name where absent. */
  readonly by?: readonly [name: string, nameEn: string];
  /** Keys of the steps before it; the one above it where absent. */
  readonly after?: readonly string[];
  /** In place of what the state usually asks for. */
  readonly roles?: readonly Role[];
  readonly requires?: readonly StepRequirement[];
  readonly notByHandler?: boolean;
}

export interface WorkflowSpec {
  readonly key: string;
  readonly version: number;
  readonly name: string;
  readonly nameEn: string;
  readonly steps: readonly MainStep[];
  /** Where rework starts again; where absent, at the first step of 办理, or of 会商 where nothing is handled (六步议事). */
  readonly reworkTo?: readonly string[];
}

const DESK: readonly Role[] = ["dispatcher", "leader"];
const DISPATCHER: readonly Role[] = ["dispatcher"];
/** Whoever works in the field, or writes down what they call in. */
const FIELD: readonly Role[] = ["grid_worker", "dispatcher"];

/** Who usually takes a step into a state, the first of them first, and what it needs. */
const USUAL: Readonly<Partial<Record<IncidentState, readonly [readonly Role[], readonly StepRequirement[]]>>> = {
  accepted: [DISPATCHER, []],
  dispatched: [DESK, ["organisation"]],
  arrived: [FIELD, []],
  consulted: [DESK, []],
  handling: [FIELD, []],
  fed_back: [FIELD, ["resolution"]],
  verified: [DESK, []],
  closed: [DESK, []],
  evaluated: [DESK, ["note"]],
};

/** States in which work is checked or judged: by somebody else than whoever did it (domain.md section 2.4). */
const CHECKED: readonly IncidentState[] = ["verified", "evaluated"];

function wayOf(from: MainStep, to: MainStep): TransitionDefinition {
  const [roles, requires] = USUAL[to.state] ?? [DESK, []];
  // 办结 straight from the work is the handler's own word; after a report of the work it is a check of it.
  const checks = CHECKED.includes(to.state) || (to.state === "closed" && from.state === "fed_back");
  const ownWord = to.state === "closed" && !checks && from.state !== "verified";
  return {
    from: from.key,
    to: to.key,
    name: to.by?.[0] ?? to.name,
    nameEn: to.by?.[1] ?? to.nameEn,
    roles: to.roles ?? (ownWord ? FIELD : roles),
    requires: to.requires ?? (ownWord ? ["resolution"] : requires),
    clocks: clockEffects(from.state, to.state),
    notByHandler: to.notByHandler ?? checks,
  };
}

/**
 * A workflow from its main steps: each follows the one above it unless it says which; side steps are added. Business clocks
 * start when a case is opened, that of arrival when somebody is sent.
 */
export function buildWorkflow({ key, version, name, nameEn, steps, reworkTo }: WorkflowSpec): WorkflowDefinition {
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const transitions = steps.flatMap((step, i) =>
    (step.after ?? steps.slice(i - 1, i).map((before) => before.key)).flatMap((before) => {
      const from = byKey.get(before);
      if (!from) throw bugError(`workflow ${key}: step ${step.key} follows ${before}, which is none of its steps`);
      return [wayOf(from, step)];
    }),
  );
  const definitions = steps.map(
    (step): StepDefinition => ({
      key: step.key,
      name: step.name,
      nameEn: step.nameEn,
      state: step.state,
      side: false,
    }),
  );
  const again = steps.find(({ state }) => state === "handling") ?? steps.find(({ state }) => state === "consulted");
  return withSideSteps(
    { key, version, name, nameEn, steps: definitions, transitions },
    reworkTo ?? (again ? [again.key] : []),
  );
}
