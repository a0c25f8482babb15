import type { PlanEventKind, PlanState, PlanStep } from "../../../data/planning/plan.ts";
import { PLAN_TRANSITIONS } from "../../../data/planning/transitions.ts";
import type { Transaction } from "../../../db/driver.ts";
import { type PlanRow, setPlanState } from "../../../db/repositories/plan-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { PlanStepInput } from "../../generated/resolvers-types.ts";
import { once } from "../flow/once.ts";
import { checkLine, requireLine } from "../flow/step-input.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { required } from "../required.ts";
import { readPlan, requirePlan, requirePlanStep } from "./read-plan.ts";
import { lockSeenPlan, recordPlan } from "./record-plan.ts";

type ReviewStep = Extract<PlanStep, "submit" | "request_changes" | "approve" | "withdraw">;

const EVENTS: Readonly<Record<ReviewStep, PlanEventKind>> = {
  submit: "submitted",
  request_changes: "changes_requested",
  approve: "approved",
  withdraw: "withdrawn",
};

/**
 * Takes a step of a review, once per client's key.
 *
 * @param check what else must hold of the locked plan; it throws
 * @throws FORBIDDEN for another role and the author's own approval, CONFLICT in another state or at another revision
 */
export async function stepPlan(
  context: RequestContext,
  input: PlanStepInput,
  step: ReviewStep,
  check: (tx: Transaction, plan: PlanRow) => Promise<void> = async () => {},
): Promise<PlanRow> {
  const key = checkKey(input.key);
  const plan = await requirePlan(context, input.id, "input.id");
  const viewer = requirePlanStep(context, plan, step, "input.id");
  const note =
    step === "request_changes"
      ? requireLine(input.note, "input.note", "Say what should be changed.")
      : checkLine(input.note, "input.note");
  const { county, id } = plan;
  const { key: _, ...asked } = input;
  await changingCases(context, county, (tx) =>
    once(tx, context, { county, actor: viewer.actor, key, content: [step, asked] }, { plan: id }, async () => {
      const now = await lockSeenPlan(tx, plan, input.revision);
      requirePlanStep(context, now, step, "input.id");
      await check(tx, now);
      const state: PlanState = required(PLAN_TRANSITIONS[step].to ?? undefined, `state after ${step}`);
      await setPlanState(tx, county, id, {
        state,
        at: nowIso(context),
        approvedName: step === "approve" ? viewer.name : null,
        effectiveOn: null,
      });
      await recordPlan(tx, context, {
        viewer,
        plan,
        revision: now.revision,
        action: `plan.${step}`,
        event: { kind: EVENTS[step], text: note },
      });
    }),
  );
  return readPlan(context, county, id);
}
