import type { Resolvers } from "../../generated/resolvers-types.ts";
import { cube } from "../../services/cube.ts";
import { heat, stats } from "../../services/stats.ts";

export const statsResolvers = {
  Query: {
    stats: (_, { filter, by }, context) => stats(context, filter, by),
    cube: (_, { county, inside, months, levels }, context) => cube(context, county, inside, months, levels),
    heat: (_, { filter, cellM, per }, context) => heat(context, filter, cellM, per),
  },
} satisfies Resolvers;
