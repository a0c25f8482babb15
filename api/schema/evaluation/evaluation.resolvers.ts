import type { Resolvers } from "../../generated/resolvers-types.ts";
import { evaluation, evaluationCases } from "../../services/evaluation/evaluation.ts";

export const evaluationResolvers = {
  Query: {
    evaluation: (_, { inside, by, from, to }, context) => evaluation(context, { inside, by, from, to }),
    evaluationCases: (_, { inside, by, key, index, part, from, to, first, after }, context) =>
      evaluationCases(context, { inside, by, from, to }, { key: key ?? null, index, part }, first, after),
  },
} satisfies Resolvers;
