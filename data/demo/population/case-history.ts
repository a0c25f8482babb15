import { bugError } from "../../model/errors.ts";
import { ENDED_STATES, type IncidentState } from "../../model/incident.ts";
import type { StepDefinition, WorkflowDefinition } from "../../workflow/definition.ts";
import { mainWays, startStep, stepOf, stepOfState } from "../../workflow/walk.ts";
import type { Prng } from "../prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./demo-context.ts";
import { TIER_MS } from "./incident-classes.ts";
import type { DrawnCase } from "./incident-draw.ts";

export interface HistoryStep {
  readonly step: StepDefinition;
  readonly atMs: number;
}

/** Share of cases that take longer than their limit; those of which only an answer is owed are not late by that. */
const LATE_SHARE = 0.125;
const REWORK_SHARE = 0.05;
const HOLD_SHARE = 0.03;
const INSPECTION_SHARE_OF_LATE = 0.2;
/** Where evaluation follows closing, so many residents give one. */
const EVALUATED_SHARE = 0.7;

/** Relative time that passes before a state is reached. */
const WAIT: Record<IncidentState, number> = {
  found: 0,
  accepted: 0.12,
  rejected: 1,
  dispatched: 0.14,
  arrived: 0.4,
  consulted: 0.5,
  handling: 0.35,
  fed_back: 1.6,
  verified: 0.4,
  closed: 0.6,
  evaluated: 0.6,
  void: 0.6,
  on_hold: 0.5,
  rework: 0.4,
  inspection: 0.8,
};

/**
 * The steps of a case from the first up to the anchor, times in whole seconds and strictly rising. Every sequence obeys
 * `isAllowedStep` of the workflow.
 */
export function caseHistory(
  drawn: DrawnCase,
  workflow: WorkflowDefinition,
  anchorMs: number,
  prng: Prng,
): HistoryStep[] {
  const { openedMs } = drawn;
  const path = mainPath(workflow, prng);
  if (!drawn.valid) {
    const steps = invalidSteps(workflow, path, prng);
    const reach = Math.min(prng.range(10 * MINUTE_MS, 10 * HOUR_MS), (anchorMs - openedMs) * 0.9);
    return spreadSteps(steps, openedMs, reach, prng);
  }
  const late = prng.chance(LATE_SHARE);
  const limit = TIER_MS[drawn.spec.tier];
  const valid = validSteps(workflow, path, late, prng);
  const duration = drawn.heldOpen
    ? (anchorMs - openedMs) * prng.range(1.3, 2.2) + 5 * MINUTE_MS
    : limit * durationRatio(late, prng) * (drawn.severity === "critical" && !late ? 0.6 : 1);
  const steps = spreadSteps(valid, openedMs, duration, prng);
  const end = path.at(-1);
  const last = steps.at(-1);
  if (last?.step.state === "closed" && end?.state === "evaluated" && prng.chance(EVALUATED_SHARE))
    steps.push({ step: end, atMs: last.atMs + wholeSeconds(prng.range(HOUR_MS, 4 * DAY_MS)) });
  return steps.filter((one) => one.atMs <= anchorMs);
}

/** The main steps that a case goes through, start to last; where ways part (三级调解), one is drawn. */
function mainPath(workflow: WorkflowDefinition, prng: Prng): StepDefinition[] {
  const path = [startStep(workflow)];
  for (;;) {
    const ways = mainWays(workflow, path.at(-1)?.key ?? "");
    const way = ways.length > 1 ? prng.pick(ways) : ways[0];
    const next = way && stepOf(workflow, way.to);
    if (!next) return path;
    path.push(next);
  }
}

/** Part of the deadline that a case takes: mostly well within it, the late ones up to some multiples of it. */
function durationRatio(late: boolean, prng: Prng): number {
  const u = prng.float();
  if (!late) return 0.07 + 0.9 * u * u;
  return (1.02 + 1.6 * u * u) * (prng.chance(0.06) ? 2.5 : 1);
}

/** The one step of a side state, as every workflow has it. */
function sideStep(workflow: WorkflowDefinition, state: IncidentState): StepDefinition {
  const step = stepOfState(workflow, state);
  if (step) return step;
  throw bugError(`workflow ${workflow.key} has no step for ${state}`);
}

function invalidSteps(workflow: WorkflowDefinition, path: readonly StepDefinition[], prng: Prng): StepDefinition[] {
  if (prng.chance(0.7)) return [...path.slice(0, 1), sideStep(workflow, "rejected")];
  return [...path.slice(0, prng.int(1, Math.min(3, path.length - 1))), sideStep(workflow, "void")];
}

/** Steps up to the first ended one, with now and then a pause, an inspection or a second round. */
function validSteps(
  workflow: WorkflowDefinition,
  path: readonly StepDefinition[],
  late: boolean,
  prng: Prng,
): StepDefinition[] {
  const end = path.findIndex(({ state }) => ENDED_STATES.includes(state));
  const rework = sideStep(workflow, "rework");
  const again = mainWays(workflow, rework.key);
  const back = path.findIndex(({ key }) => again.some(({ to }) => to === key));
  const steps = path.slice(0, end);
  const side: IncidentState | undefined = prng.chance(HOLD_SHARE)
    ? "on_hold"
    : late && prng.chance(INSPECTION_SHARE_OF_LATE)
      ? "inspection"
      : undefined;
  if (side) steps.splice(back + 1, 0, sideStep(workflow, side), ...path.slice(back, back + 1));
  if (prng.chance(REWORK_SHARE)) steps.push(rework, ...path.slice(back, end));
  return [...steps, ...path.slice(end, end + 1)];
}

const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** Spreads the steps over a duration in proportion to their waits, shaken by half; the last falls on its end. */
function spreadSteps(
  steps: readonly StepDefinition[],
  openedMs: number,
  durationMs: number,
  prng: Prng,
): HistoryStep[] {
  const waits = steps.map(({ state }, i) => (i === 0 ? 0 : WAIT[state] * prng.range(0.5, 1.5)));
  let total = 0;
  for (const wait of waits) total += wait;
  let passed = 0;
  let previous = openedMs - 1000;
  return steps.map((step, i) => {
    passed += waits[i] as number;
    const atMs = Math.max(openedMs + wholeSeconds((durationMs * passed) / total), previous + 1000);
    previous = atMs;
    return { step, atMs };
  });
}
