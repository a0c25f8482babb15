import { AppError } from "../../../data/model/errors.ts";
import type { BaseCell, PlanChange } from "../../../data/planning/plan.ts";
import { lineageOfPlan } from "../../../db/repositories/lineage-repository.ts";
import { LATEST, latestBoundaries, planCells } from "../../../db/repositories/plan-base-repository.ts";
import { insertPlan, type PlanRow, putPlanAreas } from "../../../db/repositories/plan-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { PlanStepInput } from "../../generated/resolvers-types.ts";
import { once } from "../flow/once.ts";
import { checkLine } from "../flow/step-input.ts";
import { newId } from "../new-id.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { required } from "../required.ts";
import { readPlan, requirePlan, requirePlanStep } from "./read-plan.ts";
import { lockSeenPlan, recordPlan } from "./record-plan.ts";
import { baseCells } from "./referee-plan.ts";

/**
 * Makes a new plan, a draft, with the shapes from before a published one: history stays as it is. Areas that it ended come back
 * as themselves, with their codes; areas that it made end.
 *
 * @throws CONFLICT when what it changed was changed again since
 */
export async function revertPlan(context: RequestContext, input: PlanStepInput): Promise<PlanRow> {
  const key = checkKey(input.key);
  const plan = await requirePlan(context, input.id, "input.id");
  const viewer = requirePlanStep(context, plan, "revert", "input.id");
  const note = checkLine(input.note, "input.note");
  const { county, id, scopeCode } = plan;
  const made = newId(context.nowMs);
  const { key: _, ...asked } = input;
  const done = await changingCases(context, county, (tx) =>
    once(
      tx,
      context,
      { county, actor: viewer.actor, key, content: ["revertPlan", asked] },
      { plan: made },
      async () => {
        const seen = await lockSeenPlan(tx, plan, input.revision);
        const lineage = await lineageOfPlan(tx, county, id);
        const at = required(lineage[0], `lineage of plan ${id}`).at;
        const concerned = new Set(lineage.flatMap(({ fromArea, toArea }) => [fromArea, toArea]));
        const read = async (instant: string): Promise<BaseCell[]> =>
          baseCells(await planCells(tx, county, scopeCode, instant));
        const before = await read(new Date(Date.parse(at) - 1).toISOString());
        const after = await read(at);
        const latest = await read(LATEST);
        const changes = changesBack(before, after, concerned);
        refuseChangedAgain(after, latest, changes);
        const now = nowIso(context);
        await insertPlan(tx, {
          county,
          id: made,
          scopeCode,
          name: `撤销：${seen.name}`,
          summary: note,
          baseAt: await latestBoundaries(tx, county, scopeCode, now),
          base: latest.map((cell) => [cell.id, cell.versionId] as const),
          authorId: viewer.accountId,
          author: viewer.name,
          editors: viewer.accountId === null ? [] : [viewer.accountId],
          reverts: id,
          createdAt: now,
        });
        await putPlanAreas(tx, county, made, scopeCode, changes);
        await recordPlan(tx, context, {
          viewer,
          plan: { county, id: made, scopeCode },
          revision: 1,
          action: "plan.create",
          event: { kind: "created", text: note },
        });
        await recordPlan(tx, context, {
          viewer,
          plan,
          revision: seen.revision,
          action: "plan.revert",
          event: { kind: "reverted", text: note },
        });
      },
    ),
  );
  return readPlan(context, county, String(done["plan"]));
}

/** Changes that give the concerned areas back what they had. */
function changesBack(
  before: readonly BaseCell[],
  after: readonly BaseCell[],
  concerned: ReadonlySet<string>,
): PlanChange[] {
  const had = new Map(before.map((cell) => [cell.id, cell]));
  const has = new Map(after.map((cell) => [cell.id, cell]));
  const change = ({ id, code, kind, name, geometry }: BaseCell, ends: boolean): PlanChange => ({
    cell: id,
    areaId: id,
    code,
    kind,
    name,
    geometry: ends ? null : geometry,
  });
  return [
    ...before
      .filter((cell) => concerned.has(cell.id) && has.get(cell.id)?.versionId !== cell.versionId)
      .map((cell) => change(cell, false)),
    ...after.filter((cell) => concerned.has(cell.id) && !had.has(cell.id)).map((cell) => change(cell, true)),
  ];
}

function refuseChangedAgain(
  after: readonly BaseCell[],
  latest: readonly BaseCell[],
  changes: readonly PlanChange[],
): void {
  const now = new Map(latest.map((cell) => [cell.id, cell.versionId]));
  const changed = new Set(changes.map(({ cell }) => cell));
  const again = after.filter((cell) => changed.has(cell.id) && now.get(cell.id) !== cell.versionId);
  if (again.length === 0) return;
  throw new AppError(
    "USER",
    `boundaries of this plan were changed again: ${again.map(({ code }) => code).join(", ")}`,
    {
      code: "CONFLICT",
      at: "input.id",
      hint: "Revert the later plan first, or draw a new one.",
    },
  );
}
