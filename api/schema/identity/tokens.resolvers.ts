import type { Resolvers } from "../../generated/resolvers-types.ts";
import { requireAdministrator } from "../../services/identity/administrator.ts";
import { requireOwnCounty } from "../../services/identity/credential-area.ts";
import { createToken, listTokens, revokeApiToken } from "../../services/identity/tokens.ts";
import { requireGlobalId } from "../../services/require.ts";

export const tokenResolvers: Resolvers = {
  Query: {
    apiTokens: (_parent, { county }, context) => {
      const admin = requireAdministrator(context, "apiTokens");
      return listTokens(context.database, admin, requireOwnCounty(admin, county), context.nowMs);
    },
  },
  Mutation: {
    createApiToken: (_parent, input, context) =>
      createToken(context.database, requireAdministrator(context, "createApiToken"), input, context.nowMs),
    revokeApiToken: (_parent, { id, reason }, context) => {
      const admin = requireAdministrator(context, "revokeApiToken");
      return revokeApiToken(context.database, admin, { ...requireGlobalId(id, "ApiToken"), reason }, context.nowMs);
    },
  },
};
