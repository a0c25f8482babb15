import { ENDED_STATES, type IncidentState } from "../../model/incident.ts";
import type { Prng } from "../prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./demo-context.ts";
import { TIER_MS } from "./incident-classes.ts";
import type { DrawnCase } from "./incident-draw.ts";
import { type NamedWorkflow, reworkTarget } from "./named-workflows.ts";

export interface HistoryStep {
  readonly state: IncidentState;
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
 * The steps of a case from `found` up to the anchor, times in whole seconds and strictly rising. Every sequence obeys
 * `isAllowedStep` of the workflow.
 */
export function caseHistory(drawn: DrawnCase, workflow: NamedWorkflow, anchorMs: number, prng: Prng): HistoryStep[] {
  const { openedMs } = drawn;
  if (!drawn.valid) {
    const states = invalidStates(workflow, prng);
    const reach = Math.min(prng.range(10 * MINUTE_MS, 10 * HOUR_MS), (anchorMs - openedMs) * 0.9);
    return spreadSteps(states, openedMs, reach, prng);
  }
  const late = prng.chance(LATE_SHARE);
  const limit = TIER_MS[drawn.spec.tier];
  const states = validStates(workflow, late, prng);
  const duration = drawn.heldOpen
    ? (anchorMs - openedMs) * prng.range(1.3, 2.2) + 5 * MINUTE_MS
    : limit * durationRatio(late, prng) * (drawn.severity === "critical" && !late ? 0.6 : 1);
  const steps = spreadSteps(states, openedMs, duration, prng);
  const order = workflow.steps.map((step) => step.state);
  const last = steps.at(-1);
  if (last?.state === "closed" && order.at(-1) === "evaluated" && prng.chance(EVALUATED_SHARE))
    steps.push({ state: "evaluated", atMs: last.atMs + wholeSeconds(prng.range(HOUR_MS, 4 * DAY_MS)) });
  return steps.filter((step) => step.atMs <= anchorMs);
}

/** Part of the deadline that a case takes: mostly well within it, the late ones up to some multiples of it. */
function durationRatio(late: boolean, prng: Prng): number {
  const u = prng.float();
  if (!late) return 0.07 + 0.9 * u * u;
  return (1.02 + 1.6 * u * u) * (prng.chance(0.06) ? 2.5 : 1);
}

function invalidStates(workflow: NamedWorkflow, prng: Prng): IncidentState[] {
  if (prng.chance(0.7)) return ["found", "rejected"];
  const order = workflow.steps.map((step) => step.state);
  return [...order.slice(0, prng.int(1, Math.min(3, order.length - 1))), "void"];
}

/** States up to the first ended one, with now and then a pause, an inspection or a second round. */
function validStates(workflow: NamedWorkflow, late: boolean, prng: Prng): IncidentState[] {
  const order = workflow.steps.map((step) => step.state);
  const end = order.findIndex((state) => ENDED_STATES.includes(state));
  const target = reworkTarget(order);
  const back = order.indexOf(target);
  const states = order.slice(0, end);
  const side: IncidentState | undefined = prng.chance(HOLD_SHARE)
    ? "on_hold"
    : late && prng.chance(INSPECTION_SHARE_OF_LATE)
      ? "inspection"
      : undefined;
  if (side) states.splice(back + 1, 0, side, target);
  if (prng.chance(REWORK_SHARE)) states.push("rework", ...order.slice(back, end));
  return [...states, order[end] as IncidentState];
}

const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** Spreads the states over a duration in proportion to their waits, shaken by half; the last falls on its end. */
function spreadSteps(
  states: readonly IncidentState[],
  openedMs: number,
  durationMs: number,
  prng: Prng,
): HistoryStep[] {
  const waits = states.map((state, i) => (i === 0 ? 0 : WAIT[state] * prng.range(0.5, 1.5)));
  let total = 0;
  for (const wait of waits) total += wait;
  let passed = 0;
  let previous = openedMs - 1000;
  return states.map((state, i) => {
    passed += waits[i] as number;
    const atMs = Math.max(openedMs + wholeSeconds((durationMs * passed) / total), previous + 1000);
    previous = atMs;
    return { state, atMs };
  });
}
