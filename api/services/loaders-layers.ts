import {
  areasOfLayers,
  householdsOfPairs,
  layerAreaGeometries,
  layerAreasById,
  layersById,
  mergesOfLayers,
  pairsOfGrids,
  pairsOfLayerAreas,
} from "../../db/repositories/grid-layer-repository.ts";
import { countyLoader } from "./loaders.ts";

/** Loaders of layers of grids. */
export const layerById = countyLoader("layer", layersById);
export const areasOfLayer = countyLoader("layer-areas", areasOfLayers);
export const layerAreaById = countyLoader("layer-area", layerAreasById);
export const layerAreaGeometry = countyLoader("layer-area-geometry", layerAreaGeometries);
export const pairsOfLayerArea = countyLoader("layer-area-pairs", pairsOfLayerAreas);
export const pairsOfGrid = countyLoader("grid-pairs", pairsOfGrids);
export const householdsOfPair = countyLoader("pair-households", householdsOfPairs);
export const mergesOfLayer = countyLoader("layer-merges", mergesOfLayers);
