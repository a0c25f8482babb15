import { toGlobalId } from "../../../data/model/ids.ts";
import { sessionsOfAccounts } from "../../../db/repositories/session-repository.ts";
import { meOf } from "../../auth/me.ts";
import { unauthenticated } from "../../channels.ts";
import { nowIso } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";

export const meResolvers = {
  Query: {
    me: (_, __, context) => meOf(context.database, context, nowIso(context)),
    mySessions: async (_, __, context) => {
      const { signedIn } = context;
      if (!signedIn) throw unauthenticated("mySessions");
      const { county, accountId } = signedIn;
      const sessions = await context.database.transaction({ kind: "auth" }, (tx) =>
        sessionsOfAccounts(tx, county, [accountId], nowIso(context)),
      );
      return sessions.get(accountId) ?? [];
    },
  },
  Me: {
    grants: ({ grants }) => [...grants],
    resources: ({ resources }) => [...resources],
    actions: ({ actions }) => [...actions],
  },
  Session: {
    id: ({ county, id }) => toGlobalId("Session", county, id),
    current: ({ id }, _, { signedIn }) => signedIn?.sessionId === id,
  },
} satisfies Resolvers;
