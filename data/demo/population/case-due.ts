import { type ClockContext, caseDueAt } from "../../clock/case-clocks.ts";
import { clocksOf } from "../../clock/clocks-of.ts";
import { processOfDemo } from "../../workflow/processes/registry.ts";
import type { DemoProfile } from "../profile.ts";
import type { HistoryStep } from "./case-history.ts";
import type { DrawnCase } from "./incident-draw.ts";

/**
 * When cases of a county are due by the rules of its own process, after the steps that they took; epoch ms, null while a
 * case is on hold and where nothing is owed any more.
 */
export function dueByRules(profile: DemoProfile): (drawn: DrawnCase, steps: readonly HistoryStep[]) => number | null {
  const settings = processOfDemo(profile.slug);
  const { timezone } = profile.profile;
  return ({ spec, severity, source }, steps) => {
    const context: ClockContext = { settings, timezone, one: { classCode: spec.code, severity, source } };
    const log = steps.map(({ step, atMs }, k) => ({
      fromState: steps[k - 1]?.step.state ?? null,
      toState: step.state,
      atMs,
      note: null,
      extendedSeconds: null,
    }));
    return caseDueAt(clocksOf(log, context), context);
  };
}
