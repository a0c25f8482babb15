import { codeRange } from "../../../data/model/codes.ts";
import { AppError, notFound } from "../../../data/model/errors.ts";
import { PLAN_STEPS, type PlanState, type PlanStep } from "../../../data/planning/plan.ts";
import { refusePlanStep } from "../../../data/planning/transitions.ts";
import { mayReadIn, type Viewer } from "../../../data/policy/viewer.ts";
import {
  countPlans,
  listPlans,
  type PlanListFilter,
  type PlanRow,
  plansById,
} from "../../../db/repositories/plan-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import { decodeTextCursor, makePage, type Page, pageSize } from "../page.ts";
import { requireViewer } from "../report/actor.ts";
import { requireCountyOf, requireGlobalId, requireInside } from "../require.ts";

/** A plan that the viewer may see. @throws NOT_FOUND for one that lies outside, as if it were not there */
export async function requirePlan(context: RequestContext, text: string, at = "id"): Promise<PlanRow> {
  const { county, id } = requireGlobalId(text, "Plan", at);
  await requireCountyOf(context, county, "such plan", at);
  const found = await inCounty(context, county, (tx) => plansById(tx, county, [id]));
  const plan = found.get(id);
  if (plan && mayReadIn(context.viewer, "plan", plan.scopeCode)) return plan;
  throw notFound("there is no such plan", { at });
}

/** Plans of an area, changed last first. */
export async function plansInside(
  context: RequestContext,
  wanted: {
    readonly inside: string;
    readonly states?: readonly PlanState[] | null | undefined;
    readonly mine?: boolean | null | undefined;
  },
  first: number | null | undefined,
  after: string | null | undefined,
): Promise<Page<PlanRow>> {
  const { county } = await requireInside(context, wanted.inside, nowIso(context), "plan");
  const size = pageSize(first);
  const key = decodeTextCursor("plans", after, 2);
  const filter: PlanListFilter = {
    ...codeRange(wanted.inside),
    states: wanted.states,
    // A token or kiosk draws nothing: it has no plans of its own.
    editor: wanted.mine ? (context.viewer?.accountId ?? "") : undefined,
  };
  const rows = await inCounty(context, county, (tx) => listPlans(tx, county, filter, key, size + 1));
  return makePage(
    "plans",
    rows,
    size,
    ({ updatedAt, id }) => [updatedAt, id],
    () => inCounty(context, county, (tx) => countPlans(tx, county, filter)),
  );
}

const standing = (plan: PlanRow) => ({ ...plan, savedBy: plan.editors });

/** Steps that a viewer may take now. */
export const stepsOf = (viewer: Viewer | null, plan: PlanRow): PlanStep[] =>
  PLAN_STEPS.filter((step) => refusePlanStep(viewer, standing(plan), step) === undefined);

const REASONS: Readonly<Record<PlanStep, string>> = {
  save: "drawn on",
  rebase: "taken over to later boundaries",
  submit: "handed in",
  request_changes: "sent back",
  approve: "approved",
  publish: "published",
  withdraw: "given up",
  revert: "reverted",
};

/** @throws FORBIDDEN for another role or the author's own approval, CONFLICT in a state from which the step does not go */
export function requirePlanStep(context: RequestContext, plan: PlanRow, step: PlanStep, at: string): Viewer {
  const viewer = requireViewer(context, at);
  const refusal = refusePlanStep(viewer, standing(plan), step);
  if (refusal === "role")
    throw new AppError("USER", `the role ${viewer.role} may not do this to the plan`, {
      code: "FORBIDDEN",
      at,
      hint: "Planners of the area draw, hand in and publish; leaders and other planners review.",
    });
  if (refusal === "author")
    throw new AppError("USER", "nobody approves what they drew themselves", {
      code: "FORBIDDEN",
      at,
      hint: "Ask a leader or another planner of the area to review it.",
    });
  if (refusal === "state")
    throw new AppError("USER", `a plan in state ${plan.state} cannot be ${REASONS[step]}`, {
      code: "CONFLICT",
      at,
      hint: "Read it again: Plan.steps says what can be done now.",
    });
  return viewer;
}

/** A plan as its viewer sees it now, after a change of it. */
export async function readPlan(context: RequestContext, county: string, id: string): Promise<PlanRow> {
  const plan = (await inCounty(context, county, (tx) => plansById(tx, county, [id]))).get(id);
  if (plan) return plan;
  throw notFound("there is no such plan", { at: "input" });
}
