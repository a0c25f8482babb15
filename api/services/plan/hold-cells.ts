import { AppError, userError } from "../../../data/model/errors.ts";
import { mayAct } from "../../../data/policy/viewer.ts";
import { presenceOfPlans, putPresence } from "../../../db/repositories/plan-presence-repository.ts";
import type { PlanRow } from "../../../db/repositories/plan-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import { requireAccount, requireViewer } from "../report/actor.ts";
import { changingCases } from "../report/record-change.ts";
import { readPlan, requirePlan } from "./read-plan.ts";
import { tellPlan } from "./record-plan.ts";

/** A desk says every 20 s that it is there; what it held is free soon after it went. */
const PRESENT_MS = 45_000;
const MOST_HELD = 50;

/**
 * Says that the viewer has a plan open and which cells they hold. Others are told when that changes; it runs out by itself. A
 * soft lock: it is shown, and refuses nothing (a save is refused by its revision).
 *
 * @throws FORBIDDEN for who neither plans nor reviews there, BAD_USER_INPUT for too many cells
 */
export async function holdCells(context: RequestContext, text: string, cells: readonly string[]): Promise<PlanRow> {
  const viewer = requireViewer(context, "Mutation.holdCells");
  const accountId = requireAccount(viewer, "Mutation.holdCells");
  if (cells.length > MOST_HELD || cells.some((cell) => cell.length > 40))
    throw userError(`more than ${MOST_HELD} cells are held`, { at: "cells", hint: "Hold what is in the hand." });
  const plan = await requirePlan(context, text);
  const { county, id: planId, scopeCode, revision } = plan;
  if (!mayAct(viewer, "plan", scopeCode) && !mayAct(viewer, "approve", scopeCode))
    throw new AppError("USER", `the role ${viewer.role} holds nothing of plans here`, { code: "FORBIDDEN", at: "id" });
  const now = nowIso(context);
  const held = [...new Set(cells)].sort();
  await changingCases(context, county, async (tx) => {
    const before = (await presenceOfPlans(tx, county, [planId], now)).get(planId) ?? [];
    const known = before.find((one) => one.accountId === accountId);
    const expiresAt = new Date(context.nowMs + PRESENT_MS).toISOString();
    await putPresence(tx, county, scopeCode, { planId, accountId, name: viewer.name, cells: held, expiresAt });
    if (known?.cells.join() !== held.join()) await tellPlan(tx, context, plan, revision);
  });
  return readPlan(context, county, planId);
}
