import { toGlobalId } from "../../../data/model/ids.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import { classOf } from "../../services/class-of.ts";
import { dutyOfArea, organisationById, responsibilityOfArea, staffOfId } from "../../services/loaders.ts";
import { reads, requireCounty } from "../../services/require.ts";
import { decideOwner } from "../../services/routing/decide-owner.ts";
import { dispatchAdvice } from "../../services/routing/dispatch-advice.ts";
import { admissionListOf, ownership } from "../../services/routing/ownership.ts";
import { similarCases } from "../../services/routing/similar-cases.ts";
import { undecidedCases } from "../../services/routing/undecided.ts";

export const routingResolvers = {
  Query: {
    ownership: (_, args, context) => ownership(context, args),
    dispatchAdvice: (_, { incident, first }, context) => dispatchAdvice(context, incident, first ?? 5),
    undecidedCases: (_, { inside, first }, context) => undecidedCases(context, inside, first ?? 50),
    admissionList: async (_, { county: code, department }, context) => {
      const { county } = await requireCounty(context, code);
      const items = await admissionListOf(context, county);
      return items.filter((item) => department == null || item.department === department);
    },
  },
  Mutation: {
    decideOwner: (_, { input }, context) => decideOwner(context, input),
  },
  AdmissionItem: {
    id: ({ county, id }) => toGlobalId("AdmissionItem", county, id),
    organisation: ({ county, organisationId }, _, context) =>
      organisationId === null ? null : organisationById(context, county).load(organisationId),
    classes: ({ classes }) => [...classes],
  },
  Ownership: {
    similar: ({ county, compared, drawn }, _, context) => similarCases(context, county, compared, drawn),
  },
  // What is duty of another area is that area's own, though it may own the matter too.
  OwnerCandidate: {
    responsible: ({ county: { county }, area }, _, context) =>
      reads(context, "duty", area.code) ? responsibilityOfArea(context, county, area.at).load(area.code) : null,
    leader: async ({ county, area }, _, context) => {
      if (!reads(context, "duty", area.code)) return null;
      const assignments = await dutyOfArea(context, county, area.code, area.at);
      const depth = ({ areaCode }: { readonly areaCode: string }): number => areaCode.length;
      const [leading] = assignments
        .filter(({ lead, staffId }) => lead && staffId !== null)
        .sort((a, b) => depth(b) - depth(a));
      return leading?.staffId ? staffOfId(context, county.county).load(leading.staffId) : null;
    },
    onDuty: async ({ county, area }, _, context) =>
      reads(context, "duty", area.code)
        ? (await dutyOfArea(context, county, area.code, area.at)).filter(({ onDuty }) => onDuty)
        : [],
  },
  DispatchSuggestion: {
    staff: ({ county, staffId }, _, context) => (staffId === null ? null : staffOfId(context, county).load(staffId)),
  },
  UndecidedCase: {
    incidentId: ({ county, incidentId }) => toGlobalId("Incident", county, incidentId),
    class: ({ county, classCode }, _, context) => classOf(context, county, classCode),
    point: ({ lon, lat }) => [lon, lat],
    candidates: ({ candidates }) => [...candidates],
  },
} satisfies Resolvers;
