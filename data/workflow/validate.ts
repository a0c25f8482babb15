import { dataError } from "../model/errors.ts";
import { ENDED_STATES, SOLVED_STATES } from "../model/incident.ts";
import { ACT } from "../policy/policy.ts";
import { isRole } from "../policy/roles.ts";
import {
  CLOCK_EFFECTS,
  CLOCK_TARGETS,
  STEP_REQUIREMENTS,
  type StepDefinition,
  type TransitionDefinition,
  type WorkflowDefinition,
} from "./definition.ts";
import type { CountyProcess } from "./process.ts";
import { RETURNING_STATES } from "./walk.ts";
import { SHIPPED_WORKFLOWS } from "./workflows/registry.ts";

const isOpen = ({ state }: StepDefinition): boolean => !ENDED_STATES.includes(state);

/** Steps that can be reached along ways, from some steps on. */
function reached(from: readonly string[], ways: readonly (readonly [from: string, to: string])[]): Set<string> {
  const seen = new Set(from);
  const queue = [...seen];
  for (let key = queue.pop(); key !== undefined; key = queue.pop())
    for (const [before, after] of ways)
      if (before === key && !seen.has(after)) {
        seen.add(after);
        queue.push(after);
      }
  return seen;
}

/** What is wrong with one way, each as a sentence without the workflow's name. */
function faultsOfWay(way: TransitionDefinition, steps: ReadonlyMap<string, StepDefinition>): string[] {
  const label = `way ${way.from} → ${way.to}`;
  const [from, to] = [steps.get(way.from), steps.get(way.to)];
  const faults: string[] = [];
  if (!from) faults.push(`${label}: there is no step ${way.from}`);
  if (!to) faults.push(`${label}: there is no step ${way.to}`);
  if (way.from === way.to) faults.push(`${label}: a step does not follow itself`);
  if (way.roles.length === 0) faults.push(`${label}: nobody may take it`);
  for (const role of way.roles) {
    if (!isRole(role)) faults.push(`${label}: there is no role ${role}`);
    else if (!ACT.move.includes(role)) faults.push(`${label}: the role ${role} moves no cases`);
  }
  for (const one of way.requires)
    if (!STEP_REQUIREMENTS.includes(one)) faults.push(`${label}: "${one}" is nothing that can be required`);
  for (const { target, effect } of way.clocks)
    if ((target !== null && !CLOCK_TARGETS.includes(target)) || !CLOCK_EFFECTS.includes(effect))
      faults.push(`${label}: a clock of ${target} cannot ${effect}`);
  if (!from || !to) return faults;
  if (!isOpen(from) && isOpen(to)) faults.push(`${label}: an ended case does not open again`);
  if ((from.state === "rejected" || from.state === "void") && !isOpen(to))
    faults.push(`${label}: nothing follows a case that is ${from.state}`);
  if (to.state === "verified" && !RETURNING_STATES.includes(from.state) && !way.notByHandler)
    faults.push(`${label}: whoever handles a case may verify it; set notByHandler`);
  if (to.state === "on_hold" && !way.clocks.some(({ target, effect }) => target === null && effect === "pause"))
    faults.push(`${label}: on hold pauses no clock`);
  if (to.state === "on_hold" && !way.requires.includes("reason")) faults.push(`${label}: on hold needs a reason`);
  if (from.state === "verified" && !["closed", "rework", "void", ...RETURNING_STATES].includes(to.state))
    faults.push(`${label}: from 核查 a case is closed or sent back, nothing else`);
  return faults;
}

/**
 * What is wrong with a workflow, each fault a sentence that names the step or way; empty when it is sound: one start, every
 * step reachable, an end within reach of every open step, roles and requirements that exist, cases can be put on hold and
 * made void from every open step, nobody verifies their own work.
 */
