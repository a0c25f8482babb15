import { AppError, userError } from "../../../data/model/errors.ts";
import { mayAct } from "../../../data/policy/viewer.ts";
import { latestBoundaries, planCellVersions } from "../../../db/repositories/plan-base-repository.ts";
import { insertPlan, type PlanRow } from "../../../db/repositories/plan-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { CreatePlanInput } from "../../generated/resolvers-types.ts";
import { once } from "../flow/once.ts";
import { checkLine, requireLine } from "../flow/step-input.ts";
import { newId } from "../new-id.ts";
import { requireViewer } from "../report/actor.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { requireArea } from "../require.ts";
import { readPlan } from "./read-plan.ts";
import { recordPlan } from "./record-plan.ts";

/** Cells of one plan at most: the largest counties have some thousand grids. */
const MOST_CELLS = 20_000;

/**
 * Begins a plan on the boundaries of now, once per client's key.
 *
 * @throws FORBIDDEN without the right to plan there, NOT_FOUND for no such area, BAD_USER_INPUT for an area without cells
 */
export async function createPlan(context: RequestContext, input: CreatePlanInput): Promise<PlanRow> {
  const viewer = requireViewer(context, "Mutation.createPlan");
  const key = checkKey(input.key);
  const name = requireLine(input.name, "input.name", "Name what is planned.");
  const summary = checkLine(input.summary, "input.summary");
  const now = nowIso(context);
  const { county: profile } = await requireArea(context, input.scope, now, "plan", "input.scope", [
    "county",
    "town",
    "community",
  ]);
  const { county } = profile;
  if (!mayAct(viewer, "plan", input.scope))
    throw new AppError("USER", `the role ${viewer.role} makes no plans here`, {
      code: "FORBIDDEN",
      at: "input.scope",
      hint: "Planners plan in their own area.",
    });
  const id = newId(context.nowMs);
  const content = ["createPlan", { scope: input.scope, name, summary }];
  const done = await changingCases(context, county, (tx) =>
    once(tx, context, { county, actor: viewer.actor, key, content }, { plan: id }, async () => {
      const baseAt = await latestBoundaries(tx, county, input.scope, now);
      const base = await planCellVersions(tx, county, input.scope, baseAt);
      if (base.length === 0 || base.length > MOST_CELLS)
        throw userError(`the area has ${base.length} cells`, {
          at: "input.scope",
          hint: `A plan has 1 to ${MOST_CELLS}: import grids first, or plan a smaller area.`,
        });
      const plan = { county, id, scopeCode: input.scope };
      await insertPlan(tx, {
        ...plan,
        name,
        summary,
        baseAt,
        base,
        authorId: viewer.accountId,
        author: viewer.name,
        editors: viewer.accountId === null ? [] : [viewer.accountId],
        reverts: null,
        createdAt: now,
      });
      await recordPlan(tx, context, {
        viewer,
        plan,
        revision: 1,
        action: "plan.create",
        event: { kind: "created", text: null },
      });
    }),
  );
  return readPlan(context, county, String(done["plan"]));
}
