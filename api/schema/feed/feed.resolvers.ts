import { viewerChanges } from "../../feed/viewer-changes.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";

export const feedResolvers = {
  Subscription: {
    changes: { subscribe: (_, args, context) => viewerChanges(context, args) },
  },
} satisfies Resolvers;
