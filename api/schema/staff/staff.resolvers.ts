import { toGlobalId } from "../../../data/model/ids.ts";
import { countStaff, listStaff } from "../../../db/repositories/staff-repository.ts";
import { inCounty, nowIso } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import type { StaffRow } from "../../mappers.ts";
import {
  areaCodesOfPost,
  dutyOfArea,
  organisationById,
  phoneOfStaff,
  postOfId,
  postsHeldBy,
  staffOfId,
} from "../../services/loaders.ts";
import { connectionResolvers, decodeTextCursor, makePage, pageSize } from "../../services/page.ts";
import { requireArea, requireInside } from "../../services/require.ts";
import { required } from "../../services/required.ts";

export const staffResolvers = {
  Query: {
    staff: async (_, { inside, kinds, first, after }, context) => {
      const at = nowIso(context);
      const { county } = await requireInside(context, inside, at, "duty", "inside");
      const size = pageSize(first);
      const key = decodeTextCursor("staff", after, 2);
      const filter = { inside, kinds, at };
      const rows = await inCounty(context, county, (tx) => listStaff(tx, county, filter, key, size + 1));
      return makePage(
        "staff",
        rows,
        size,
        (row) => [row.nameSort, row.id],
        () => inCounty(context, county, (tx) => countStaff(tx, county, filter)),
      );
    },
    dutyNow: async (_, { grid, at }, context) => {
      const instant = at ?? nowIso(context);
      const { county } = await requireArea(context, grid, instant, "duty", "grid");
      const assignments = await dutyOfArea(context, county, grid, instant);
      return assignments.filter(({ onDuty }) => onDuty);
    },
  },
  Staff: {
    id: ({ county, id }) => toGlobalId("Staff", county, id),
    organisation: ({ county, organisationId }, _, context) =>
      organisationId === null ? null : organisationById(context, county).load(organisationId),
    workPhone: ({ county, id }, _, context) => phoneOfStaff(context, county).load(id),
    posts: async ({ county, id }, _, context) => (await postsHeldBy(context, county, nowIso(context)).load(id)) ?? [],
  },
  StaffConnection: connectionResolvers<StaffRow>(),
  Post: {
    id: ({ county, id }) => toGlobalId("Post", county, id),
    point: ({ lon, lat }) => [lon, lat],
    areaCodes: async ({ county, id }, _, context) =>
      (await areaCodesOfPost(context, county, nowIso(context)).load(id)) ?? [],
    organisation: ({ county, organisationId }, _, context) =>
      organisationId === null ? null : organisationById(context, county).load(organisationId),
  },
  DutyAssignment: {
    post: async ({ county, postId }, _, context) =>
      required(await postOfId(context, county).load(postId), `post ${postId}`),
    staff: ({ county, staffId }, _, context) => (staffId === null ? null : staffOfId(context, county).load(staffId)),
  },
} satisfies Resolvers;
