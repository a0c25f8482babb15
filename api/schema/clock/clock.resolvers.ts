import type { Resolvers } from "../../generated/resolvers-types.ts";
import { extendDeadline } from "../../services/clock/extend-deadline.ts";
import { incidentClocks } from "../../services/clock/incident-clocks.ts";
import { nextToBreach, onTime } from "../../services/clock/on-time.ts";
import { workflowsOf } from "../../services/flow/workflows-of.ts";
import { requireCounty } from "../../services/require.ts";

export const clockResolvers = {
  Query: {
    clockRules: async (_, { county }, context) => [
      ...(await workflowsOf(context, await requireCounty(context, county))).process.clockRules,
    ],
    workCalendars: async (_, { county }, context) => [
      ...(await workflowsOf(context, await requireCounty(context, county))).process.calendars,
    ],
    onTime: (_, args, context) => onTime(context, args),
    nextToBreach: (_, { inside, first }, context) => nextToBreach(context, inside, first),
  },
  Mutation: {
    extendDeadline: (_, { input }, context) => extendDeadline(context, input),
  },
  Incident: {
    clocks: (incident, _, context) => incidentClocks(context, incident),
  },
} satisfies Resolvers;
