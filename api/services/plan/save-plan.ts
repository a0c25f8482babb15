import { KINDS_OF_LEVEL } from "../../../data/model/area.ts";
import { isInside, requireLevel } from "../../../data/model/codes.ts";
import { userError } from "../../../data/model/errors.ts";
import { isNewCell, type PlanChange } from "../../../data/planning/plan.ts";
import { planGeometry } from "../../../data/planning/plan-geometry.ts";
import {
  baseOfPlan,
  countSave,
  dropPlanAreas,
  type PlanRow,
  putPlanAreas,
} from "../../../db/repositories/plan-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { PlanChangeInput, SavePlanInput } from "../../generated/resolvers-types.ts";
import { once } from "../flow/once.ts";
import { checkLine, requireLine } from "../flow/step-input.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { readPlan, requirePlan, requirePlanStep } from "./read-plan.ts";
import { lockSeenPlan, recordPlan } from "./record-plan.ts";

/** Cells of one save at most; a desk sends what a gesture changed. */
const MOST_CHANGED = 1000;

/**
 * Saves what was drawn since a revision, once per client's key. A draft may be unfinished: only the form is checked here.
 *
 * @throws BAD_USER_INPUT for what is no cell of the plan or no polygon, FORBIDDEN without the right to plan, CONFLICT when the
 * plan is under review or was saved meanwhile: the message says by whom
 */
export async function savePlan(context: RequestContext, input: SavePlanInput): Promise<PlanRow> {
  const key = checkKey(input.key);
  const plan = await requirePlan(context, input.id, "input.id");
  const viewer = requirePlanStep(context, plan, "save", "input.id");
  const { county, id, scopeCode } = plan;
  const changes = checkChanges(input.changes, plan);
  const restored = [...(input.restored ?? [])];
  const name = input.name == null ? null : requireLine(input.name, "input.name", "Name what is planned.");
  const summary = input.summary === undefined ? undefined : checkLine(input.summary, "input.summary");
  const { key: _, ...content } = input;
  await changingCases(context, county, (tx) =>
    once(tx, context, { county, actor: viewer.actor, key, content: ["savePlan", content] }, { plan: id }, async () => {
      const now = await lockSeenPlan(tx, plan, input.revision);
      requirePlanStep(context, now, "save", "input.id");
      const known = new Set((await baseOfPlan(tx, county, id)).map(([area]) => area));
      changes.forEach(({ cell, areaId }, n) => {
        if (areaId !== null && !known.has(areaId))
          throw userError(`${cell} is no cell of this plan`, {
            at: `input.changes.${n}.cell`,
            hint: "A cell is a lowest area of the plan's base by its row id, or new:<n>.",
          });
      });
      if (restored.length > 0) await dropPlanAreas(tx, county, id, restored);
      if (changes.length > 0) await putPlanAreas(tx, county, id, scopeCode, changes);
      const editors = new Set(now.editors);
      if (viewer.accountId !== null) editors.add(viewer.accountId);
      await countSave(tx, county, id, {
        name: name ?? now.name,
        summary: summary === undefined ? now.summary : summary,
        editors: [...editors],
        savedName: viewer.name,
        at: nowIso(context),
      });
      await recordPlan(tx, context, {
        viewer,
        plan,
        revision: now.revision + 1,
        action: "plan.save",
        facts: { changed: changes.length, restored: restored.length },
      });
    }),
  );
  return readPlan(context, county, id);
}

/** Cells as they were sent, checked as far as they can be without their base. */
function checkChanges(inputs: readonly PlanChangeInput[], plan: PlanRow): PlanChange[] {
  if (inputs.length > MOST_CHANGED)
    throw userError(`more than ${MOST_CHANGED} cells are saved at once`, {
      at: "input.changes",
      hint: "Save in several steps, each on the revision of the one before.",
    });
  const seen = new Set<string>();
  return inputs.map((input, n) => {
    const at = `input.changes.${n}`;
    const { cell, code, kind } = input;
    if (seen.has(cell)) throw userError(`${cell} is there twice`, { at: `${at}.cell` });
    seen.add(cell);
    const fresh = isNewCell(cell);
    if (!fresh && !/^[0-9a-f-]{36}$/.test(cell))
      throw userError(`"${cell}" names no cell`, { at: `${at}.cell`, hint: "An area's row id, or new:1, new:2, …" });
    const level = requireLevel(code, `${at}.code`);
    if (!isInside(code, plan.scopeCode) || level === "county" || level === "town")
      throw userError(`${code} is no code of a cell in ${plan.scopeCode}`, { at: `${at}.code` });
    if (!KINDS_OF_LEVEL[level].includes(kind))
      throw userError(`a ${level} is not of kind ${kind}`, {
        at: `${at}.kind`,
        hint: `Of this level are ${KINDS_OF_LEVEL[level].join(", ")}.`,
      });
    const geometry = input.geometry == null ? null : planGeometry(input.geometry, `${at}.geometry`);
    if (fresh && geometry === null)
      throw userError(`${cell} has no ground`, { at: `${at}.geometry`, hint: "Leave a new cell out by `restored`." });
    return {
      cell,
      areaId: fresh ? null : cell,
      code,
      kind,
      name: requireLine(input.name, `${at}.name`, "Every area has a name."),
      geometry,
    };
  });
}
