import type { Resolvers } from "../../generated/resolvers-types.ts";
import { assignIncident } from "../../services/flow/assign-incident.ts";
import { mergeIncidents } from "../../services/flow/merge-incidents.ts";
import { nextStepsOf } from "../../services/flow/next-steps.ts";
import { transitionIncidents } from "../../services/flow/transition-incident.ts";
import { workflowsOf } from "../../services/flow/workflows-of.ts";
import { handlingOfIncident, incidentById, mergedIntoIncident, postOfId, readingOf } from "../../services/loaders.ts";
import { requireCounty } from "../../services/require.ts";

export const workflowResolvers = {
  Query: {
    workflows: async (_, { county }, context) => [
      ...(await workflowsOf(context, await requireCounty(context, county))).all,
    ],
  },
  Mutation: {
    transitionIncidents: (_, { inputs }, context) => transitionIncidents(context, inputs),
    assignIncident: (_, { input }, context) => assignIncident(context, input),
    mergeIncidents: (_, { input }, context) => mergeIncidents(context, input),
  },
  Incident: {
    workflow: async (incident, _, context) =>
      (await workflowsOf(context, await requireCounty(context, incident.county))).place(incident).workflow,
    step: async (incident, _, context) =>
      (await workflowsOf(context, await requireCounty(context, incident.county))).place(incident).step,
    nextSteps: (incident, _, context) => nextStepsOf(context, incident),
    post: async ({ county, id }, _, context) => {
      const post = (await handlingOfIncident(context, county).load(id))?.postId;
      return post ? ((await postOfId(context, county).load(post)) ?? null) : null;
    },
    inbox: async ({ county, id }, _, context) => {
      const { inboxRole: role, inboxArea: areaCode } = (await handlingOfIncident(context, county).load(id)) ?? {};
      return role && areaCode ? { role, areaCode } : null;
    },
    mergedInto: async ({ county, id }, _, context) => {
      const into = (await handlingOfIncident(context, county).load(id))?.mergedInto;
      if (!into) return null;
      const reading = readingOf(context, await requireCounty(context, county));
      return (await incidentById(context, reading).load(into)) ?? null;
    },
    mergedCases: async ({ county, id }, _, context) => {
      const reading = readingOf(context, await requireCounty(context, county));
      return (await mergedIntoIncident(context, reading).load(id)) ?? [];
    },
  },
  IncidentEvent: {
    step: async ({ incident, kind, step, toState: state }, _, context) => {
      if (kind !== "step") return null;
      const workflows = await workflowsOf(context, await requireCounty(context, incident.county));
      return workflows.place({ ...incident, state, step }).step;
    },
  },
} satisfies Resolvers;
