import type { Feature, FeatureCollection, Geometry } from "../../data/model/geojson.ts";
import type { AreaIndex } from "../map/area-index.ts";
import { memoLast } from "../map/scene.ts";

/** An empty collection that is always the same object, so that a source is not set again. */
export const NO_FEATURES: FeatureCollection = { type: "FeatureCollection", features: [] };

export const collection = (features: readonly Feature[]): FeatureCollection => ({
  type: "FeatureCollection",
  features,
});

export const feature = (geometry: Geometry, properties: Record<string, unknown>): Feature => ({
  type: "Feature",
  geometry,
  properties,
});

/** Polygons of all areas with `code`, `level` and `urban`; shared by the layers that draw areas. */
export const areaFeatures = memoLast(
  (index: AreaIndex): FeatureCollection =>
    collection(
      index.areas.map((area) => feature(area.geometry, { code: area.code, level: area.level, urban: area.urban })),
    ),
);

/** Style zoom of a zoom at scale 1: on a wall with text twice as large everything appears one zoom later. */
export const styleZoom = (zoom: number, scale: number): number => Math.max(0, zoom + Math.log2(scale));
