import { touchedCells } from "../../../data/planning/after-plan.ts";
import { type PlanLineage, planLineage } from "../../../data/planning/lineage.ts";
import { groundPieces } from "../../../data/planning/moved-ground.ts";
import type { PlanIssue } from "../../../data/planning/referee.ts";
import { isSmallCount } from "../../../data/policy/small-households.ts";
import { lineageOfPlan } from "../../../db/repositories/lineage-repository.ts";
import { LATEST, planCells } from "../../../db/repositories/plan-base-repository.ts";
import { changesOfPlans, type PlanRow } from "../../../db/repositories/plan-repository.ts";
import { inCounty, type RequestContext } from "../../context.ts";
import { baseCells, judgePlan } from "./referee-plan.ts";

const OVER: ReadonlySet<PlanRow["state"]> = new Set(["published", "withdrawn"]);

/** What is to be said of an open plan; a published or withdrawn one is judged no more. */
export async function issuesOf(context: RequestContext, plan: PlanRow): Promise<readonly PlanIssue[]> {
  if (OVER.has(plan.state)) return [];
  const { issues } = await inCounty(context, plan.county, (tx) => judgePlan(tx, plan));
  const role = context.viewer?.role;
  if (role === "planner" || role === "admin") return issues;
  return issues.map((one) =>
    one.kind === "few_households" && one.value !== null && isSmallCount(one.value) ? { ...one, value: null } : one,
  );
}

/** What became, or would become, of the areas that a plan changes. */
export async function lineageOf(context: RequestContext, plan: PlanRow): Promise<readonly PlanLineage[]> {
  const { county, id, scopeCode, state } = plan;
  return inCounty(context, county, async (tx) => {
    if (state === "published")
      return (await lineageOfPlan(tx, county, id)).map(({ toArea, share, toShare, ...row }) => ({
        ...row,
        cell: toArea,
        share: share ?? 1,
        toShare: toShare ?? 1,
      }));
    const base = baseCells(await planCells(tx, county, scopeCode, LATEST));
    const changes = (await changesOfPlans(tx, county, [id])).get(id) ?? [];
    const old = touchedCells(base, changes);
    return planLineage(old, changes, groundPieces(old, changes));
  });
}