export function workflowFaults(workflow: WorkflowDefinition): string[] {
  const { steps, transitions } = workflow;
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const faults: string[] = [];
  const start = steps[0];
  if (!start) return ["it has no steps"];
  if (byKey.size < steps.length) {
    const keys = steps.map(({ key }) => key);
    faults.push(`two steps are called ${keys.find((key, i) => keys.indexOf(key) !== i)}`);
  }
  if (start.state !== "found")
    faults.push(`step ${start.key} is the first, and its state is ${start.state}, not found`);
  for (const step of steps.slice(1))
    if (step.state === "found") faults.push(`step ${step.key} is a second start: its state is found`);
  const pairs = new Set<string>();
  for (const way of transitions) {
    faults.push(...faultsOfWay(way, byKey));
    const pair = `${way.from} → ${way.to}`;
    if (pairs.has(pair)) faults.push(`way ${pair} is there twice`);
    pairs.add(pair);
  }
  // Coming back from hold reaches nothing that was not reached before; being made void is no way out of a dead end.
  const returns = new Set(steps.filter(({ state }) => RETURNING_STATES.includes(state)).map(({ key }) => key));
  const onward = transitions.filter(({ from, to }) => !returns.has(from) || byKey.get(to)?.state === "void");
  const fromStart = reached(
    [start.key],
    onward.map(({ from, to }) => [from, to]),
  );
  const forward = onward.filter(({ to }) => byKey.get(to)?.state !== "void").map(({ from, to }) => [to, from] as const);
  const ends = steps.filter(({ state }) => SOLVED_STATES.includes(state)).map(({ key }) => key);
  const toEnd = reached(ends, forward);
  if (ends.length === 0) faults.push("no step ends it: none is closed or evaluated");
  for (const step of steps) {
    if (!fromStart.has(step.key)) faults.push(`step ${step.key} is never reached`);
    if (!isOpen(step)) continue;
    const out = transitions.filter(({ from }) => from === step.key);
    if (!RETURNING_STATES.includes(step.state) && !toEnd.has(step.key))
      faults.push(`step ${step.key} is a dead end: no way from it leads to an end`);
    if (!out.some(({ to }) => byKey.get(to)?.state === "void")) faults.push(`step ${step.key} cannot be made void`);
    if (RETURNING_STATES.includes(step.state)) {
      for (const before of transitions.filter(({ to }) => to === step.key))
        if (!out.some(({ to }) => to === before.from))
          faults.push(`step ${step.key} is a dead end for a case that came from ${before.from}: no way leads back`);
    } else if (!out.some(({ to }) => byKey.get(to)?.state === "on_hold"))
      faults.push(`step ${step.key} cannot be put on hold`);
  }
  return faults;
}

/**
 * Refuses a workflow that cannot be walked.
 *
 * @throws DATA with workflow and step, all faults in one message
 */
export function validateWorkflow(workflow: WorkflowDefinition): void {
  const faults = workflowFaults(workflow);
  if (faults.length > 0)
    throw dataError(`workflow ${workflow.key} (${workflow.name}) cannot be walked: ${faults.join("; ")}`, {
      at: workflow.key,
      hint: "Correct the definition; data/workflow/README.md says what must hold.",
    });
}

/**
 * Refuses a county's process whose workflows cannot be walked, or that names what it does not have.
 *
 * @param county code, for the message
 * @throws DATA
 */
export function validateProcess(county: string, process: CountyProcess): void {
  const refuse = (what: string): never => {
    throw dataError(`the process of county ${county} ${what}`, {
      at: `county_process ${county}`,
      hint: "Correct the county's process; data/workflow/process.ts describes it.",
    });
  };
  const workflows = [...SHIPPED_WORKFLOWS, ...process.ownWorkflows];
  const byKey = new Map(workflows.map((workflow) => [workflow.key, workflow]));
  if (byKey.size < workflows.length) refuse("gives a workflow the key of another one");
  for (const workflow of workflows) validateWorkflow(workflow);
  for (const key of [process.defaultWorkflow, ...process.workflows.map(({ workflow }) => workflow)])
    if (!byKey.has(key)) refuse(`names workflow ${key}, which there is not`);
  for (const [key, words] of Object.entries(process.words))
    for (const step of Object.keys(words))
      if (!byKey.get(key)?.steps.some((one) => one.key === step))
        refuse(`has words for step ${step} of workflow ${key}, which there is not`);
  const calendars = new Set(["always", ...process.calendars.map(({ key }) => key)]);
  for (const rule of process.clockRules)
    if (!calendars.has(rule.calendar))
      refuse(`has a clock rule ${rule.key} in calendar ${rule.calendar}, which there is not`);
}
