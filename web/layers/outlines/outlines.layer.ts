import type { LayerSpecification } from "maplibre-gl";
import type { AreaLevel } from "../../../data/model/codes.ts";
import type { FeatureCollection } from "../../../data/model/geojson.ts";
import type { PolygonRings } from "../../../data/model/geometry.ts";
import { type AreaIndex, closestKnown, depthOf } from "../../map/area-index.ts";
import type { MapPalette } from "../../map/palette.ts";
import { memoLast, type Scene, type StylePart } from "../../map/scene.ts";
import { areaFeatures, collection, feature, NO_FEATURES, styleZoom } from "../feature.ts";

/** Width at scale 1 in pixels, and the zoom from which a level's borders help more than they clutter. */
export const OUTLINES: Readonly<Record<AreaLevel, { readonly width: number; readonly from: number }>> = {
  county: { width: 2.4, from: 0 },
  town: { width: 1.7, from: 0 },
  community: { width: 1.2, from: 9.5 },
  grid: { width: 0.8, from: 11.5 },
  micro: { width: 0.5, from: 12.5 },
};
/** Lower levels first, so that a town's border lies over its grids'. */
const ORDER: readonly AreaLevel[] = ["micro", "grid", "community", "town", "county"];

/** How far the veil reaches beyond the county, degrees: more than any screen shows at the zoom of a county. */
const VEIL_DEGREES = 6;

/** Everything but the area drilled to, as one polygon with the area as its hole. */
const veil = memoLast((index: AreaIndex, code: string): FeatureCollection => {
  const area = closestKnown(index, code);
  const box = area && index.bboxes.get(area.code);
  if (!area || !box || depthOf(area.code) === 0) return NO_FEATURES;
  const [west, south, east, north] = [
    box[0] - VEIL_DEGREES,
    Math.max(-85, box[1] - VEIL_DEGREES),
    box[2] + VEIL_DEGREES,
    Math.min(85, box[3] + VEIL_DEGREES),
  ];
  const polygon: PolygonRings = [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
    ...area.geometry.coordinates.flatMap((rings) => rings.slice(0, 1)),
  ];
  return collection([feature({ type: "Polygon", coordinates: polygon }, {})]);
});

const drilled = memoLast((index: AreaIndex, code: string): FeatureCollection => {
  const area = closestKnown(index, code);
  return area && depthOf(area.code) > 0 ? collection([feature(area.geometry, { code: area.code })]) : NO_FEATURES;
});

const layers = memoLast((palette: MapPalette, scale: number): LayerSpecification[] => [
  {
    id: "veil",
    type: "fill",
    source: "veil",
    paint: {
      "fill-color": palette.void,
      "fill-opacity": palette.theme === "dark" ? 0.62 : 0.55,
      "fill-antialias": false,
    },
  },
  ...ORDER.map(
    (level): LayerSpecification => ({
      id: `outline-${level}`,
      type: "line",
      source: "areas",
      minzoom: styleZoom(OUTLINES[level].from, scale),
      filter: ["==", ["get", "level"], level],
      layout: { "line-join": "round" },
      paint: {
        "line-color": level === "county" || level === "town" ? palette.outlineStrong : palette.outline,
        "line-width": OUTLINES[level].width * scale,
        "line-opacity": level === "county" ? 0.9 : level === "town" ? 0.75 : 1,
      },
    }),
  ),
  {
    id: "outline-hover",
    type: "line",
    source: "areas",
    layout: { "line-join": "round" },
    paint: {
      "line-color": palette.text,
      "line-width": 1.8 * scale,
      "line-opacity": ["case", ["boolean", ["feature-state", "hover"], false], 0.95, 0],
    },
  },
  {
    id: "outline-drilled-glow",
    type: "line",
    source: "drilled",
    layout: { "line-join": "round" },
    paint: { "line-color": palette.accent, "line-width": 9 * scale, "line-opacity": 0.22, "line-blur": 5 * scale },
  },
  {
    id: "outline-drilled",
    type: "line",
    source: "drilled",
    layout: { "line-join": "round" },
    paint: { "line-color": palette.accent, "line-width": 2.2 * scale },
  },
]);

/** Borders by level and zoom, the hovered and the drilled area lit, the rest under a veil. */
export function outlinesStyle(scene: Scene): StylePart {
  return {
    sources: {
      areas: areaFeatures(scene.index),
      veil: veil(scene.index, scene.view.area),
      drilled: drilled(scene.index, scene.view.area),
    },
    layers: layers(scene.palette, scene.scale),
  };
}
