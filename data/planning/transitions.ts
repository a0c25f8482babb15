import { mayAct, type Viewer } from "../policy/viewer.ts";
import type { PlanState, PlanStep } from "./plan.ts";

/** States in which a step may be taken, who takes it, and where it leads; null = the plan stays as it is. */
interface Transition {
  readonly from: readonly PlanState[];
  readonly to: PlanState | null;
  readonly action: "plan" | "approve";
}

export const PLAN_TRANSITIONS: Readonly<Record<PlanStep, Transition>> = {
  save: { from: ["draft", "changes_requested"], to: null, action: "plan" },
  rebase: { from: ["draft", "changes_requested", "submitted", "approved"], to: "draft", action: "plan" },
  submit: { from: ["draft", "changes_requested"], to: "submitted", action: "plan" },
  request_changes: { from: ["submitted", "approved"], to: "changes_requested", action: "approve" },
  approve: { from: ["submitted"], to: "approved", action: "approve" },
  publish: { from: ["approved"], to: "published", action: "plan" },
  withdraw: { from: ["draft", "submitted", "changes_requested", "approved"], to: "withdrawn", action: "plan" },
  revert: { from: ["published"], to: null, action: "plan" },
};

/** What the rules look at of a plan. */
export interface PlanStanding {
  readonly state: PlanState;
  readonly scopeCode: string;
  /** Account of whoever made it. */
  readonly authorId: string | null;
  /** Accounts that changed what it draws since: they are authors too. */
  readonly savedBy: readonly string[];
}

export type PlanRefusal = "state" | "role" | "author";

/**
 * Why a viewer may not take a step; undefined where nothing is against it. Nobody approves what they drew themselves, and
 * tokens and kiosks, which are no people, approve nothing.
 */
export function refusePlanStep(viewer: Viewer | null, plan: PlanStanding, step: PlanStep): PlanRefusal | undefined {
  const { from, action } = PLAN_TRANSITIONS[step];
  if (!mayAct(viewer, action, plan.scopeCode)) return "role";
  if (!from.includes(plan.state)) return "state";
  if (step !== "approve") return undefined;
  const account = viewer?.accountId ?? null;
  return account === null || account === plan.authorId || plan.savedBy.includes(account) ? "author" : undefined;
}
