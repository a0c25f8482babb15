import { notFound } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { countCameras, findCamera, listCameras } from "../../../db/repositories/camera-repository.ts";
import { inCounty, nowIso } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import type { CameraRow } from "../../mappers.ts";
import { organisationById } from "../../services/loaders.ts";
import { connectionResolvers, decodeTextCursor, makePage, pageSize } from "../../services/page.ts";
import { checkBbox, requireCountyOf, requireGlobalId, requireInside, requireRole } from "../../services/require.ts";

export const cameraResolvers = {
  Query: {
    cameras: async (_, { filter, first, after }, context) => {
      const { county } = await requireInside(context, filter.inside, nowIso(context), "camera");
      // Which cameras are out is as much a fact of the device as their status.
      if (filter.statuses) requireRole(context, "camera_device", "filter.statuses");
      const size = pageSize(first);
      const key = decodeTextCursor("cameras", after, 1);
      const conditions = { ...filter, bbox: checkBbox(filter.bbox) };
      const rows = await inCounty(context, county, (tx) => listCameras(tx, county, conditions, key, size + 1));
      return makePage(
        "cameras",
        rows,
        size,
        (row) => [row.deviceCode],
        () => inCounty(context, county, (tx) => countCameras(tx, county, conditions)),
      );
    },
    camera: async (_, { id: text }, context) => {
      const { county, id } = requireGlobalId(text, "Camera");
      await requireCountyOf(context, county, `camera ${text}`);
      const camera = await inCounty(context, county, (tx) => findCamera(tx, county, id));
      if (!camera) throw notFound(`there is no camera ${text}`, { at: "id" });
      return camera;
    },
  },
  Camera: {
    id: ({ county, id }) => toGlobalId("Camera", county, id),
    point: ({ lon, lat }) => [lon, lat],
    owner: ({ county, ownerOrganisationId }, _, context) =>
      ownerOrganisationId === null ? null : organisationById(context, county).load(ownerOrganisationId),
  },
  CameraConnection: connectionResolvers<CameraRow>(),
} satisfies Resolvers;
