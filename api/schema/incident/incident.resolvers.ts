import { notFound } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { countIncidents, incidentSortKey, listIncidents } from "../../../db/repositories/incident-repository.ts";
import { inCounty, nowIso } from "../../context.ts";
import { RawJson } from "../../direct/raw-json.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import type { IncidentRow } from "../../mappers.ts";
import { classOf } from "../../services/class-of.ts";
import { incidentColumnsText } from "../../services/incident-columns.ts";
import { checkIncidentFilter } from "../../services/incident-filter.ts";
import { isPointFor } from "../../services/kiosk.ts";
import {
  areaByCode,
  dutyOfArea,
  eventsOfIncident,
  incidentById,
  incidentByRef,
  organisationById,
  readingOf,
  responsibilityOfArea,
} from "../../services/loaders.ts";
import { connectionResolvers, decodeCursor, makePage, pageSize } from "../../services/page.ts";
import { reads, requireCounty, requireCountyOf, requireGlobalId } from "../../services/require.ts";
import { required } from "../../services/required.ts";

export const incidentResolvers = {
  Query: {
    incidents: async (_, { filter: input, orderBy: order, first, after }, context) => {
      // The order of the queue is over open cases, unless ended ones are asked for.
      const asked = order === "due" ? { ...input, open: input.open ?? true } : input;
      const { county, reading, filter } = await checkIncidentFilter(context, asked);
      const list = `incidents:${order}`;
      const size = pageSize(first);
      const key = decodeCursor(list, after, order === "most_overdue" ? 3 : 2);
      const rows = await inCounty(context, county.county, (tx) =>
        listIncidents(tx, reading, filter, order, key, size + 1),
      );
      return makePage(
        list,
        rows,
        size,
        (row) => incidentSortKey(row, order),
        () => inCounty(context, county.county, (tx) => countIncidents(tx, reading, filter)),
      );
    },
    incidentColumns: async (_, { filter, fields }, context) =>
      new RawJson(await incidentColumnsText(context, await checkIncidentFilter(context, filter), fields)),
    incident: async (_, { id: text }, context) => {
      const { county: code, id } = requireGlobalId(text, "Incident");
      const county = await requireCountyOf(context, code, `incident ${text}`);
      const incident = await incidentById(context, readingOf(context, county)).load(id);
      if (!incident || !isPointFor(context.viewer, county, incident.openedAt))
        throw notFound(`there is no incident ${text}`, { at: "id" });
      return incident;
    },
    incidentByRef: async (_, { county: code, ref }, context) => {
      const what = `incident ${ref} in county ${code}`;
      const county = await requireCountyOf(context, code, what, "ref");
      const incident = await incidentByRef(context, readingOf(context, county)).load(ref);
      if (!incident || !isPointFor(context.viewer, county, incident.openedAt))
        throw notFound(`there is no ${what}`, { at: "ref" });
      return incident;
    },
  },
  Incident: {
    id: ({ county, id }) => toGlobalId("Incident", county, id),
    class: ({ county, classCode }, _, context) => classOf(context, county, classCode),
    point: ({ lon, lat }) => [required(lon, "point of an incident"), required(lat, "point of an incident")],
    area: ({ county, scopeCode }, _, context) =>
      scopeCode === null ? null : areaByCode(context, county, nowIso(context)).load(scopeCode),
    organisation: ({ county, organisationId }, _, context) =>
      organisationId === null ? null : organisationById(context, county).load(organisationId),
    responsible: ({ county, scopeCode }, _, context) =>
      scopeCode === null || !reads(context, "duty", scopeCode)
        ? null
        : responsibilityOfArea(context, county, nowIso(context)).load(scopeCode),
    dutyNow: async ({ county, scopeCode }, _, context) => {
      if (scopeCode === null || !reads(context, "duty", scopeCode)) return [];
      const assignments = await dutyOfArea(context, await requireCounty(context, county), scopeCode, nowIso(context));
      return assignments.filter(({ onDuty }) => onDuty);
    },
    events: async (incident, _, context) => {
      const events = (await eventsOfIncident(context, incident.county).load(incident.id)) ?? [];
      return events.map((event) => ({ ...event, incident }));
    },
  },
  IncidentConnection: connectionResolvers<IncidentRow>(),
  IncidentSummary: {
    oldestOverdue: async ({ county: code, oldestOverdueId }, _, context) => {
      if (oldestOverdueId === null) return null;
      const county = await requireCounty(context, code);
      const oldest = await incidentById(context, readingOf(context, county)).load(oldestOverdueId);
      return oldest && isPointFor(context.viewer, county, oldest.openedAt) ? oldest : null;
    },
  },
} satisfies Resolvers;
