import { readFileSync } from "node:fs";
import { reachesCounty } from "../../../data/policy/viewer.ts";
import { listCounties } from "../../../db/repositories/county-repository.ts";
import { nowIso } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import { asOfCounty } from "../../services/as-of.ts";
import { toldLiveVersion } from "../../services/live-version.ts";
import { areaByCode, classesOf, responsibilityOfArea } from "../../services/loaders.ts";
import { locate } from "../../services/locate.ts";
import { reads, requireCounty } from "../../services/require.ts";

const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
/** Box of a county that has no areas yet: the world. */
const WORLD = [-180, -90, 180, 90];

export const metaResolvers = {
  Query: {
    counties: async (_, __, context) => {
      const rows = await context.database.transaction({ kind: "reviewed", name: "county-list" }, listCounties);
      return rows
        .filter(({ county }) => reachesCounty(context.viewer, county))
        .map((row) => asOfCounty(row, context.nowMs));
    },
    county: (_, { code }, context) => requireCounty(context, code, "code"),
    classCodes: async (_, { county }, context) => {
      if (county != null) await requireCounty(context, county);
      return [...(await classesOf(context, county ?? undefined))];
    },
    locate: (_, { lon, lat, at }, context) => locate(context, lon, lat, at ?? nowIso(context)),
    server: async (_, __, { database, config, nowMs, feed }) => {
      const { form, durability } = await database.describe();
      return {
        version,
        database: form === "native" ? "NATIVE" : "EMBEDDED",
        durability,
        now: new Date(nowMs).toISOString(),
        feedAt: feed.freshAt === null ? null : new Date(feed.freshAt).toISOString(),
        mapReviewNumber: config.mapReviewNumber ?? null,
      };
    },
  },
  County: {
    id: ({ county }) => `County:${county}`,
    code: ({ county }) => county,
    liveVersion: ({ county, liveVersion }, _, context) => toldLiveVersion(context, county, liveVersion),
    bbox: ({ west, south, east, north }) =>
      west === null || south === null || east === null || north === null ? WORLD : [west, south, east, north],
    figures: ({ figures }) => figures.map((figure) => ({ ...figure, atLeast: figure.atLeast ?? false })),
    area: ({ county }, _, context) => areaByCode(context, county, nowIso(context)).load(county),
  },
  Location: {
    responsible: ({ county, area }, _, context) =>
      county && area && reads(context, "duty", area.code)
        ? responsibilityOfArea(context, county.county, area.at).load(area.code)
        : null,
  },
} satisfies Resolvers;
