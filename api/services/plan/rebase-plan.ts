import { AppError, userError } from "../../../data/model/errors.ts";
import { type PlanConflict, planConflicts } from "../../../data/planning/conflicts.ts";
import { chooseBy, mergeChanges, type Preference } from "../../../data/planning/merge-changes.ts";
import type { BaseCell } from "../../../data/planning/plan.ts";
import { latestBoundaries } from "../../../db/repositories/plan-base-repository.ts";
import {
  changesOfPlans,
  countSave,
  dropPlanAreas,
  type PlanRow,
  putPlanAreas,
  setPlanBase,
  setPlanState,
} from "../../../db/repositories/plan-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { RebasePlanInput } from "../../generated/resolvers-types.ts";
import { once } from "../flow/once.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { publishedSince } from "./plan-conflicts.ts";
import { readPlan, requirePlan, requirePlanStep } from "./read-plan.ts";
import { lockSeenPlan, recordPlan } from "./record-plan.ts";

/** Conflicts that are decided one by one at most. */
const MOST_CHOICES = 500;

const keyOf = (cells: readonly string[]): string => [...cells].sort().join();

/**
 * Takes a plan over to the boundaries that were published since it was drawn: what both change differently goes by the
 * choices made for each, else by the preference; all else is merged without a question. It is a draft then, to be looked at and reviewed again.
 *
 * @throws CONFLICT that names the cells where both change the same border and no preference is given
 */
export async function rebasePlan(context: RequestContext, input: RebasePlanInput): Promise<PlanRow> {
  const key = checkKey(input.key);
  const plan = await requirePlan(context, input.id, "input.id");
  const viewer = requirePlanStep(context, plan, "rebase", "input.id");
  const { county, id, scopeCode } = plan;
  const prefer: Preference | null = input.prefer ?? null;
  const choices = [...(input.choices ?? [])];
  if (choices.length > MOST_CHOICES)
    throw userError(`more than ${MOST_CHOICES} conflicts are decided at once`, { at: "input.choices" });
  const { key: _, ...asked } = input;
  await changingCases(context, county, (tx) =>
    once(tx, context, { county, actor: viewer.actor, key, content: ["rebasePlan", asked] }, { plan: id }, async () => {
      const seen = await lockSeenPlan(tx, plan, input.revision);
      requirePlanStep(context, seen, "rebase", "input.id");
      const at = nowIso(context);
      const { base, theirs, now } = await publishedSince(tx, seen);
      const mine = (await changesOfPlans(tx, county, [id])).get(id) ?? [];
      const conflicts = planConflicts(base, mine, theirs);
      const decided = new Set(choices.map(({ cells }) => keyOf(cells)));
      const open = prefer === null ? conflicts.filter(({ cells }) => !decided.has(keyOf(cells))) : [];
      if (open.length > 0) throw undecided(open, base);
      const merged = mergeChanges(base, mine, theirs, chooseBy(choices, prefer ?? "mine"));
      await dropPlanAreas(
        tx,
        county,
        id,
        mine.map(({ cell }) => cell),
      );
      if (merged.length > 0) await putPlanAreas(tx, county, id, scopeCode, merged);
      await setPlanBase(
        tx,
        county,
        id,
        await latestBoundaries(tx, county, scopeCode, at),
        now.map((cell) => [cell.id, cell.versionId] as const),
      );
      const editors = new Set(seen.editors);
      if (viewer.accountId !== null) editors.add(viewer.accountId);
      await countSave(tx, county, id, { ...seen, editors: [...editors], savedName: viewer.name, at });
      await setPlanState(tx, county, id, { state: "draft", at, approvedName: null, effectiveOn: null });
      await recordPlan(tx, context, {
        viewer,
        plan,
        revision: seen.revision + 1,
        action: "plan.rebase",
        event: { kind: "rebased", text: null },
        facts: { conflicts: conflicts.length, prefer, changed: merged.length },
      });
    }),
  );
  return readPlan(context, county, id);
}

/** The refusal that names each conflict by the names and codes of its cells. */
function undecided(conflicts: readonly PlanConflict[], base: readonly BaseCell[]): AppError {
  const names = new Map(base.map(({ id, name, code }) => [id, `${name} (${code})`]));
  const places = conflicts.map(({ cells }) => cells.map((cell) => names.get(cell) ?? cell).join(" / "));
  return new AppError("USER", `boundaries that this plan changes were published otherwise: ${places.join("; ")}`, {
    code: "CONFLICT",
    at: "input.prefer",
    hint: "Say whose word counts there, MINE or THEIRS, for each or for all. Plan.conflicts shows the places.",
  });
}
