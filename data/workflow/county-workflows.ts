import { bugError } from "../model/errors.ts";
import type { IncidentSource, IncidentState } from "../model/incident.ts";
import type { StepDefinition, WorkflowDefinition } from "./definition.ts";
import type { CountyProcess } from "./process.ts";
import { startStep, stepOf, stepOfState } from "./walk.ts";
import { SHIPPED_WORKFLOWS } from "./workflows/registry.ts";
import { STANDARD } from "./workflows/standard.ts";

/** What a case is placed in its workflow by; `workflow` and `step` are null where an import told neither. */
export interface PlacedCase {
  readonly classCode: string;
  readonly source: IncidentSource;
  readonly state: IncidentState;
  readonly workflow: string | null;
  readonly step: string | null;
}

/** A case's place in its workflow. */
export interface CasePlace {
  readonly workflow: WorkflowDefinition;
  readonly step: StepDefinition;
}

/** The workflows of a county in its own words. */
export interface CountyWorkflows {
  readonly process: CountyProcess;
  /** Those that new cases walk, the default first. */
  readonly all: readonly WorkflowDefinition[];
  /** The workflow that a new case walks. */
  choose(newCase: Pick<PlacedCase, "classCode" | "source">): WorkflowDefinition;
  /** Where a case is. A step or workflow that is no longer there is read as the state's first step. */
  place(one: PlacedCase): CasePlace;
}

/** A workflow with a county's words in place of its own; a way that is called like its step is renamed with it. */
function inWordsOf(process: CountyProcess, workflow: WorkflowDefinition): WorkflowDefinition {
  const words = process.words[workflow.key];
  if (!words) return workflow;
  const steps = workflow.steps.map((step) => ({ ...step, ...words[step.key] }));
  const transitions = workflow.transitions.map((way) => {
    const own = words[way.to];
    return own && way.name === stepOf(workflow, way.to)?.name ? { ...way, ...own } : way;
  });
  return { ...workflow, steps, transitions };
}

const fits = (
  { sources, classes }: CountyProcess["workflows"][number],
  { classCode, source }: Pick<PlacedCase, "classCode" | "source">,
): boolean =>
  (sources.length === 0 || sources.includes(source)) &&
  (classes.length === 0 || classes.some((prefix) => classCode.startsWith(prefix)));

/**
 * The workflows of a county's process.
 *
 * @throws BUG for a process that `validateProcess` refuses
 */
export function countyWorkflows(process: CountyProcess): CountyWorkflows {
  const known = new Map(
    [...SHIPPED_WORKFLOWS, ...process.ownWorkflows].map((workflow) => [workflow.key, inWordsOf(process, workflow)]),
  );
  const byKey = (key: string): WorkflowDefinition => {
    const workflow = known.get(key);
    if (workflow) return workflow;
    throw bugError(`the process names workflow ${key}, which there is not`);
  };
  const keys = new Set([process.defaultWorkflow, ...process.workflows.map(({ workflow }) => workflow)]);
  const choose: CountyWorkflows["choose"] = (newCase) =>
    byKey(process.workflows.find((choice) => fits(choice, newCase))?.workflow ?? process.defaultWorkflow);
  return {
    process,
    all: [...keys].map(byKey),
    choose,
    place: (one) => {
      const workflow = (one.workflow === null ? undefined : known.get(one.workflow)) ?? choose(one);
      const step = one.step === null ? undefined : stepOf(workflow, one.step);
      if (step?.state === one.state) return { workflow, step };
      const first = stepOfState(workflow, one.state);
      if (first) return { workflow, step: first };
      // The standard workflow has a step for every state.
      return { workflow: STANDARD, step: stepOfState(STANDARD, one.state) ?? startStep(STANDARD) };
    },
  };
}
