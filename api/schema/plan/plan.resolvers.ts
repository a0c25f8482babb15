import { toGlobalId } from "../../../data/model/ids.ts";
import { nowIso } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import type { PlanRow } from "../../mappers.ts";
import {
  areaByCode,
  changesOfPlan,
  eventsOfPlan,
  organisationById,
  planBaseCurrent,
  presenceOfPlan,
  staffOfId,
} from "../../services/loaders.ts";
import { connectionResolvers } from "../../services/page.ts";
import { codeCostOf } from "../../services/plan/code-cost.ts";
import { commentPlan, resolveComment } from "../../services/plan/comment-plan.ts";
import { createPlan } from "../../services/plan/create-plan.ts";
import { holdCells } from "../../services/plan/hold-cells.ts";
import { boundsOfPlan, savePlanBounds } from "../../services/plan/plan-bounds.ts";
import { conflictsOf } from "../../services/plan/plan-conflicts.ts";
import { issuesOf, lineageOf } from "../../services/plan/plan-findings.ts";
import { impactOf } from "../../services/plan/plan-impact.ts";
import { publishPlan } from "../../services/plan/publish-plan.ts";
import { plansInside, requirePlan, stepsOf } from "../../services/plan/read-plan.ts";
import { rebasePlan } from "../../services/plan/rebase-plan.ts";
import { judgePlan, refuseErrors } from "../../services/plan/referee-plan.ts";
import { revertPlan } from "../../services/plan/revert-plan.ts";
import { savePlan } from "../../services/plan/save-plan.ts";
import { stepPlan } from "../../services/plan/step-plan.ts";
import { required } from "../../services/required.ts";

export const planResolvers = {
  Query: {
    plans: (_, { filter, first, after }, context) => plansInside(context, filter, first, after),
    plan: (_, { id }, context) => requirePlan(context, id),
  },
  Mutation: {
    createPlan: (_, { input }, context) => createPlan(context, input),
    savePlan: (_, { input }, context) => savePlan(context, input),
    commentPlan: (_, { input }, context) => commentPlan(context, input),
    holdCells: (_, { id, cells }, context) => holdCells(context, id, cells),
    resolveComment: (_, { id, resolved }, context) => resolveComment(context, id, resolved ?? true),
    submitPlan: (_, { input }, context) =>
      stepPlan(context, input, "submit", async (tx, plan) => refuseErrors(await judgePlan(tx, plan), "input.id")),
    requestChanges: (_, { input }, context) => stepPlan(context, input, "request_changes"),
    approvePlan: (_, { input }, context) => stepPlan(context, input, "approve"),
    publishPlan: (_, { input }, context) => publishPlan(context, input),
    rebasePlan: (_, { input }, context) => rebasePlan(context, input),
    revertPlan: (_, { input }, context) => revertPlan(context, input),
    savePlanBounds: (_, { input }, context) => savePlanBounds(context, input),
    withdrawPlan: (_, { input }, context) => stepPlan(context, input, "withdraw"),
  },
  Plan: {
    id: ({ county, id }) => toGlobalId("Plan", county, id),
    scope: async ({ county, scopeCode, baseAt }, _, context) =>
      (await areaByCode(context, county, nowIso(context)).load(scopeCode)) ??
      required(await areaByCode(context, county, baseAt).load(scopeCode), `area ${scopeCode}`),
    baseCurrent: async ({ county, id }, _, context) =>
      (await planBaseCurrent(context, county, nowIso(context)).load(id)) ?? false,
    drawnByMe: ({ editors }, _, { viewer }) => viewer?.accountId != null && editors.includes(viewer.accountId),
    savedBy: ({ savedName }) => savedName,
    approvedBy: ({ approvedName }) => approvedName,
    reverts: ({ county, reverts }) => reverts && toGlobalId("Plan", county, reverts),
    steps: (plan, _, { viewer }) => stepsOf(viewer, plan),
    changes: async ({ county, id }, _, context) =>
      ((await changesOfPlan(context, county).load(id)) ?? []).map((change) => ({ ...change, county })),
    events: async ({ county, id }, _, context) => (await eventsOfPlan(context, county).load(id)) ?? [],
    presence: async ({ county, id }, _, context) =>
      (await presenceOfPlan(context, county, nowIso(context)).load(id)) ?? [],
    lineage: async (plan, _, context) => [...(await lineageOf(context, plan))],
    issues: async (plan, _, context) => [...(await issuesOf(context, plan))],
    conflicts: (plan, _, context) => conflictsOf(context, plan),
    impact: (plan, _, context) => impactOf(context, plan),
    codeCost: (plan, { cells }, context) => codeCostOf(context, plan, cells),
    bounds: (plan, _, context) => boundsOfPlan(context, plan),
  },
  PlanPresence: {
    me: ({ accountId }, _, { viewer }) => viewer?.accountId === accountId,
    cells: ({ cells }) => [...cells],
  },
  PlanIssue: {
    blocks: ({ severity }) => severity === "error",
    cells: ({ cells }) => [...cells],
    where: ({ where }) => where && { type: "Point", coordinates: where },
  },
  PlanBounds: { sides: ({ sides }) => [...sides] },
  PlanBound: { names: ({ names }) => [...names] },
  PlanConflict: {
    cells: ({ cells }) => [...cells],
    where: ({ where }) => where && { type: "Point", coordinates: where },
  },
  PlanImpact: {
    households: ({ impact, told }) => told(impact.total),
    householdsExact: ({ impact }) => impact.total.householdsExact,
    buildings: ({ impact }) => impact.total.buildings,
    openIncidents: ({ impact }) => impact.total.openIncidents,
    cameras: ({ impact }) => impact.total.cameras,
    boardsToReprint: ({ impact }) => impact.boardsToReprint,
    units: async ({ county, unitIds }, _, context) =>
      Promise.all(unitIds.map(async (id) => required(await organisationById(context, county).load(id), `unit ${id}`))),
    staff: async ({ county, staff }, _, context) => {
      const ids = [...new Set(staff.map(({ staffId }) => staffId))];
      const found = await Promise.all(ids.map((id) => staffOfId(context, county).load(id)));
      return found.filter((one) => one !== undefined);
    },
    moves: ({ impact, told }) => impact.moves.map((move) => ({ ...move, told })),
    cells: ({ impact, told, staff }) => impact.cells.map((cell) => ({ ...cell, told, staff })),
  },
  PlanMove: {
    households: (move) => move.told(move),
  },
  PlanCellImpact: {
    householdsBefore: ({ before, told }) => told(before),
    householdsAfter: ({ after, told }) => told(after),
    householdsExact: ({ before, after }) => (before?.householdsExact ?? true) && (after?.householdsExact ?? true),
    openBefore: ({ before }) => before?.openIncidents ?? 0,
    openAfter: ({ after }) => after?.openIncidents ?? 0,
    staff: ({ cell, staff }) => staff.filter(({ areaId }) => areaId === cell).length,
  },
  PlanConnection: connectionResolvers<PlanRow>(),
  PlanChange: {
    area: ({ county, areaId }) => areaId && toGlobalId("Area", county, areaId),
    geometry: ({ geometry }) => geometry && { type: "MultiPolygon", coordinates: geometry },
  },
  PlanAnchor: {
    point: ({ point }) => point && { type: "Point", coordinates: point },
  },
  PlanEvent: {
    id: ({ county, id }) => toGlobalId("PlanEvent", county, id),
    thread: ({ county, thread }) => thread && toGlobalId("PlanEvent", county, thread),
    resolvedBy: ({ resolvedName }) => resolvedName,
  },
} satisfies Resolvers;
