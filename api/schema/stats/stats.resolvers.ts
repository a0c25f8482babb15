import type { Resolvers } from "../../generated/resolvers-types.ts";
import { heat, stats } from "../../services/stats.ts";

export const statsResolvers = {
  Query: {
    stats: (_, { filter, by }, context) => stats(context, filter, by),
    heat: (_, { filter, cellM, per }, context) => heat(context, filter, cellM, per),
  },
} satisfies Resolvers;
