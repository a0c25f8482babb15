import { isSatisfied } from "../../../data/evaluation/satisfaction.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { nowIso } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import { workflowsOf } from "../../services/flow/workflows-of.ts";
import { isPointFor } from "../../services/kiosk.ts";
import {
  areaByCode,
  incidentById,
  organisationById,
  ratingOfIncident,
  readingOf,
  whistlesOfIncident,
} from "../../services/loaders.ts";
import { requireCounty } from "../../services/require.ts";
import { required } from "../../services/required.ts";
import { endWhistle, reportArrival } from "../../services/whistle/answer-whistle.ts";
import { blowWhistle } from "../../services/whistle/blow-whistle.ts";
import { departmentScores } from "../../services/whistle/department-scores.ts";
import { orderFunnel } from "../../services/whistle/order-funnel.ts";
import { rateOrder } from "../../services/whistle/rate-order.ts";
import { callsOf, itemOfWhistle, whistlesInside } from "../../services/whistle/read-whistle.ts";

export const whistleResolvers = {
  Query: {
    whistleItems: async (_, { county }, context) => [
      ...(await workflowsOf(context, await requireCounty(context, county))).process.whistleItems,
    ],
    whistles: (_, { inside, from, to, open, first }, context) =>
      whistlesInside(context, inside, { from, to }, open, first),
    departmentScores: (_, { county, year }, context) => departmentScores(context, county, year),
    orderFunnel: (_, { inside, from, to }, context) => orderFunnel(context, inside, from, to),
  },
  Mutation: {
    blowWhistle: (_, { input }, context) => blowWhistle(context, input),
    reportArrival: (_, { input }, context) => reportArrival(context, input),
    endWhistle: (_, { input }, context) => endWhistle(context, input),
    rateOrder: (_, { orderNo, code, rating }, context) => rateOrder(context, orderNo, code, rating),
  },
  Whistle: {
    id: ({ county, id }) => toGlobalId("Whistle", county, id),
    incident: async ({ county: code, incidentId }, _, context) => {
      const county = await requireCounty(context, code);
      const incident = await incidentById(context, readingOf(context, county)).load(incidentId);
      return incident && isPointFor(context.viewer, county, incident.openedAt) ? incident : null;
    },
    // An area that was dissolved since is the one of the day.
    area: async ({ county, areaCode, blownAt }, _, context) =>
      (await areaByCode(context, county, nowIso(context)).load(areaCode)) ??
      required(await areaByCode(context, county, blownAt).load(areaCode), `area ${areaCode}`),
    item: (whistle, _, context) => itemOfWhistle(context, whistle),
    calls: (whistle, _, context) => callsOf(context, whistle),
  },
  WhistleCall: {
    id: ({ county, id }) => toGlobalId("WhistleCall", county, id),
    organisation: async ({ county, organisationId }, _, context) =>
      required(await organisationById(context, county).load(organisationId), `unit ${organisationId}`),
  },
  DepartmentScore: {
    organisation: async ({ county, organisationId }, _, context) =>
      required(await organisationById(context, county).load(organisationId), `unit ${organisationId}`),
  },
  OrderRating: {
    satisfied: ({ rating }) => isSatisfied(rating),
  },
  Incident: {
    whistles: async ({ county, id }, _, context) => (await whistlesOfIncident(context, county).load(id)) ?? [],
    rating: async ({ county, id }, _, context) => (await ratingOfIncident(context, county).load(id)) ?? null,
  },
} satisfies Resolvers;
