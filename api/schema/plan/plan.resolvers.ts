import { toGlobalId } from "../../../data/model/ids.ts";
import { nowIso } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import type { PlanRow } from "../../mappers.ts";
import { areaByCode, changesOfPlan, eventsOfPlan, planBaseCurrent } from "../../services/loaders.ts";
import { connectionResolvers } from "../../services/page.ts";
import { commentPlan, resolveComment } from "../../services/plan/comment-plan.ts";
import { createPlan } from "../../services/plan/create-plan.ts";
import { plansInside, requirePlan, stepsOf } from "../../services/plan/read-plan.ts";
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
    resolveComment: (_, { id, resolved }, context) => resolveComment(context, id, resolved ?? true),
    submitPlan: (_, { input }, context) => stepPlan(context, input, "submit"),
    requestChanges: (_, { input }, context) => stepPlan(context, input, "request_changes"),
    approvePlan: (_, { input }, context) => stepPlan(context, input, "approve"),
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
