import { toGlobalId } from "../../../data/model/ids.ts";
import type { LayerAreaRow } from "../../../db/repositories/grid-layer-repository.ts";
import { nowIso } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import { mergeLayerAreas } from "../../services/grid-layer/merge-layer.ts";
import {
  conflictKey,
  conflictsOfLayer,
  type LayerConflictModel,
  layersOfCounty,
  pageOf,
  requireGridLayer,
  toldHouseholds,
} from "../../services/grid-layer/read-layer.ts";
import { areaById } from "../../services/loaders.ts";
import {
  areasOfLayer,
  layerAreaById,
  layerAreaGeometry,
  layerById,
  mergesOfLayer,
  pairsOfGrid,
  pairsOfLayerArea,
} from "../../services/loaders-layers.ts";
import { connectionResolvers } from "../../services/page.ts";
import { required } from "../../services/required.ts";

export const gridLayerResolvers = {
  Query: {
    gridLayers: (_, { county }, context) => layersOfCounty(context, county),
    gridLayer: (_, { id }, context) => requireGridLayer(context, id),
  },
  Mutation: {
    mergeLayerAreas: (_, { input }, context) => mergeLayerAreas(context, input),
  },
  Area: {
    layerParts: async ({ county, id }, _, context) => [...((await pairsOfGrid(context, county).load(id)) ?? [])],
  },
  GridLayer: {
    id: ({ county, id }) => toGlobalId("GridLayer", county, id),
    areas: async ({ county, id }, { first, after }, context) =>
      pageOf("layer-areas", (await areasOfLayer(context, county).load(id)) ?? [], (area) => area.id, first, after),
    conflicts: async (layer, { first, after }, context) =>
      pageOf("layer-conflicts", await conflictsOfLayer(context, layer), conflictKey, first, after),
    merges: async ({ county, id }, _, context) => (await mergesOfLayer(context, county).load(id)) ?? [],
  },
  LayerAreaConnection: connectionResolvers<LayerAreaRow>(),
  LayerConflictConnection: connectionResolvers<LayerConflictModel>(),
  LayerArea: {
    id: ({ county, id }) => toGlobalId("LayerArea", county, id),
    layer: async ({ county, layerId }, _, context) =>
      required(await layerById(context, county).load(layerId), `layer ${layerId}`),
    areaM2: ({ m2 }) => m2,
    geometry: async ({ county, id }, _, context) =>
      required(await layerAreaGeometry(context, county).load(id), `boundary of ${id}`),
    parts: async ({ county, id }, _, context) => (await pairsOfLayerArea(context, county).load(id)) ?? [],
  },
  LayerPart: {
    layerArea: async ({ county, areaId }, _, context) =>
      required(await layerAreaById(context, county).load(areaId), `grid of a layer ${areaId}`),
    grid: async ({ county, gridId }, _, context) =>
      (await areaById(context, county, nowIso(context)).load(gridId)) ?? null,
    areaM2: ({ m2 }) => m2,
    shareOfLayerArea: async ({ county, areaId, m2 }, _, context) =>
      Math.min(1, m2 / required(await layerAreaById(context, county).load(areaId), `grid of a layer ${areaId}`).m2),
    shareOfGrid: ({ m2, gridM2 }) => Math.min(1, m2 / gridM2),
    households: async (pair, _, context) => (await toldHouseholds(context, pair)).households,
    householdsExact: async (pair, _, context) => (await toldHouseholds(context, pair)).exact,
  },
  LayerConflict: {
    grid: async ({ county, gridId }, _, context) =>
      gridId === null ? null : ((await areaById(context, county, nowIso(context)).load(gridId)) ?? null),
    layerAreas: async ({ county, areaIds }, _, context) =>
      Promise.all(
        areaIds.map(async (id) => required(await layerAreaById(context, county).load(id), `grid of a layer ${id}`)),
      ),
    areaM2: ({ m2 }) => m2,
  },
  LayerMerge: {
    id: ({ county, id }) => toGlobalId("LayerMerge", county, id),
    to: async ({ county, toArea }, _, context) =>
      (await areaById(context, county, nowIso(context)).load(toArea)) ?? null,
  },
} satisfies Resolvers;
