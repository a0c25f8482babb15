import { toGlobalId } from "../../../data/model/ids.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import { acknowledgeAlarm } from "../../services/alarm/acknowledge-alarm.ts";
import { alarms } from "../../services/alarm/alarms.ts";
import { addDutyEntry, dutyLog } from "../../services/alarm/duty-log.ts";
import { handover } from "../../services/alarm/handover.ts";
import { incidentById, readingOf } from "../../services/loaders.ts";
import { requireCounty } from "../../services/require.ts";
import { required } from "../../services/required.ts";

export const alarmResolvers = {
  Query: {
    alarms: (_, { inside, all }, context) => alarms(context, inside, all ?? false),
    dutyLog: (_, { area, from, to, first }, context) => dutyLog(context, area, { from, to }, first),
    handover: (_, { area }, context) => handover(context, area),
  },
  Mutation: {
    acknowledgeAlarm: (_, { incident }, context) => acknowledgeAlarm(context, incident),
    addDutyEntry: (_, { input }, context) => addDutyEntry(context, input),
  },
  Alarm: {
    incident: async ({ county, incidentId }, _, context) => {
      const reading = readingOf(context, await requireCounty(context, county));
      const incident = await incidentById(context, reading).load(incidentId);
      return required(incident, `incident ${toGlobalId("Incident", county, incidentId)}`);
    },
  },
  DutyEntry: { id: ({ county, id }) => toGlobalId("DutyEntry", county, id) },
} satisfies Resolvers;
