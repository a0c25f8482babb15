import { toGlobalId } from "../../../data/model/ids.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import { photosOfIncident } from "../../services/loaders.ts";
import { photoPath } from "../../services/photo/photo-path.ts";

export const photoResolvers = {
  Incident: {
    photos: async ({ county, id }, _, context) => (await photosOfIncident(context, county).load(id)) ?? [],
  },
  IncidentPhoto: {
    id: ({ county, id }) => toGlobalId("IncidentPhoto", county, id),
    url: photoPath,
    at: ({ createdAt }) => createdAt,
    by: ({ actor }) => actor,
    sealed: ({ sensitive }) => sensitive,
  },
} satisfies Resolvers;
