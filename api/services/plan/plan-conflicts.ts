import { codePath, codeRange } from "../../../data/model/codes.ts";
import type { PlanConflict } from "../../../data/planning/conflicts.ts";
import { planConflicts } from "../../../data/planning/conflicts.ts";
import type { BaseCell, PlanChange } from "../../../data/planning/plan.ts";
import type { Transaction } from "../../../db/driver.ts";
import { cellsOfVersions, LATEST, planCells } from "../../../db/repositories/plan-base-repository.ts";
import { baseOfPlan, changesOfPlans, listPlans, type PlanRow } from "../../../db/repositories/plan-repository.ts";
import { inCounty, type RequestContext } from "../../context.ts";
import { baseCells } from "./referee-plan.ts";

/** A conflict with another plan, or, without one, with what was published since the plan was drawn. */
export interface PlanConflictModel extends PlanConflict {
  readonly plan: PlanRow | null;
}

/** Other plans that are compared at most, the ones changed last. */
const MOST_PLANS = 100;
const OPEN_STATES = ["draft", "submitted", "changes_requested", "approved"] as const;

/** What was published since a plan was drawn, as changes of its base; and that base. */
export async function publishedSince(
  tx: Transaction,
  { county, id, scopeCode }: PlanRow,
): Promise<{
  readonly base: readonly BaseCell[];
  readonly theirs: readonly PlanChange[];
  readonly now: readonly BaseCell[];
}> {
  const drawnOn = await baseOfPlan(tx, county, id);
  const now = baseCells(await planCells(tx, county, scopeCode, LATEST));
  const versions = new Set(now.map(({ versionId }) => versionId));
  const [held, gone] = [
    now.filter(({ versionId }) => drawnOn.some(([, version]) => version === versionId)),
    drawnOn.flatMap(([, version]) => (versions.has(version) ? [] : [version])),
  ];
  const base = [...held, ...baseCells(await cellsOfVersions(tx, county, gone))];
  const known = new Set(held.map((cell) => cell.id));
  const current = new Map(now.map((cell) => [cell.id, cell]));
  const theirs = [
    ...base.filter((cell) => !current.has(cell.id)).map((cell) => ({ ...cell, geometry: null })),
    ...now.filter((cell) => !known.has(cell.id)),
  ].map(({ id: cell, code, kind, name, geometry }) => ({ cell, areaId: cell, code, kind, name, geometry }));
  return { base, theirs, now };
}

/** Where other open plans, and boundaries published meanwhile, change what a plan changes. */
export async function conflictsOf(context: RequestContext, plan: PlanRow): Promise<PlanConflictModel[]> {
  const { county, id, scopeCode } = plan;
  if (plan.state === "published" || plan.state === "withdrawn") return [];
  return inCounty(context, county, async (tx) => {
    const { base, theirs } = await publishedSince(tx, plan);
    const listed = await listPlans(tx, county, { ...codeRange(county), states: OPEN_STATES }, undefined, MOST_PLANS);
    const others = listed.filter(
      (other) =>
        other.id !== id &&
        (codePath(other.scopeCode).includes(scopeCode) || codePath(scopeCode).includes(other.scopeCode)),
    );
    const changes = await changesOfPlans(tx, county, [id, ...others.map((other) => other.id)]);
    const mine = changes.get(id) ?? [];
    const against = (their: readonly PlanChange[], other: PlanRow | null): PlanConflictModel[] =>
      planConflicts(base, mine, their).map((conflict) => ({ ...conflict, plan: other }));
    return [...against(theirs, null), ...others.flatMap((other) => against(changes.get(other.id) ?? [], other))];
  });
}
