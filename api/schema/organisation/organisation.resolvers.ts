import { userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { mayRead } from "../../../data/policy/viewer.ts";
import { countOrganisations, listOrganisations } from "../../../db/repositories/organisation-repository.ts";
import { inCounty, nowIso } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import type { OrganisationRow } from "../../mappers.ts";
import { areaCountOfOrganisation, areasOfOrganisation, organisationById } from "../../services/loaders.ts";
import { connectionResolvers, decodeTextCursor, makePage, pageSize } from "../../services/page.ts";
import { requireCounty, requireInside, requireReach } from "../../services/require.ts";
import { required } from "../../services/required.ts";

export const organisationResolvers = {
  Query: {
    organisations: async (_, { county: code, role, inside, first, after }, context) => {
      const { county } = await requireCounty(context, code);
      const at = nowIso(context);
      if (inside != null && (await requireInside(context, inside, at, "duty", "inside")).county !== county)
        throw userError(`${inside} does not lie in county ${county}`, { at: "inside" });
      // What units are to areas is duty; without an area the database answers for the viewer's own.
      if (role != null && !mayRead(context.viewer, "duty")) requireReach(context, "duty", county, "role");
      const size = pageSize(first);
      const key = decodeTextCursor("organisations", after, 2);
      const filter = { role, inside, at };
      const rows = await inCounty(context, county, (tx) => listOrganisations(tx, county, filter, key, size + 1));
      return makePage(
        "organisations",
        rows,
        size,
        (row) => [row.nameSort, row.id],
        () => inCounty(context, county, (tx) => countOrganisations(tx, county, filter)),
      );
    },
  },
  Organisation: {
    id: ({ county, id }) => toGlobalId("Organisation", county, id),
    responsibleFor: async ({ county, id }, { first, after }, context) => {
      const at = nowIso(context);
      const size = pageSize(first);
      const [key = ""] = decodeTextCursor("responsibleFor", after, 1) ?? [];
      const rows = await areasOfOrganisation(context, county, at, key, size + 1).load(id);
      return makePage(
        "responsibleFor",
        rows ?? [],
        size,
        (row) => [row.code],
        async () => (await areaCountOfOrganisation(context, county, at).load(id)) ?? 0,
      );
    },
  },
  OrganisationConnection: connectionResolvers<OrganisationRow>(),
  Responsibility: {
    organisation: async ({ county, organisationId }, _, context) =>
      required(await organisationById(context, county).load(organisationId), `unit ${organisationId}`),
  },
} satisfies Resolvers;
