import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { FeatureCollection } from "../../../data/model/geojson.ts";
import type { AreaIndex } from "../../map/area-index.ts";
import type { MapPalette } from "../../map/palette.ts";
import { memoLast, type Scene, type StylePart } from "../../map/scene.ts";
import { collection, feature, NO_FEATURES, styleZoom } from "../feature.ts";

/** From here on buildings are larger than a dot, and worth fetching. */
export const FOOTPRINTS_FROM_ZOOM = 14.5;

const land = memoLast((index: AreaIndex): FeatureCollection => {
  const counties = index.areas.filter((area) => area.level === "county");
  return collection(counties.map((area) => feature(area.geometry, { code: area.code })));
});

type RoadRank = "arterial" | "collector" | "local";
/** Width in pixels at scale 1 at zooms 10, 13, 16 and 19. */
const ROAD_WIDTHS: Readonly<Record<RoadRank, readonly [number, number, number, number]>> = {
  arterial: [1.2, 2.6, 9, 34],
  collector: [0.5, 1.4, 6, 24],
  local: [0, 0.7, 3.4, 15],
};
const ROAD_FROM_ZOOM: Readonly<Record<RoadRank, number>> = { arterial: 0, collector: 10, local: 12.5 };

const width = (rank: RoadRank, scale: number, extra: number): ExpressionSpecification => {
  const [z10, z13, z16, z19] = ROAD_WIDTHS[rank];
  const at = (zoom: number, px: number) => [styleZoom(zoom, scale), (px + extra) * scale] as const;
  return [
    "interpolate",
    ["exponential", 1.4],
    ["zoom"],
    ...at(10, z10),
    ...at(13, z13),
    ...at(16, z16),
    ...at(19, z19),
  ] as unknown as ExpressionSpecification;
};

const is = (kind: string, ...ranks: string[]): ExpressionSpecification =>
  ranks.length === 0
    ? ["==", ["get", "kind"], kind]
    : ["all", ["==", ["get", "kind"], kind], ["in", ["get", "rank"], ["literal", ranks]]];

const POLYGON: ExpressionSpecification = ["==", ["geometry-type"], "Polygon"];
const LINE: ExpressionSpecification = ["==", ["geometry-type"], "LineString"];

function grounds(palette: MapPalette, scale: number): LayerSpecification[] {
  return [
    { id: "land", type: "fill", source: "land", paint: { "fill-color": palette.land, "fill-antialias": false } },
    {
      id: "fields",
      type: "fill",
      source: "context",
      filter: ["all", POLYGON, is("green", "field")],
      paint: { "fill-color": palette.field },
    },
    {
      id: "parks",
      type: "fill",
      source: "context",
      filter: ["all", POLYGON, is("green", "park")],
      paint: { "fill-color": palette.green },
    },
    {
      id: "water-areas",
      type: "fill",
      source: "context",
      filter: ["all", POLYGON, is("water")],
      paint: { "fill-color": palette.water, "fill-outline-color": palette.waterEdge },
    },
    {
      id: "water-lines",
      type: "line",
      source: "context",
      filter: ["all", LINE, is("water")],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": palette.water,
        "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 9, 1.5 * scale, 13, 4 * scale, 17, 22 * scale],
      },
    },
  ];
}

function roads(palette: MapPalette, scale: number): LayerSpecification[] {
  const ranks: readonly RoadRank[] = ["local", "collector", "arterial"];
  const line = (rank: RoadRank, part: "casing" | "road"): LayerSpecification => ({
    id: `road-${rank}-${part}`,
    type: "line",
    source: "context",
    minzoom: styleZoom(ROAD_FROM_ZOOM[rank], scale),
    filter: is("road", rank),
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": part === "casing" ? palette.road.casing : palette.road[rank],
      "line-width": width(rank, scale, part === "casing" ? 1.6 : 0),
    },
  });
  // All casings under all roads, so that crossings look like crossings.
  return [...ranks.map((rank) => line(rank, "casing")), ...ranks.map((rank) => line(rank, "road"))];
}

function railway(palette: MapPalette, scale: number): LayerSpecification[] {
  return [
    {
      id: "rail",
      type: "line",
      source: "context",
      filter: is("rail"),
      paint: { "line-color": palette.rail, "line-width": 2.4 * scale },
    },
    {
      id: "rail-ties",
      type: "line",
      source: "context",
      filter: is("rail"),
      paint: { "line-color": palette.land, "line-width": 1.1 * scale, "line-dasharray": [6, 6] },
    },
  ];
}

function buildings(palette: MapPalette, scale: number): LayerSpecification[] {
  const minzoom = styleZoom(FOOTPRINTS_FROM_ZOOM, scale);
  return [
    {
      id: "compounds",
      type: "fill",
      source: "compounds",
      minzoom,
      paint: { "fill-color": palette.compound, "fill-outline-color": palette.buildingEdge },
    },
    {
      id: "footprints",
      type: "fill",
      source: "footprints",
      minzoom,
      paint: { "fill-color": palette.building, "fill-outline-color": palette.buildingEdge },
    },
  ];
}

const layers = memoLast((palette: MapPalette, scale: number): LayerSpecification[] => [
  ...grounds(palette, scale),
  ...buildings(palette, scale),
  ...roads(palette, scale),
  ...railway(palette, scale),
]);

/** The look of the place under everything else: subdued, so that data stands out. */
export function contextStyle(scene: Scene): StylePart {
  return {
    sources: {
      land: land(scene.index),
      context: scene.data.context ?? NO_FEATURES,
      compounds: scene.data.compounds ?? NO_FEATURES,
      footprints: scene.data.footprints ?? NO_FEATURES,
    },
    layers: layers(scene.palette, scene.scale),
  };
}
