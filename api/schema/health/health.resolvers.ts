import { AppError } from "../../../data/model/errors.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import { requireImportRight } from "../../services/importing/jobs/permission.ts";

export const healthResolvers = {
  Query: {
    health: async (_, { county }, context) => {
      // The database may be what is ill: it is not asked whether there is such a county.
      requireImportRight(context, county);
      if (!context.health) throw new AppError("BUG", "this server has nobody who looks after its health");
      const { at, findings } = await context.health.look();
      return { at: new Date(at).toISOString(), findings: [...findings] };
    },
  },
  HealthFinding: {
    nameZh: ({ name }) => name.zh,
    nameEn: ({ name }) => name.en,
    detailZh: ({ detail }) => detail.zh,
    detailEn: ({ detail }) => detail.en,
    adviceZh: ({ advice }) => advice?.zh ?? null,
    adviceEn: ({ advice }) => advice?.en ?? null,
  },
} satisfies Resolvers;
