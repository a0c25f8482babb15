import { toGlobalId } from "../../../data/model/ids.ts";
import { extraClassCodes, listClassCodes } from "../../../db/repositories/class-code-repository.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import { transitionIncident } from "../../services/flow/transition-incident.ts";
import { handlingOfIncident, incidentById, readingOf } from "../../services/loaders.ts";
import { exactPoint } from "../../services/report/exact-point.ts";
import { correctMyReport, myReport, ownContact, withdrawMyReport } from "../../services/report/my-report.ts";
import { contactDeletedOn } from "../../services/report/purge.ts";
import { reportIncident } from "../../services/report/report-incident.ts";
import { reporterContact } from "../../services/report/reporter-contact.ts";
import { takeIncident } from "../../services/report/take-incident.ts";
import { requireCounty } from "../../services/require.ts";
import { required } from "../../services/required.ts";

export const reportResolvers = {
  Query: {
    myReport: (_, { orderNo, code }, context) => myReport(context, orderNo, code),
    reporterContact: (_, { incident, reason }, context) => reporterContact(context, incident, reason),
  },
  Mutation: {
    reportIncident: (_, { input }, context) => reportIncident(context, input),
    takeIncident: (_, { id, version }, context) => takeIncident(context, id, version),
    transitionIncident: (_, { input }, context) => transitionIncident(context, input),
    correctMyReport: (_, { orderNo, code, title, contact }, context) =>
      correctMyReport(context, orderNo, code, { title, contact }),
    withdrawMyReport: (_, { orderNo, code }, context) => withdrawMyReport(context, orderNo, code),
  },
  ReportReceipt: {
    incident: async ({ county, incidentId }, _, context) => {
      const reading = await readingOf(context, await requireCounty(context, county));
      const incident = await incidentById(context, reading).load(incidentId);
      return required(incident, `incident ${toGlobalId("Incident", county, incidentId)}`);
    },
  },
  MyReport: {
    // Who reports has no grant: the class is read as the system reads it.
    className: ({ county, classCode }, _, context) =>
      context.database.transaction({ kind: "county", county }, async (tx) => {
        const classes = [...(await extraClassCodes(tx, county)), ...(await listClassCodes(tx))];
        const named = classes.filter(({ code }) => code === classCode);
        return (named.find(({ kind }) => kind !== "component") ?? named[0])?.name ?? classCode;
      }),
    contact: (report, _, context) => (report.hasContact ? ownContact(context, report) : null),
    contactDeletedOn: (report) => (report.hasContact ? contactDeletedOn(report) : null),
  },
  Incident: {
    exactPoint: (incident, { reason }, context) => exactPoint(context, incident, reason),
    version: async ({ county, id }, _, context) =>
      required(await handlingOfIncident(context, county).load(id), `incident ${id}`).version,
    handledByMe: async ({ county, id }, _, context) => {
      const account = context.viewer?.accountId ?? null;
      return account !== null && (await handlingOfIncident(context, county).load(id))?.handlerId === account;
    },
  },
} satisfies Resolvers;
